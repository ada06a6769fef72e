"""Working due times out anew: what a newer version counts otherwise moves open tickets once, and
their logs say so.
"""

from datetime import datetime
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from django.db import transaction
from structlog import get_logger

from deskbook.engine import events as happened
from deskbook.engine.decision import Decision
from deskbook.engine.desk import Desk
from deskbook.engine.ticket import SYSTEM, TicketState
from deskbook.engine.turn import Turn, turn_of
from deskbook.people.books import desk_at
from deskbook.tickets.anew_models import CountedBy
from deskbook.tickets.log import act, changes_of_queues
from deskbook.tickets.models import QueueChange, Ticket
from deskbook.tickets.state import queues_of, state_of, what_is_due

AT_ONCE = 1_000
FOLLOWED_SINCE = "0039"
"""The first version all of whose starts let people of older merges follow; those until then were
kept by the name of their newest migration, as all were for a while.
"""
_DESKBOOK = Path(__file__).parent.parent
_log = get_logger(__name__)


def work_out_anew(*, at: datetime) -> int:
    """Brings the due time of every open ticket up to this version and returns how many moved.
    Repeatable.
    """
    tickets = (
        Ticket.objects.filter(is_open=True).select_related("desk").defer("search").order_by("pk")
    )
    moved, total = 0, tickets.count()
    for done, ticket in enumerate(tickets.iterator(AT_ONCE)):
        if done % AT_ONCE == 0:
            _log.info("working out due times of open tickets anew", done=done, of=total)
        moved += _moved(ticket, at)
    return moved


def counting() -> str:
    """Returns a mark of all by which due times are counted: the engine, what reads books into it,
    and the calendars of holidays. Versions of Deskbook that have it in common count alike.
    """
    folders = [_DESKBOOK / "engine", _DESKBOOK / "book"]
    files = sorted(file for folder in folders for file in folder.rglob("*.py"))
    digest = sha256(b"".join(file.read_bytes() for file in files))
    digest.update((_DESKBOOK / "tickets" / "state.py").read_bytes())
    return f"holidays {version('holidays')}, {digest.hexdigest()}"


def counted_by() -> str:
    """Returns the mark by which the due times of open tickets were worked out last, to the end;
    empty if they never were.
    """
    return CountedBy.objects.values_list("version", flat=True).first() or ""


def mark_counted(mark: str, *, at: datetime) -> None:
    """Records that the due times of all open tickets are those of this mark."""
    CountedBy.objects.update_or_create(defaults={"version": mark, "at": at}, pk=1)


def _moved(ticket: Ticket, at: datetime) -> bool:
    desk, state = desk_at(ticket.desk_id, ticket.book_version), state_of(ticket)
    _show_turn(ticket, *turn_of(desk, state))
    if what_is_due(desk, state) == (ticket.next_due_at, ticket.next_due_clock):
        return False
    was_at = ticket.next_due_at

    def decide(desk: Desk, state: TicketState) -> Decision:
        return (happened.WorkedOutAnew(was_at, what_is_due(desk, state)[0]),)

    act(ticket.pk, decide, at=at, by=SYSTEM)
    return True


@transaction.atomic
def _show_turn(ticket: Ticket, turn: Turn, waits_since_at: datetime | None) -> None:
    """Whose turn a ticket is is no event: its row says it anew, unless an act has come between."""
    if (ticket.turn, ticket.waits_since_at) == (turn, waits_since_at):
        return
    before = queues_of(ticket)
    ticket.turn, ticket.waits_since_at = turn, waits_since_at
    as_read = Ticket.objects.filter(pk=ticket.pk, seq=ticket.seq)
    if as_read.update(turn=turn, waits_since_at=waits_since_at):
        changes = changes_of_queues(before, queues_of(ticket))
        QueueChange.objects.bulk_create(
            QueueChange(desk_id=ticket.desk_id, queue=queue, change=change)
            for queue, change in changes
        )
