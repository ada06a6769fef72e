"""How a case is set aside, what brings it back, what is left of an erased one, and its tags."""

from deskbook.engine import events as happened
from deskbook.engine import ladder_events as ladder
from deskbook.engine.change import change
from deskbook.engine.replacing import replace
from deskbook.engine.snooze_events import (
    Erased,
    LegalHoldLifted,
    LegalHoldPlaced,
    Snoozed,
    SnoozeOver,
    Tagged,
)
from deskbook.engine.ticket import Entry, TicketState
from deskbook.engine.undo_events import Undone

_GOES_ON = (
    happened.Acknowledged,
    happened.Categorised,
    happened.Linked,
    happened.Noted,
    happened.Unlinked,
    ladder.ReminderDue,
    ladder.ReminderSent,
    LegalHoldLifted,
    LegalHoldPlaced,
    Snoozed,
    Tagged,
)
"""What leaves a case set aside. Anything else is somebody's doing, or news."""


@change.register
def _(event: Snoozed, ticket: TicketState, entry: Entry) -> TicketState:
    return replace(ticket, snoozed_at=entry.at, snoozed_until_at=event.until_at)


@change.register
def _(event: SnoozeOver, ticket: TicketState, entry: Entry) -> TicketState:
    return ticket  # as anything that happens, it brings it back: `woken`


@change.register
def _(event: Erased, ticket: TicketState, entry: Entry) -> TicketState:
    return replace(ticket, erased=ticket.erased | {event.what})


@change.register
def _(event: LegalHoldPlaced, ticket: TicketState, entry: Entry) -> TicketState:
    return replace(ticket, legal_hold=True)


@change.register
def _(event: LegalHoldLifted, ticket: TicketState, entry: Entry) -> TicketState:
    return replace(ticket, legal_hold=False)


@change.register
def _(event: Tagged, ticket: TicketState, entry: Entry) -> TicketState:
    return replace(ticket, tags=tuple(sorted({*ticket.tags, *event.put} - {*event.off})))


def woken(ticket: TicketState, entry: Entry) -> TicketState:
    """Returns the ticket with its snooze ended by what happened, and marked as returned where
    nobody of the desk did that, until somebody does something.
    """
    if isinstance(entry.event, Undone):
        return ticket
    by_the_desk = entry.by.kind == "agent"
    if ticket.returned_at and by_the_desk:
        ticket = replace(ticket, returned_at=None)
    if ticket.snoozed_at is None or isinstance(entry.event, _GOES_ON):
        return ticket
    back_at = None if by_the_desk else entry.at
    return replace(ticket, snoozed_at=None, snoozed_until_at=None, returned_at=back_at)
