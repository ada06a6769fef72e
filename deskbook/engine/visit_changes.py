"""What the events of people sent somewhere do to a ticket."""

from typing import Any

from deskbook.engine import visit_events
from deskbook.engine.change import change
from deskbook.engine.replacing import replace
from deskbook.engine.ticket import Entry, TicketState
from deskbook.engine.ticket_parts import SiteVisit, SiteVisitWish, replace_one


@change.register
def _(event: visit_events.SiteVisitAsked, ticket: TicketState, entry: Entry) -> TicketState:
    wish = SiteVisitWish(event.people, event.message, event.wanted_from, event.wanted_until)
    return replace(ticket, site_visit_wish=wish)


@change.register
def _(event: visit_events.SiteVisitDecided, ticket: TicketState, entry: Entry) -> TicketState:
    return replace(ticket, site_visit_approved=event.approved)


@change.register
def _(event: visit_events.SiteVisitDated, ticket: TicketState, entry: Entry) -> TicketState:
    dated = SiteVisit(event.visit, event.from_at, event.until_at, event.people)
    before = next((visit for visit in ticket.site_visits if visit.id == event.visit), None)
    if before is None:
        return replace(ticket, site_visits=(*ticket.site_visits, dated))
    went = dict.fromkeys((*before.left_out, *before.people))
    left_out = tuple(person for person in went if person not in event.people)
    moved = replace(dated, sequence=before.sequence + 1, left_out=left_out)
    return replace(
        ticket, site_visits=tuple(moved if v.id == event.visit else v for v in ticket.site_visits)
    )


@change.register
def _(event: visit_events.SiteVisitAnswered, ticket: TicketState, entry: Entry) -> TicketState:
    return _site_visit(ticket, event.visit, suits=event.suits)


@change.register
def _(event: visit_events.SiteVisitCalledOff, ticket: TicketState, entry: Entry) -> TicketState:
    before = next((visit.sequence for visit in ticket.site_visits if visit.id == event.visit), 0)
    return _site_visit(ticket, event.visit, called_off_at=entry.at, sequence=before + 1)


@change.register
def _(event: visit_events.SiteVisitCarriedOut, ticket: TicketState, entry: Entry) -> TicketState:
    return _site_visit(ticket, event.visit, carried_out_at=entry.at)


@change.register
def _(event: visit_events.SiteVisitReported, ticket: TicketState, entry: Entry) -> TicketState:
    return _site_visit(ticket, event.visit, reported_at=entry.at, attended=event.attended)


def _site_visit(ticket: TicketState, visit: str, **changed: Any) -> TicketState:
    return replace(ticket, site_visits=replace_one(ticket.site_visits, visit, **changed))
