"""How many automatic mails may leave in an hour. What is over a budget leaves later; nothing is
lost by it.

Counted is what left, not what waits or was held. People at the desk are written to as often as
something happens.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from deskbook.channels.email.models import OutboundMail
from deskbook.people.duty import works_at_a_desk
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
    left = OutboundMail.objects.filter(sent_at__gt=at - HOUR)
    if row.purpose != "answer":
        kind = Q(purpose=ACKNOWLEDGEMENT)
        alike = left.filter(kind if row.purpose == ACKNOWLEDGEMENT else ~kind)
        to_them = alike.filter(recipient=row.recipient).exclude(purpose="answer")
        if not row.released_by and (until_at := _room_at(to_them, MAX_AUTOMATIC_PER_RECIPIENT)):
            return Full(
                until_at,
                kept("budget.recipient", recipient=row.recipient, most=MAX_AUTOMATIC_PER_RECIPIENT),
            )
        most = MAX_ACKNOWLEDGEMENTS_PER_DESK if row.purpose == ACKNOWLEDGEMENT else MAX_PER_DESK
        if until_at := _room_at(alike.filter(desk=row.desk_id), most):
            what = Word("acknowledgements" if row.purpose == ACKNOWLEDGEMENT else "mails")
            return Full(until_at, kept("budget.desk", most=most, what=what))
    if row.ticket_id and (until_at := _room_at(left.filter(ticket=row.ticket_id), MAX_PER_TICKET)):
        return Full(until_at, kept("budget.ticket", most=MAX_PER_TICKET))
    return None


def _room_at(left: QuerySet[OutboundMail], most: int) -> datetime | None:
    """When there is room for one more: an hour after the one that left `most` mails ago; None where
    there is room.
    """
    sent_at = left.order_by("-sent_at").values_list("sent_at", flat=True)[most - 1 : most].first()
    return sent_at + HOUR if sent_at else None
