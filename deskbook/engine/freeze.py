"""Freezes: changes are taken in, held and dated; they come back by themselves (semantics §5.6)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from deskbook.engine import events as happened
from deskbook.engine.closure import answered
from deskbook.engine.desk import Desk, Freeze, Stage
from deskbook.engine.events import Event
from deskbook.engine.routing import facets_of, matches
from deskbook.engine.ticket import TicketState


def freeze_for(desk: Desk, facets: Mapping[str, str], *, at: datetime) -> Freeze | None:
    """Returns the freeze that holds a case of this sort at `at`."""
    return next(
        (f for f in desk.freezes if f.from_at <= at < f.until_at and matches(f.when, facets)), None
    )


def holding(desk: Desk, facets: Mapping[str, str], *, at: datetime) -> tuple[Event, ...]:
    """Returns what happens to a case a freeze catches: it is held, dated, and moved to the book's
    stage for it.
    """
    freeze = freeze_for(desk, facets, at=at)
    if freeze is None:
        return ()
    stage = desk.stage_set_by("freeze")
    moved: tuple[Event, ...] = (happened.StageChanged(stage.key, cause="freeze"),) if stage else ()
    return (happened.Held(freeze.key, freeze.pick_up_at), *moved)


def sorted_anew(
    desk: Desk, ticket: TicketState, facets: Mapping[str, str], *, at: datetime
) -> tuple[Event, ...]:
    """Returns what a freeze makes of a case that is of another sort now: an open, unsolved one is
    held or let go.
    """
    stage = desk.stages[ticket.stage]
    if stage.solved or stage.closed or ticket.merged_into:
        return ()
    if ticket.held_by:
        return held_anew(desk, ticket, facets, at=at)
    return holding(desk, facets, at=at)


def held_anew(
    desk: Desk, ticket: TicketState, facets: Mapping[str, str], *, at: datetime
) -> tuple[Event, ...]:
    """Returns what becomes of a held case of this sort under this book: it is let go, or held until
    another day.
    """
    freeze = _holds_still(desk, ticket, facets, at)
    if freeze is None:
        return picking_up(desk, ticket, cause="not held any more")
    if (freeze.key, freeze.pick_up_at) == (ticket.held_by, ticket.pick_up_at):
        return ()
    return (happened.Held(freeze.key, freeze.pick_up_at),)


def _holds_still(
    desk: Desk, ticket: TicketState, facets: Mapping[str, str], at: datetime
) -> Freeze | None:
    # Its own freeze keeps it after the last day too, until the day it is picked up.
    own = (f for f in desk.freezes if f.key == ticket.held_by and f.from_at <= at < f.pick_up_at)
    return next((f for f in own if matches(f.when, facets)), None) or freeze_for(
        desk, facets, at=at
    )


def picking_up(
    desk: Desk, ticket: TicketState, *, cause: Literal["over", "not held any more"] = "over"
) -> tuple[Event, ...]:
    """Returns that a held case comes back to where it was: its day has come, or no freeze holds it
    any more.
    """
    back: tuple[Event, ...] = ()
    if _is_held_in(desk.stages[ticket.stage]):
        back = (happened.StageChanged(stage_before(desk, ticket).key, cause="freeze"),)
    return (happened.PickedUp(ticket.held_by or "", cause), *back)


def stage_before(desk: Desk, ticket: TicketState) -> Stage:
    """Returns where a held case was and comes back to. One whose requester wrote meanwhile waits
    for them no more.
    """
    stays = (desk.stages[stay.stage] for stay in reversed(ticket.stays))
    open_to = (s for s in stays if not (_is_held_in(s) or s.solved or s.closed))
    wrote = answered(ticket)
    return next((s for s in open_to if not (wrote and s.next == "requester")), desk.first_stage)


def _is_held_in(stage: Stage) -> bool:
    return "freeze" in stage.set_by


def hands_over(desk: Desk, ticket: TicketState) -> Freeze | None:
    """Returns the freeze at whose end this unsolved case goes to another team, if it has not gone
    yet.
    """
    stage = desk.stages[ticket.stage]
    if stage.closed or stage.solved or ticket.merged_into:
        return None
    for freeze in desk.freezes:
        went = any(visit.arrived_at >= freeze.until_at for visit in ticket.visits)
        if freeze.hand_over_when is None or freeze.hand_over_to in (None, ticket.team) or went:
            continue
        if ticket.opened_at < freeze.until_at and matches(freeze.hand_over_when, facets_of(ticket)):
            return freeze
    return None
