"""Legal holds: cases of which nothing is erased, however long the book keeps them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from deskbook.engine.decide_erase import decide_legal_hold
from deskbook.people.models import Agent, HelpDesk
from deskbook.tickets.assignment import store_reason
from deskbook.tickets.log import Recorded, once, perform
from deskbook.tickets.models import LogEntry, Message, Ticket


@dataclass(frozen=True, slots=True)
class Hold:
    """A case under a hold: since when, by whom, and why."""

    ticket: Ticket
    at: datetime
    by: str
    """Nothing where that account is gone."""
    why: str


@once
def place_hold(
    ticket: Ticket, reason: str, *, at: datetime, by: Agent, key: str | None = None
) -> Recorded:
    """Holds a case back from being erased, until the hold is lifted. Raises Refused."""
    why = store_reason(ticket, reason, at=at, by=by)
    return perform(ticket, decide_legal_hold, True, why, at=at, by=by, key=key)


@once
def lift_hold(
    ticket: Ticket, reason: str, *, at: datetime, by: Agent, key: str | None = None
) -> Recorded:
    """Lets a case be erased again when the book says so. Raises Refused."""
    why = store_reason(ticket, reason, at=at, by=by)
    return perform(ticket, decide_legal_hold, False, why, at=at, by=by, key=key)


def held_cases(helpdesk: HelpDesk) -> QuerySet[Ticket]:
    """Returns the cases of a desk under a hold, the newest first."""
    held = Ticket.objects.filter(desk=helpdesk, state__legal_hold=True)
    return held.select_related("desk").order_by("-pk")


def holds_on(tickets: Sequence[Ticket]) -> list[Hold]:
    """Returns the holds on these held cases, in their order."""
    placed = LogEntry.objects.filter(ticket__in=tickets, kind="LegalHoldPlaced")
    newest = {one.ticket_id: one for one in placed.order_by("seq")}
    said = [one.data["reason"] for one in newest.values() if one.data.get("reason")]
    reasons = Message.objects.select_related("author_user").in_bulk(said)
    return [_hold(ticket, newest[ticket.pk], reasons) for ticket in tickets if ticket.pk in newest]


def _hold(ticket: Ticket, placed: LogEntry, reasons: dict[int, Message]) -> Hold:
    reason = reasons.get(int(placed.data.get("reason") or 0))
    by = reason.author_user if reason else None
    return Hold(ticket, placed.at, str(by) if by else "", reason.text if reason else "")
