"""What became of a reminder that fell due: it left for a way that reaches the person, or none does (SEMANTICS §4)."""

from datetime import datetime
from typing import Literal

from deskbook.engine import events as happened
from deskbook.engine import ladder_events as ladder
from deskbook.engine.decide_conversation import stage_the_desk_worked_in
from deskbook.engine.decision import Decision
from deskbook.engine.desk import Desk
from deskbook.engine.events import Event
from deskbook.engine.ticket import Ticket


def decide_reminder_sent(desk: Desk, ticket: Ticket, number: int, due_at: datetime) -> Decision:
    """Returns `ReminderSent` for a reminder that was due at `due_at`.

    It is said also when the ladder was left meanwhile, and moves nothing then: the requester has it all the same.
    """
    return (ladder.ReminderSent(number, due_at, too_late=ticket.reminder_out_at != due_at),)


def decide_cannot_be_reached(
    desk: Desk, ticket: Ticket, due_at: datetime, reason: Literal["no way", "failed"]
) -> Decision:
    """Returns `CannotBeReached` and the move back to the desk; nothing when the ladder was left meanwhile."""
    if ticket.reminder_out_at != due_at:
        return ()
    now, back = desk.stages[ticket.stage], stage_the_desk_worked_in(desk, ticket)
    moved: tuple[Event, ...] = ()
    if now.solved or now.closed:
        moved = (happened.Reopened(back.key, desk.reopening.clocks, cause="cannot be reached"),)
    elif back.key != now.key:
        moved = (happened.StageChanged(back.key, cause="cannot be reached"),)
    return (ladder.CannotBeReached(reason, ticket.reminded), *moved)
