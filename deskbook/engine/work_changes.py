"""What the events of estimates, booked work, deliveries and choices do to a ticket."""

from deskbook.engine import work_events
from deskbook.engine.change import change
from deskbook.engine.replacing import replace
from deskbook.engine.ticket import Entry, TicketState
from deskbook.engine.ticket_parts import Estimate, LoggedTime, replace_one


@change.register
def _(event: work_events.EstimateOffered, ticket: TicketState, entry: Entry) -> TicketState:
    offered = Estimate(event.estimate, event.minutes, event.cost, entry.at)
    return replace(ticket, estimates=(*ticket.estimates, offered))


@change.register
def _(event: work_events.EstimateSigned, ticket: TicketState, entry: Entry) -> TicketState:
    signed = replace_one(ticket.estimates, event.estimate, signed_at=entry.at)
    return replace(ticket, estimates=signed)


@change.register
def _(event: work_events.EstimateDeclined, ticket: TicketState, entry: Entry) -> TicketState:
    declined = replace_one(ticket.estimates, event.estimate, declined_at=entry.at)
    return replace(ticket, estimates=declined)


@change.register
def _(event: work_events.WorkBooked, ticket: TicketState, entry: Entry) -> TicketState:
    booked = tuple(
        replace(e, booked_minutes=e.booked_minutes + event.minutes) if e.id == event.estimate else e
        for e in ticket.estimates
    )
    return replace(ticket, estimates=booked)


@change.register
def _(event: work_events.TimeLogged, ticket: TicketState, entry: Entry) -> TicketState:
    return replace(ticket, logged=(*ticket.logged, LoggedTime(entry.at, event.minutes)))


@change.register
def _(event: work_events.Delivered, ticket: TicketState, entry: Entry) -> TicketState:
    return replace(ticket, delivered=event.version)


@change.register
def _(event: work_events.DeliveryConfirmed, ticket: TicketState, entry: Entry) -> TicketState:
    return replace(ticket, delivered=None)


@change.register
def _(event: work_events.ChoiceMade, ticket: TicketState, entry: Entry) -> TicketState:
    # As their writing does: they are there, and nothing is awaited of them any more.
    return replace(
        ticket,
        requester_wrote_at=entry.at,
        unanswered_at=ticket.unanswered_at or (entry.at if event.message else None),
        awaited=(),
        awaited_words=None,
        reminder_out_at=None,
        unreachable_at=None,
    )
