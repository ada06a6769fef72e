"""What the events of whose case it is, and who follows it, do to a ticket."""

from deskbook.engine import people_events as people
from deskbook.engine.change import change
from deskbook.engine.replacing import replace
from deskbook.engine.ticket import Entry, TicketState


@change.register
def _(event: people.ParticipantAdded, ticket: TicketState, entry: Entry) -> TicketState:
    return replace(_following(ticket, event.contact), outsider_wrote_at=None)


@change.register
def _(event: people.ParticipantRemoved, ticket: TicketState, entry: Entry) -> TicketState:
    return _left(ticket, event.contact)


@change.register
def _(event: people.RequesterChanged, ticket: TicketState, entry: Entry) -> TicketState:
    before = ticket if event.follows else _left(ticket, ticket.requester)
    facets = {facet: value for facet, value in ticket.facets.items() if facet != "plan"}
    return replace(
        _following(before, event.requester),
        requester=event.requester,
        organisation=event.organisation,
        zone=event.zone,
        facets={**facets, "plan": event.plan} if event.plan else facets,
    )


@change.register
def _(event: people.PersonParted, ticket: TicketState, entry: Entry) -> TicketState:
    return replace(
        ticket,
        participants=ticket.participants - set(event.leaving),
        papers=ticket.papers - set(event.papers),
    )


@change.register
def _(event: people.OutsiderWrote, ticket: TicketState, entry: Entry) -> TicketState:
    wrote = ticket.outsiders if ticket.outsider_wrote_at else frozenset[str]()
    return replace(ticket, outsider_wrote_at=entry.at, outsiders=wrote | {entry.by.id})


@change.register
def _(event: people.WroteAside, ticket: TicketState, entry: Entry) -> TicketState:
    # Who writes has read what came from this one; what another wrote still waits.
    waiting = ticket.outsiders - {event.contact}
    waits = ticket.outsider_wrote_at if waiting else None
    return replace(ticket, outsider_wrote_at=waits, outsiders=waiting)


def _following(ticket: TicketState, contact: str) -> TicketState:
    return replace(
        ticket, participants=ticket.participants | {contact}, left=ticket.left - {contact}
    )


def _left(ticket: TicketState, contact: str) -> TicketState:
    return replace(
        ticket, participants=ticket.participants - {contact}, left=ticket.left | {contact}
    )
