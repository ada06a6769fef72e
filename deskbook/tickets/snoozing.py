"""Setting a case aside, and taking it back."""

from datetime import datetime

from deskbook.engine.decide_snooze import decide_end_snooze, decide_snooze
from deskbook.people.models import Agent
from deskbook.tickets.log import Recorded, perform
from deskbook.tickets.models import Ticket


def snooze_ticket(
    ticket: Ticket, until_at: datetime | None, *, at: datetime, by: Agent, key: str | None = None
) -> Recorded:
    """Sets a ticket aside until an instant, or until somebody writes. Raises Refused."""
    return perform(ticket, decide_snooze, until_at, at=at, by=by, key=key)


def end_snooze(ticket: Ticket, *, at: datetime, by: Agent, key: str | None = None) -> Recorded:
    """Takes a ticket back that was set aside."""
    return perform(ticket, decide_end_snooze, at=at, by=by, key=key)
