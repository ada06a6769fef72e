"""What an act is: one class says all of it, and whoever shows or does acts reads it there.

The class is the form of the act. Each with a key stands in ACTS: its address, its place in the side
panel, its key on the keyboard and its line of the help come from what the class says.
"""

from functools import cache
from typing import ClassVar, TypeAlias

from django.http import HttpRequest, QueryDict
from django.urls import reverse

from deskbook.people import access
from deskbook.people.models import Agent
from deskbook.people.words import Words
from deskbook.tickets.sending_models import Sending
from deskbook.web.acts.doing import Doing
from deskbook.web.acts.doing import How as HowBy
from deskbook.web.acts.subject import Subject
from deskbook.web.typed import key_of

How: TypeAlias = HowBy[Agent]


class Act(Doing[Agent]):
    """Something somebody does. A class below it that has a key stands in registry.ACTS."""

    label: ClassVar[Words] = ""
    """What doing it is called: on its button and in the help of the keyboard."""
    fact: ClassVar[Words] = ""
    """What it changes, as the panel calls it, where that is something else."""
    shortcut: ClassVar[str] = ""
    on: ClassVar[str] = "ticket"
    """The kind of thing it is done on: console/acting.py says how each is reached and shown."""
    who_may: ClassVar[access.Right] = "work on cases"
    template: ClassVar[str] = "console/acts/form.html"
    page: ClassVar[str] = ""
    """The page it is done on, where it is no form in the panel."""
    button: Words = ""
    """What its button says, where that is not its label."""
    second: str = ""
    """The flag that another button sets; its label is what that one says."""
    asks: tuple[str, Words] | None = None
    """The flag that a "yes" to what was wrong with it sets, and what that button says."""
    about: Words = ""
    """What is to be known before it is done."""
    in_sight: ClassVar[bool] = False
    """What it changes stands in the panel even while it is not set."""
    reaches_the_rest: ClassVar[bool] = False
    """Sent again, with other words as well, it reaches only what it did not."""
    goes_on_by: str = ""
    """The client's key of what was done in part: sent again, it reaches only what it did not."""
    on_many: ClassVar[bool] = False
    """It may be done on several cases at once, by one form."""
    many: bool = False
    """The form is for several cases: nothing in it is of one alone."""
    may_be_undone: ClassVar[bool] = False
    """For some seconds, before anybody is told of it."""
    waiting: Sending | None = None
    """What it said, while that has not left and may be undone."""
    is_open: bool = False
    """The form is shown unfolded."""

    def __init__(self, of: Subject, data: QueryDict | None = None, **parts: str) -> None:
        self.of = of
        super().__init__(data, **parts)

    @classmethod
    def offered(cls, of: Subject) -> bool:
        """Whether the panel shows it."""
        return of.goes_on and not cls.told_in

    def stands(self) -> Words:
        """Returns how what it changes stands now."""
        return ""

    @property
    def called(self) -> Words:
        return called_in(type(self), self.of.shown_in[0])

    @property
    def does(self) -> str:
        return label_in(type(self), self.of.shown_in[0])

    @property
    def url(self) -> str:
        if self.on == "ticket" and not self.page and not self.parts:
            return f"{self.of.address}/{self.address or self.key}"
        name = self.page or f"console-{self.key}"
        return reverse(name, args=[str(self.of.ticket), *self.parts.values()])


@cache
def called_in(act: type[Act], _language: str) -> str:
    return str(act.fact or act.label)


@cache
def label_in(act: type[Act], _language: str) -> str:
    return str(act.label)


def client_key(request: HttpRequest, part: str = "", *, alone: bool = False) -> str | None:
    """Returns the key that makes a double submit one act, and other words another. A person's keys
    are theirs alone. `alone`: whatever the words are.
    """
    given = request.POST.get("client_key", "")
    return (
        f"{request.user.pk}:{given[:40] if alone else key_of(request, given)}{part}"[:64]
        if given
        else None
    )
