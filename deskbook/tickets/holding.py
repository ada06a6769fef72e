"""Legal holds: cases of which nothing is erased, however long the book keeps them."""

from datetime import datetime

from django.db.models import QuerySet

from deskbook.engine.decide_erase import decide_legal_hold
from deskbook.people.models import Agent, HelpDesk
from deskbook.tickets.assignment import store_reason
from deskbook.tickets.log import Recorded, once, perform
from deskbook.tickets.models import Ticket


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
