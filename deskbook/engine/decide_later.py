"""By when words that are sent later may leave (semantics §6.6)."""

from datetime import datetime

from deskbook.engine.clocks import readings
from deskbook.engine.desk import Desk
from deskbook.engine.ticket import TicketState
from deskbook.engine.wall_time import zone_named
from deskbook.refusals.refusal import Refusal

_MET_BY_WORDS = ("response", "update", "team")


def too_late_to_leave(
    desk: Desk, ticket: TicketState, leaves_at: datetime, *, at: datetime
) -> Refusal | None:
    """Returns why words may not leave at an instant: it has passed, or a clock that they meet would
    have run out by then, whose line of the book is named.
    """
    if leaves_at <= at:
        return Refusal("past: sending")
    met = [one for one in readings(desk, ticket) if one.kind in _MET_BY_WORDS and one.running]
    dated = [one for one in met if one.due_at and one.due_at < leaves_at and not one.recommended]
    first = min(dated, key=lambda one: (one.due_at, one.clock), default=None)
    if first is None or first.due_at is None:
        return None
    line = first.target.line if first.target else None
    return Refusal("sending: due", due=first.due_at.astimezone(zone_named(desk.zone)), line=line)
