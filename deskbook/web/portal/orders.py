"""What the page of a case shows of its papers, estimates, work, deliveries and how its end was
found.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from deskbook.people.access import later_than, may_sign, may_write_on, reads_since
from deskbook.people.books import desk_at
from deskbook.people.models import Contact
from deskbook.tickets.models import Ticket
from deskbook.tickets.papers import papers_sent
from deskbook.tickets.shapes import Checked
from deskbook.tickets.state import state_of
from deskbook.tickets.work import orders_of
from deskbook.web.portal.rating_form import rating_on_case
from deskbook.web.portal.visit import visit_on_case


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a form of this module was not taken, to be shown beside it."""

    about: str
    sentence: str = ""
    checked: Checked | None = None
    reason: str = ""


def work_context(
    contact: Contact, ticket: Ticket, problem: Problem | None = None
) -> Mapping[str, Any]:
    """Returns what the page of a case shows of papers, estimates, deliveries and of rating
    its end.
    """
    desk, state = desk_at(ticket.desk_id, ticket.book_version), state_of(ticket)
    since = reads_since(contact, ticket)
    ended = desk.stages[state.stage].closed or state.merged_into
    return {
        "papers": papers_sent(ticket, since),
        "may_send": not ended and may_write_on(contact, ticket),
        "orders": [
            order for order in orders_of(ticket) if since is None or order.offered_at >= since
        ],
        "ended": ended,
        "delivered": state.delivered if since is None or _delivered(ticket, since) else None,
        "may_sign": (
            not ended and bool(state.estimates or state.delivered) and may_sign(contact, ticket)
        ),
        "problem": problem or Problem(""),
        "rating": rating_on_case(contact, ticket),
        "visit": visit_on_case(contact, ticket, at=timezone.now()),
    }


def _delivered(ticket: Ticket, since: datetime) -> bool:
    return ticket.log.filter(later_than(since), kind="Delivered").exists()
