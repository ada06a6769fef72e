"""What somebody does by a form: on the console, in the portal. Read, done once, or refused."""

from datetime import datetime
from typing import ClassVar, Generic, TypedDict, TypeVar

from django.http import QueryDict

from deskbook.people.models import Agent, Contact
from deskbook.people.words import Words
from deskbook.tickets.models import Draft
from deskbook.web.shared.forms import Form, saved
from deskbook.web.uploads import Limits, Uploads

By = TypeVar("By", Agent, Contact)


class How(TypedDict, Generic[By]):
    """What every verb takes: when, who, and the key by which a form sent twice is one act."""

    at: datetime
    by: By
    key: str | None


class Doing(Form, Generic[By]):
    """One form of one act, by those who may."""

    key: ClassVar[str] = ""
    address: ClassVar[str] = ""
    """Where it is sent, below the address of what it is done on; else its key."""
    told_in: ClassVar[str] = ""
    """Where its refusal is said when it has no form of its own: in another's, or in a list."""
    takes_files: ClassVar[Limits | None] = None
    uploads: Uploads = Uploads(())
    sent_key: str | None = None
    """The key by which it is done once."""

    def __init__(self, data: QueryDict | None = None, **parts: str) -> None:
        self.parts = parts
        super().__init__(data)
        self.add_fields()

    def add_fields(self) -> None:
        """Adds the fields that the book names."""

    def furnish(self) -> None:
        """Fills in how things stand and what can be chosen, before the form is shown."""

    def perform(self, how: How[By]) -> Words:
        """Does it and returns the sentence that says so. Raises Refused, NotUnderstood.

        One that is done in part says in `refusal` what was done and what was not.
        """
        raise NotImplementedError

    @property
    def draft(self) -> str:
        """Where its files wait while the form is corrected: the name of a draft."""
        raise NotImplementedError

    def clean(self) -> None:
        if self.uploads.error:
            self.add_error("attached", self.uploads.error)

    def id_of(self, name: str) -> str:
        """Returns the id of a field, of which a page has one only."""
        return (
            "-".join((self.key, *self.parts.values(), name)) if self.parts else f"{self.key}-{name}"
        )


def do(form: Doing[By], how: How[By]) -> Words | None:
    """Does what a form says and returns the sentence that says so; None for what it now says of
    itself: what is wrong with its fields, or why it was refused, if only in part.
    """
    form.sent_key = how["key"]

    def performed() -> Words:
        done = form.perform(how)
        if form.takes_files:
            Draft.objects.filter(user=how["by"].user, place=form.draft).delete()
        return done

    done = saved(form, performed)
    return None if form.refusal else done


def part_of(how: How[By], part: str) -> How[By]:
    """Returns the same for a second verb of one act, which is done once by a key of its own."""
    return {**how, "key": f"{how['key']}{part}"[:64] if how["key"] else None}
