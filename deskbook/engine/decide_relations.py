"""Merging and linking. A wrong merge can be undone."""

from datetime import datetime

from deskbook.engine import events as happened
from deskbook.engine.decide_conversation import is_the_desks_turn, to_the_desk
from deskbook.engine.decide_people import ladder_anew
from deskbook.engine.decide_site_visit import unfinished_visit
from deskbook.engine.decision import Decision, hindrance
from deskbook.engine.desk import Desk
from deskbook.engine.ticket import Actor, TicketState
from deskbook.engine.wall_time import zone_named
from deskbook.refusals.refusal import Refusal


def decide_merge(
    desk: Desk, ticket: TicketState, into: str, own: str, *, at: datetime, by: Actor
) -> Decision:
    """Returns `Merged` for the ticket that ends; `decide_absorb` is the other half, in the same
    transaction.

    Refused while somebody waits for what would be lost with it: a visit, a promise, an estimate,
    the confirmation of a delivery.
    """
    refusal = hindrance(desk, ticket, "merge") or unfinished_visit(desk, ticket)
    refusal = refusal or _awaited_of(desk, ticket)
    if refusal:
        return refusal
    if into == own:
        return Refusal("merge: itself")
    if ticket.absorbed:
        return Refusal("merge: holds others", held=tuple(sorted(ticket.absorbed)))
    return (happened.Merged(into),)


def decide_absorb(
    desk: Desk,
    ticket: TicketState,
    other: str,
    joining: tuple[str, ...] = (),
    waits: bool = False,
    *,
    at: datetime,
    by: Actor,
) -> Decision:
    """Returns `Absorbed`: those of `joining` who do not take part yet follow from now on. Where the
    other `waits` for the desk, so does this one: it is moved as by its requester's writing, and
    comes back where it was solved or closed.

    Refused ("merge: closed for good") where the book lets it come back no more.
    """
    fresh = tuple(contact for contact in joining if contact not in ticket.participants)
    refusal = hindrance(desk, ticket, "merge")
    if refusal:
        return refusal
    absorbed = happened.Absorbed(other, fresh)
    if not waits or is_the_desks_turn(desk, ticket):
        return (absorbed,)
    back = to_the_desk(desk, ticket, "merge", at=at)
    if isinstance(back, Refusal):
        return Refusal("merge: closed for good", other=other)
    return (absorbed, *back)


def _awaited_of(desk: Desk, ticket: TicketState) -> Refusal | None:
    if desk.stages[ticket.stage].closed:  # closing ended it (semantics §3.3)
        return None
    promised = next((p for p in ticket.promises if p.is_open), None)
    if promised:
        return Refusal("merge: promised", by=promised.due_at.astimezone(zone_named(desk.zone)))
    if any(estimate.is_open for estimate in ticket.estimates):
        return Refusal("merge: estimate")
    return Refusal("merge: delivered", version=ticket.delivered) if ticket.delivered else None


def decide_unmerge(desk: Desk, ticket: TicketState, *, at: datetime, by: Actor) -> Decision:
    """Returns `Unmerged`; its closing ladder begins anew."""
    if not ticket.merged_into:
        return Refusal("merge: not merged")
    return (happened.Unmerged(ticket.merged_into), *ladder_anew(desk, ticket, cause="unmerge"))


def decide_release(
    desk: Desk,
    ticket: TicketState,
    other: str,
    leaving: tuple[str, ...] = (),
    *,
    at: datetime,
    by: Actor,
) -> Decision:
    return (happened.Released(other, leaving),) if other in ticket.absorbed else ()


def decide_link(
    desk: Desk,
    ticket: TicketState,
    other: str,
    own: str,
    relation: str = "related",
    *,
    at: datetime,
    by: Actor,
) -> Decision:
    refusal = hindrance(desk, ticket, "link")
    if refusal:
        return refusal
    if other == own:
        return Refusal("link: itself")
    return () if other in ticket.linked else (happened.Linked(other, relation),)


def decide_unlink(
    desk: Desk, ticket: TicketState, other: str, *, at: datetime, by: Actor
) -> Decision:
    return (happened.Unlinked(other),) if other in ticket.linked else ()
