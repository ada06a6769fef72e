"""Whose case it is, and who follows it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from deskbook.engine import events as happened
from deskbook.engine import people_events as people
from deskbook.engine.decision import Decision, hindrance
from deskbook.engine.desk import Desk
from deskbook.engine.events import Event
from deskbook.engine.freeze import sorted_anew
from deskbook.engine.quoting import short
from deskbook.engine.routing import facets_of
from deskbook.engine.ticket import Actor, TicketState
from deskbook.refusals.refusal import Refusal, Word


@dataclass(frozen=True, slots=True)
class Requester:
    """What the book has to know of somebody whose case it is. Ids are opaque to the engine."""

    id: str
    organisation: str | None = None
    zone: str | None = None
    plan: str | None = None


def decide_add_participant(
    desk: Desk, ticket: TicketState, contact: str, *, at: datetime, by: Actor
) -> Decision:
    """Returns `ParticipantAdded`; nothing for who left and is only copied in by somebody: the desk
    brings them back.
    """
    if ticket.merged_into:
        return hindrance(desk, ticket, "follow") or ()
    copied_in = by.kind == "contact" and by.id != contact
    if contact in ticket.participants or (copied_in and contact in ticket.left):
        return ()
    return (people.ParticipantAdded(contact),)


def decide_remove_participant(
    desk: Desk, ticket: TicketState, contacts: Collection[str], *, at: datetime, by: Actor
) -> Decision:
    """Returns `ParticipantRemoved` for each of the contacts that are one person. Refused for the
    requester.
    """
    if ticket.requester in contacts:
        return Refusal("requester")
    return tuple(people.ParticipantRemoved(one) for one in contacts)


def decide_accept_sender(
    desk: Desk,
    ticket: TicketState,
    message: str,
    finding: str,
    followers: Sequence[str],
    *,
    at: datetime,
    by: Actor,
) -> Decision:
    """Returns `SenderAccepted`, and whom the accepted mail lets follow."""
    new = (one for one in dict.fromkeys(followers) if one not in ticket.participants | ticket.left)
    return (
        people.SenderAccepted(message, finding),
        *(people.ParticipantAdded(one) for one in new),
    )


def decide_change_requester(
    desk: Desk, ticket: TicketState, to: Requester, follows: bool, *, at: datetime, by: Actor
) -> Decision:
    """Returns `RequesterChanged`, and what follows by the book: a ladder begins anew, a freeze may
    hold the case now, or hold it no more.

    Plan, organisation and zone are the new requester's from now on, and so is every clock and
    target that asks about them. Refused for a plan the book does not know.
    """
    refusal = hindrance(desk, ticket, "change the requester")
    if refusal:
        return refusal
    if to.id == ticket.requester:
        return ()
    if to.plan and to.plan not in desk.plans:
        known = tuple(desk.plans) or Word("none")
        return Refusal("unknown value", word=Word("plan"), value=short(to.plan), known=known)
    given = _given(desk, ticket, to, follows)
    facets = {facet: value for facet, value in facets_of(ticket).items() if facet != "plan"}
    facets |= {"plan": to.plan} if to.plan else {}
    return (*given, *sorted_anew(desk, ticket, facets, at=at))


def decide_give_back(
    desk: Desk, ticket: TicketState, to: Requester, follows: bool, *, at: datetime, by: Actor
) -> Decision:
    """Returns `RequesterChanged` for a case that was never the other's, however it stands: closed,
    or merged.

    A plan the book does not know is left out: whose case it is, is true without it.
    """
    known = to if to.plan in desk.plans else replace(to, plan=None)
    return () if to.id == ticket.requester else _given(desk, ticket, known, follows)


def decide_part(
    desk: Desk,
    ticket: TicketState,
    contact: str,
    leaving: Sequence[str],
    papers: Sequence[str] = (),
    *,
    at: datetime,
    by: Actor,
) -> Decision:
    """Returns `PersonParted`: whoever the contact brought along follows no more, and the papers
    that they sent are missing again.
    """
    gone = tuple(one for one in leaving if one in ticket.participants)
    missing = tuple(one for one in papers if one in ticket.papers)
    return (people.PersonParted(contact, gone, missing),)


def _given(desk: Desk, ticket: TicketState, to: Requester, follows: bool) -> tuple[Event, ...]:
    changed = people.RequesterChanged(to.id, to.organisation, to.zone, to.plan, follows)
    return (changed, *ladder_anew(desk, ticket, cause="requester changed"))


def ladder_anew(desk: Desk, ticket: TicketState, *, cause: str) -> tuple[Event, ...]:
    """Returns that a stage with a closing ladder is entered anew (semantics §4.6): nobody is closed
    for silence who was not told, whatever was reminded of before; and who answered on the case
    theirs was merged into was not silent.
    """
    if desk.stages[ticket.stage].ladder is None:
        return ()
    return (happened.StageChanged(ticket.stage, cause=cause),)
