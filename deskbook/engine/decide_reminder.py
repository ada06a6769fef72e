"""What became of a reminder that fell due: it left for a way that reaches the person, or none does
(semantics §4.5).
"""

from datetime import datetime

from deskbook.engine import closure
from deskbook.engine import events as happened
from deskbook.engine import ladder_events as ladder
from deskbook.engine.decide_conversation import stage_the_desk_worked_in
from deskbook.engine.decision import Decision
from deskbook.engine.desk import Desk
from deskbook.engine.events import Event
from deskbook.engine.ladder_changes import is_last_answer
from deskbook.engine.ticket import TicketState


def decide_reminder_sent(
    desk: Desk, ticket: TicketState, number: int, due_at: datetime, *, repeats: bool = True
) -> Decision:
    """Returns `ReminderSent` for a reminder that was due at `due_at`; where it does not repeat what
    was asked, and that did not arrive, `CannotBeReached` and the move back to the desk as well.

    It is said also when the ladder was left meanwhile, and moves nothing then: the requester has it
    all the same.
    """
    too_late = ticket.reminder_out_at != due_at
    sent = ladder.ReminderSent(number, due_at, too_late=too_late, repeats=repeats)
    knows = repeats or ticket.asked_again or not ticket.not_got
    return (sent,) if knows or too_late else (sent, *given_up(desk, ticket, "not asked"))


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
    desk: Desk, ticket: TicketState, due_at: datetime, reason: ladder.Unreached
) -> Decision:
    """Returns `CannotBeReached` and the move back to the desk; nothing when the ladder was left
    meanwhile.
    """
    return given_up(desk, ticket, reason) if ticket.reminder_out_at == due_at else ()


def decide_delivery_failed(
    desk: Desk, ticket: TicketState, failed: ladder.DeliveryFailed
) -> Decision:
    """Returns `failed`; whoever bounced is not written to because of it.

    Where the requester's silence closes next and no reminder is left to find out that they were not
    told, that they cannot be reached, too: whether their address is dead or the message was given
    up, they do not have it. So it is where reminders arrived that do not repeat what was asked.
    """
    left = closure.steps(desk, ticket)
    if not left or not failed.to_requester:
        return (failed,)
    if ticket.told_at is None:
        return (failed,) if left[0].number else (failed, *given_up(desk, ticket, "failed"))
    untold = is_last_answer(failed, ticket) and not ticket.asked_again
    return (failed, *given_up(desk, ticket, "not asked")) if untold else (failed,)


def given_up(desk: Desk, ticket: TicketState, reason: ladder.Unreached) -> tuple[Event, ...]:
    """Returns `CannotBeReached` and the move back to the desk."""
    now, back = desk.stages[ticket.stage], stage_the_desk_worked_in(desk, ticket)
    moved: tuple[Event, ...] = ()
    if now.solved or now.closed:
        moved = (happened.Reopened(back.key, desk.reopening.clocks, cause="cannot be reached"),)
    elif back.key != now.key:
        moved = (happened.StageChanged(back.key, cause="cannot be reached"),)
    return (ladder.CannotBeReached(reason, ticket.reminded), *moved)
