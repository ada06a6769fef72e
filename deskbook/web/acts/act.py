"""What an act is: one class says all of it, and whoever shows or does acts reads it there.

The class is the form of the act. Each with a key stands in ACTS: its address, its place in the side
panel, its key on the keyboard and its line of the help come from what the class says.
"""

from datetime import datetime
from typing import ClassVar, TypedDict

from django.http import HttpRequest, QueryDict
from django.urls import reverse

from deskbook.people import access
from deskbook.people.models import Agent
from deskbook.web.acts.subject import Subject
from deskbook.web.shared.fields import Words
from deskbook.web.shared.forms import Form
from deskbook.web.uploads import Limits, Uploads


class How(TypedDict):
    """What every verb takes: when, who, and the key by which a form sent twice is one act."""

    at: datetime
    by: Agent
    key: str | None


def part_of(how: How, part: str) -> How:
    """Returns the same for a second verb of one act, which is done once by a key of its own."""
    return {**how, "key": f"{how['key']}{part}"[:64] if how["key"] else None}


class Act(Form):
    """Something somebody does. A class below it that has a key stands in registry.ACTS."""

    key: ClassVar[str] = ""
    label: ClassVar[Words] = ""
    """What doing it is called: on its button and in the help of the keyboard."""
    fact: ClassVar[Words] = ""
    """What it changes, as the panel calls it, where that is something else."""
    shortcut: ClassVar[str] = ""
    on: ClassVar[str] = "ticket"
    """The kind of thing it is done on: console/acting.py says how each is reached and shown."""
    address: ClassVar[str] = ""
    """Where it is sent, below the address of what it is done on; else its key."""
    who_may: ClassVar[access.Act] = "work on cases"
    template: ClassVar[str] = "console/acts/form.html"
    page: ClassVar[str] = ""
    """The page it is done on, where it is no form in the panel."""
    told_in: ClassVar[str] = ""
    """Where its refusal is said when it has no form of its own: in another's, or in a list."""
    takes_files: ClassVar[Limits | None] = None
    button: Words = ""
    """What its button says, where that is not its label."""
    second: str = ""
    """The flag that another button sets; its label is what that one says."""
    about: Words = ""
    """What is to be known before it is done."""
    is_open: bool = False
    """The form is shown unfolded."""
    uploads: Uploads = Uploads(())

    def __init__(self, of: Subject, data: QueryDict | None = None, **parts: str) -> None:
        self.of, self.parts = of, parts
        super().__init__(data)
        self.add_fields()

    @classmethod
    def offered(cls, of: Subject) -> bool:
        """Whether the panel shows it."""
        return of.goes_on and not cls.told_in

    def add_fields(self) -> None:
        """Adds the fields that the book names."""

    def furnish(self) -> None:
        """Fills in how things stand and what can be chosen, before the form is shown."""

    def perform(self, how: How) -> Words:
        """Does it and returns the sentence that says so. Raises Refused, NotUnderstood."""
        raise NotImplementedError

    def stands(self) -> Words:
        """Returns how what it changes stands now."""
        return ""

    @property
    def draft(self) -> str:
        """Where its files wait while the form is corrected: the name of a draft."""
        raise NotImplementedError

    def clean(self) -> None:
        if self.uploads.error:
            self.add_error("attached", self.uploads.error)

    @property
    def called(self) -> Words:
        return self.fact or self.label

    @property
    def url(self) -> str:
        return reverse(
            self.page or f"console-{self.key}", args=[str(self.of.ticket), *self.parts.values()]
        )

    def id_of(self, name: str) -> str:
        """Returns the id of a field, of which a page has one only."""
        return "-".join((self.key, *self.parts.values(), name))


def client_key(request: HttpRequest, part: str = "") -> str | None:
    """Returns the key that makes a double submit one act. A person's keys are theirs alone."""
    given = request.POST.get("client_key", "")
    return f"{request.user.pk}:{given[:40]}{part}"[:64] if given else None
