"""Working due times out anew: what a newer version counts otherwise moves open tickets once, and
their logs say so.
"""

from datetime import datetime

from deskbook.engine import events as happened
from deskbook.engine.decision import Decision
from deskbook.engine.desk import Desk
from deskbook.engine.ticket import SYSTEM, TicketState
from deskbook.people.books import desk_at
from deskbook.tickets.anew_models import CountedBy
from deskbook.tickets.log import act
from deskbook.tickets.models import Ticket
from deskbook.tickets.state import state_of, what_is_due

AT_ONCE = 1_000


def work_out_anew(*, at: datetime) -> int:
    """Brings the due time of every open ticket up to this version and returns how many moved.
    Repeatable.
    """
    tickets = (
        Ticket.objects.filter(is_open=True).select_related("desk").defer("search").order_by("pk")
    )
    return sum(_moved(ticket, at) for ticket in tickets.iterator(AT_ONCE))


def was_counted_by(version: str) -> bool:
    """Whether the due times of open tickets were worked out to the end by this version, and by none
    since.
    """
    return CountedBy.objects.filter(version=version).exists()


def mark_counted(version: str, *, at: datetime) -> None:
    """Records that the due times of all open tickets are those of this version."""
    CountedBy.objects.update_or_create(defaults={"version": version, "at": at}, pk=1)


def _moved(ticket: Ticket, at: datetime) -> bool:
    desk, state = desk_at(ticket.desk_id, ticket.book_version), state_of(ticket)
    if what_is_due(desk, state) == (ticket.next_due_at, ticket.next_due_clock):
        return False
    was_at = ticket.next_due_at

    def decide(desk: Desk, state: TicketState) -> Decision:
        return (happened.WorkedOutAnew(was_at, what_is_due(desk, state)[0]),)

    act(ticket.pk, decide, at=at, by=SYSTEM)
    return True
