"""Owners and teams."""

from collections.abc import Mapping
from datetime import datetime

from deskbook.engine import events as happened
from deskbook.engine.decision import Decision, hindrance, moved
from deskbook.engine.desk import Desk
from deskbook.engine.events import Event
from deskbook.engine.freeze import sorted_anew
from deskbook.engine.hops import hop_hindrance
from deskbook.engine.quoting import short
from deskbook.engine.routing import facets_of, missing_facets, route
from deskbook.engine.ticket import Actor, TicketState
from deskbook.refusals.refusal import Refusal, Word


def decide_assign(
    desk: Desk, ticket: TicketState, owner: str | None, *, at: datetime, by: Actor
) -> Decision:
    """Returns `Assigned`, and the move the book sets by assignment out of its first stage.

    Adding a person is no arrival: no team clock starts (semantics §3.4). The same owner again
    changes nothing.
    """
    refusal = hindrance(desk, ticket, "assign")
    if refusal:
        return refusal
    if owner == ticket.owner:
        return ()
    stage = desk.stage_set_by("assignment")
    if (
        owner is None
        or stage is None
        or ticket.stage != desk.first_stage.key
        or not moved(stage, ticket)
    ):
        return (happened.Assigned(owner),)
    return (happened.Assigned(owner), happened.StageChanged(stage.key, cause="assignment"))


def decide_take(desk: Desk, ticket: TicketState, *, at: datetime, by: Actor) -> Decision:
    """Returns what assigning to `by` would; refused when somebody else already has it."""
    if ticket.owner not in (None, by.id):
        return Refusal("taken")
    return decide_assign(desk, ticket, by.id, at=at, by=by)


def decide_hand_over(
    desk: Desk,
    ticket: TicketState,
    team: str,
    channel: str | None = None,
    reason: str | None = None,
    *,
    at: datetime,
    by: Actor,
) -> Decision:
    """Returns the arrival at `team` and the release of the owner.

    Refused where it already is, where the book knows no hop there, and by a channel the hop does
    not allow.
    """
    refusal = hindrance(desk, ticket, "hand over")
    if refusal:
        return refusal
    if team not in desk.teams:
        return Refusal("unknown team", team=short(team), known=tuple(desk.teams))
    if team == ticket.team:
        return Refusal("same team", team=desk.teams[team].title)
    refusal = hop_hindrance(desk, ticket.team, team, channel)
    return refusal or arrival(ticket, happened.TeamArrived(team, reason=reason, channel=channel))


def decide_route(desk: Desk, ticket: TicketState, *, at: datetime, by: Actor) -> Decision:
    """Returns the arrival at the team the book's rules name.

    Refused while a facet the rules ask about is missing, naming it, and when no rule matches.
    """
    refusal = hindrance(desk, ticket, "hand over")
    if refusal:
        return refusal
    facets = facets_of(ticket)
    missing = missing_facets(desk, facets)
    if missing:
        return Refusal("not sorted", missing=tuple(missing))
    rule = route(desk, facets)
    if rule is None:
        return Refusal("no rule")
    if rule.to == ticket.team:
        return ()
    return arrival(ticket, happened.TeamArrived(rule.to, rule=rule.line, cause="rule"))


def decide_categorise(
    desk: Desk, ticket: TicketState, facets: Mapping[str, str], *, at: datetime, by: Actor
) -> Decision:
    """Returns `Categorised` with what is new, and that a freeze holds the case now or lets it go;
    refuses values the book does not know, but for one the case has from a book of before.
    """
    refusal = hindrance(desk, ticket, "sort")
    if refusal:
        return refusal
    fresh = {key: value for key, value in facets.items() if ticket.facets.get(key) != value}
    for key, value in fresh.items():
        known = (
            desk.facets[key].values if key in desk.facets else desk.plans if key == "plan" else {}
        )
        if value not in known:
            has = tuple(known) or Word("none")
            return Refusal("unknown value", word=short(key), value=short(value), known=has)
    if not fresh:
        return ()
    frozen = sorted_anew(desk, ticket, {**facets_of(ticket), **fresh}, at=at)
    return (happened.Categorised(fresh), *frozen)


def arrival(ticket: TicketState, arrived: happened.TeamArrived) -> tuple[Event, ...]:
    """Returns the arrival and, since a new team starts without an owner, the release of the old
    one.
    """
    released: tuple[Event, ...] = (
        (happened.Assigned(None, cause="arrival"),) if ticket.owner else ()
    )
    return (arrived, *released)
