"""How the events of a closing ladder, and the failures that it minds, change a ticket."""

from deskbook.engine import ladder_events as ladder
from deskbook.engine.change import change
from deskbook.engine.replacing import replace
from deskbook.engine.ticket import Entry, TicketState


@change.register
def _(
    event: ladder.ReminderDue | ladder.ReminderCameBack, ticket: TicketState, entry: Entry
) -> TicketState:
    is_out = isinstance(event, ladder.ReminderCameBack) or event.told
    return replace(
        ticket,
        reminded=event.number,
        reminder_out_at=event.due_at if is_out else None,
        asked_again=ticket.asked_again and isinstance(event, ladder.ReminderDue),
    )


@change.register
def _(event: ladder.ReminderSent, ticket: TicketState, entry: Entry) -> TicketState:
    if event.too_late:
        return ticket
    if ticket.reminder_out_at is None:
        # An entry of before `ReminderDue`: it says that the step was taken.
        return replace(ticket, reminded=event.number)
    return replace(
        ticket,
        reminder_out_at=None,
        told_at=entry.at,
        asked_again=event.repeats or ticket.asked_again,
    )


@change.register
def _(event: ladder.CannotBeReached, ticket: TicketState, entry: Entry) -> TicketState:
    return replace(ticket, reminder_out_at=None, unreachable_at=entry.at)


@change.register
def _(event: ladder.DeliveryFailed, ticket: TicketState, entry: Entry) -> TicketState:
    failed = {event.message} if event.to_requester and is_last_answer(event, ticket) else set()
    return replace(ticket, not_got=ticket.not_got | failed)


def is_last_answer(failed: ladder.DeliveryFailed, ticket: TicketState) -> bool:
    """Whether it is what the desk said last, and not an earlier answer or a letter of the desk's
    own accord.
    """
    return bool(failed.message) and ticket.last_answer in (None, failed.message)
