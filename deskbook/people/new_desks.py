"""A desk begun by the owner of another: its book from the shelf, itself empty."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from deskbook.book.shelf import key_of, ones_own
from deskbook.people.agents import invite_agent
from deskbook.people.books import apply_book
from deskbook.people.models import Agent, HelpDesk
from deskbook.refusals.refusal import Refused


@dataclass(frozen=True, slots=True)
class NewDesk:
    """What its owner says of it before it is there."""

    name: str
    mail: str
    zone: str
    book: str
    """Which of the shelf it begins with."""
    prefix: str = ""
    """What its tickets are called by; empty: by its name."""


@transaction.atomic
def begin_desk(new: NewDesk, *, at: datetime, by: Agent) -> Agent:
    """Makes a desk with its first book and returns who leads it: `by`, as the owner. Raises Refused
    where a desk is called so, and `BookRefused` where another has its prefix or mail address.
    """
    key = key_of(new.name)
    if HelpDesk.objects.filter(key=key).exists():
        raise Refused("desk: there already", name=new.name, key=key)
    text = ones_own(new.book, new.name, new.mail, new.zone, new.prefix)
    desk = apply_book(key, text, at=at, by=by.user)
    return invite_agent(desk, by.user.email, role=Agent.Role.OWNER)
