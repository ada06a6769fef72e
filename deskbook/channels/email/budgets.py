"""How many automatic mails may leave in an hour. What is over a budget leaves later; nothing is
lost by it.

Counted is what left, not what waits or was held. People at the desk are written to as often as
something happens.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from django.db.models import Q

from deskbook.channels.email.models import OutboundMail
from deskbook.people.duty import works_at_a_desk
from deskbook.people.prepared import Prepared
from deskbook.refusals.kept import kept
from deskbook.refusals.refusal import Word

MAX_AUTOMATIC_PER_RECIPIENT = 10
MAX_PER_TICKET = 60
MAX_PER_DESK = 3_000
"""Mails in an hour: automatic ones to one recipient, all of one ticket, all of one desk: what
strangers make one desk write holds no reminder of another.
"""
MAX_ACKNOWLEDGEMENTS_PER_DESK = 1_000
"""Anybody makes the desk acknowledge: those count by themselves, to one recipient too, and hold
nothing else.
"""
WAITS_AT_MOST = timedelta(days=1)
"""What finds no room in a budget for so long is looked at by a person: it may be a loop."""
HOUR = timedelta(hours=1)
ACKNOWLEDGEMENT = "acknowledgement"
ASIDE = "aside"
BY_A_PERSON = ("answer", ASIDE)
"""Purposes of letters in which somebody of the desk says something themselves."""
AFTER_ALL_ELSE = -10
"""Priority of what is sent in bulk, or because anybody wrote: a code or an answer does not wait
behind it.
"""


@dataclass(frozen=True, slots=True)
class Full:
    """A budget that is used up, with the instant at which it has room again."""

    until_at: datetime
    reason: str


def full_budget(row: OutboundMail, *, at: datetime) -> Full | None:
    """Returns the budget that keeps a mail from leaving at `at`; None for one that may leave."""
    if works_at_a_desk(row.recipient):
        return None
    since = at - HOUR
    if row.purpose not in BY_A_PERSON:
        bulk = row.purpose == ACKNOWLEDGEMENT
        to_one = _left(MAX_AUTOMATIC_PER_RECIPIENT, "recipient", acknowledge=bulk)
        if not row.released_by and (until_at := _room_at(to_one, since=since, of=row.recipient)):
            return Full(
                until_at,
                kept("budget.recipient", recipient=row.recipient, most=MAX_AUTOMATIC_PER_RECIPIENT),
            )
        most = MAX_ACKNOWLEDGEMENTS_PER_DESK if bulk else MAX_PER_DESK
        of_desk = _left(most, "desk", acknowledge=bulk)
        if until_at := _room_at(of_desk, since=since, of=row.desk_id):
            what = Word("acknowledgements" if bulk else "mails")
            return Full(until_at, kept("budget.desk", most=most, what=what))
    of_ticket = _left(MAX_PER_TICKET, "ticket")
    if row.ticket_id and (until_at := _room_at(of_ticket, since=since, of=row.ticket_id)):
        return Full(until_at, kept("budget.ticket", most=MAX_PER_TICKET))
    return None


def _room_at(left: Prepared[OutboundMail], *, since: datetime, of: object) -> datetime | None:
    """When there is room for one more: an hour after the one that left so many mails ago; None
    where there is room.
    """
    found = left.columns(since=since, of=of)
    return found[0][0] + HOUR if found else None


@cache
def _left(most: int, by: str, *, acknowledge: bool | None = None) -> Prepared[OutboundMail]:
    """When the mail left since then that is `most` mails ago: of one recipient, desk or ticket
    (`by`); None counts all, else acknowledgements count by themselves.
    """
    like = Q() if acknowledge is None else Q(purpose=ACKNOWLEDGEMENT)
    like = ~like if acknowledge is False else like
    if by == "recipient":
        like &= ~Q(purpose__in=BY_A_PERSON)
    return Prepared(
        lambda since, of: (
            OutboundMail.objects.filter(like, Q((by, of)), sent_at__gt=since)
            .order_by("-sent_at")
            .values_list("sent_at")[most - 1 : most]
        ),
        "since",
        "of",
    )
