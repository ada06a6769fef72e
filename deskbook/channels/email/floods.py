"""More mails than an honest sender writes: each is kept until somebody lets them in."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.db.models.expressions import Combinable

from deskbook.channels.email.mail import Unparsable
from deskbook.people.contacts import address_of
from deskbook.people.merging import is_person, same_person
from deskbook.people.models import Contact
from deskbook.people.prepared import Prepared, among
from deskbook.refusals.kept import kept
from deskbook.tickets.models import Message, Ticket
from deskbook.tickets.senders import IS_UNPROVEN

MAX_PER_HOUR = 20
"""Mails of one sender on one ticket before they are held: a loop no header gave away."""
MAX_OF_ALL_PER_HOUR = 60
"""Mails on one ticket, whoever sent them but its requester: who can take on one name can take on
many.
"""
MAX_CASES_PER_HOUR = 20
"""New cases of one sender in an hour: nobody types more."""
MAX_CASES_OF_THE_KNOWN = 300
"""Of a sender whose organisation the desk knows: its monitoring may have a bad day."""
_WRITTEN = (Message.Kind.REQUEST, Message.Kind.ANSWER, Message.Kind.NOTE)
_PROVEN = Q(unproven="")


class TooMany(Unparsable):
    """More mails of one sender than an honest one writes; each is kept until somebody lets
    them in.
    """

    def __init__(self, why: str, sender: str) -> None:
        super().__init__(why)
        self.sender = sender


def stop_a_flood(
    ticket: Ticket | None, sender: Contact, at: datetime, *, unproven: bool, outsider: bool
) -> None:
    """Raises TooMany for what is more than an honest sender writes in an hour: on one case, or in
    new ones.

    Proven mail and `unproven` are counted apart: what others send in somebody's name holds up none
    of their own. Nor do others hold up the requester at all, or who takes no part (`outsider`)
    anybody who does.
    """
    if ticket is not None:
        address = address_of(sender) or str(sender)
        like = ~_PROVEN if unproven else _PROVEN if outsider else _PROVEN & Q(outsider=False)
        if unproven or outsider or not is_person(sender, ticket.requester_id):
            stop_a_flood_of_all(ticket, address, at, like=like)
        stop_a_flood_of_one(ticket, Q(author_contact=sender), address, at, like=like)
        return
    opened = _OPENED_UNPROVEN if unproven else _OPENED
    recent = len(opened.columns(people=same_person(sender), since=at - timedelta(hours=1)))
    if recent >= (MAX_CASES_PER_HOUR if sender.organisation_id is None else MAX_CASES_OF_THE_KNOWN):
        address = address_of(sender) or str(sender)
        raise TooMany(kept("flood.cases", sender=address, count=recent), address)


def _opened(of: Combinable) -> Prepared[Ticket]:
    def question(people: object, since: object) -> QuerySet[Ticket, tuple[int]]:
        theirs = Ticket.objects.filter(among("deskbook_ticket.requester_id", people), of)
        return theirs.filter(opened_at__gt=since).values_list("pk")

    return Prepared(question, "people", "since")


_OPENED, _OPENED_UNPROVEN = _opened(~IS_UNPROVEN), _opened(IS_UNPROVEN)


def stop_a_flood_of_all(
    ticket: Ticket, address: str, at: datetime, *, like: Q | None = None
) -> None:
    """Raises TooMany for what is more on one case than people write in an hour, whoever they are;
    `address` is what this one claims to write from. All that mail brought counts, notes too, or of
    it what is `like` this one.
    """
    count = _by_mail(ticket, at, like).count()
    if count >= MAX_OF_ALL_PER_HOUR:
        raise TooMany(kept("flood.all", count=count, ticket=str(ticket)), address)


def stop_a_flood_of_one(
    ticket: Ticket, theirs: Q, address: str, at: datetime, *, like: Q | None = None
) -> None:
    """Raises TooMany for what is more on one case than one sender writes in an hour; `theirs` tells
    their messages.
    """
    count = _by_mail(ticket, at, like).filter(theirs).count()
    if count >= MAX_PER_HOUR:
        raise TooMany(kept("flood.mails", sender=address, count=count, ticket=str(ticket)), address)


def _by_mail(ticket: Ticket, at: datetime, like: Q | None) -> QuerySet[Message]:
    lately = Message.objects.filter(
        ticket=ticket, channel="email", kind__in=_WRITTEN, at__gt=at - timedelta(hours=1)
    )
    return lately.filter(like or Q())
