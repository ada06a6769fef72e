"""What became of a reminder that fell due: it left for a way that reaches the person, or none does
(semantics §4.5).
"""

from datetime import datetime
from typing import Literal

from deskbook.engine import closure
from deskbook.engine import events as happened
from deskbook.engine import ladder_events as ladder
from deskbook.engine.decide_conversation import stage_the_desk_worked_in
from deskbook.engine.decision import Decision
from deskbook.engine.desk import Desk
from deskbook.engine.events import Event
from deskbook.engine.ticket import TicketState


def decide_reminder_sent(
    desk: Desk, ticket: TicketState, number: int, due_at: datetime
) -> Decision:
    """Returns `ReminderSent` for a reminder that was due at `due_at`.

    It is said also when the ladder was left meanwhile, and moves nothing then: the requester has it
    all the same.
    """
    return (ladder.ReminderSent(number, due_at, too_late=ticket.reminder_out_at != due_at),)


def decide_reminder_came_back(
    desk: Desk, ticket: TicketState, number: int, due_at: datetime
) -> Decision:
    """Returns `ReminderCameBack` for the last reminder of the present stay; nothing where its
    ladder went on or ended.

    One that is still on its way has not counted yet.
    """
    counted = ticket.told_at is not None and ticket.reminder_out_at is None
    is_last = number == ticket.reminded and due_at > ticket.stage_entered_at
    return (
        (ladder.ReminderCameBack(number, due_at),)
        if counted and is_last and not closure.answered(ticket)
        else ()
    )


def decide_cannot_be_reached(
    desk: Desk, ticket: TicketState, due_at: datetime, reason: Literal["no way", "failed"]
) -> Decision:
    """Returns `CannotBeReached` and the move back to the desk; nothing when the ladder was left
    meanwhile.
    """
    return given_up(desk, ticket, reason) if ticket.reminder_out_at == due_at else ()


def decide_delivery_failed(
    desk: Desk, ticket: TicketState, failed: happened.DeliveryFailed
) -> Decision:
    """Returns `failed`; whoever bounced is not written to because of it.

    Where the requester's silence closes next and no reminder is left to find out that they were not
    told, that they cannot be reached, too: whether their address is dead or the message was given
    up, they do not have it.
    """
    left = closure.steps(desk, ticket)
    closes_untold = bool(left) and left[0].number is None and ticket.told_at is None
    return (
        (failed, *given_up(desk, ticket, "failed"))
        if failed.to_requester and closes_untold
        else (failed,)
    )


def given_up(
    desk: Desk, ticket: TicketState, reason: Literal["no way", "failed"]
) -> tuple[Event, ...]:
    """Returns `CannotBeReached` and the move back to the desk."""
    now, back = desk.stages[ticket.stage], stage_the_desk_worked_in(desk, ticket)
    moved: tuple[Event, ...] = ()
    if now.solved or now.closed:
        moved = (happened.Reopened(back.key, desk.reopening.clocks, cause="cannot be reached"),)
    elif back.key != now.key:
        moved = (happened.StageChanged(back.key, cause="cannot be reached"),)
    return (ladder.CannotBeReached(reason, ticket.reminded), *moved)
