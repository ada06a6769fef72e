"""Freezes: changes are taken in, held and dated; they come back by themselves (semantics §5.6)."""

from collections.abc import Mapping
from datetime import datetime

from deskbook.engine import events as happened
from deskbook.engine.desk import Desk, Freeze
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


def picking_up(desk: Desk, ticket: TicketState) -> tuple[Event, ...]:
    """Returns what happens to a held case when its day has come."""
    back: tuple[Event, ...] = ()
    stage = desk.stages[ticket.stage]
    if "freeze" in stage.set_by:
        back = (happened.StageChanged(desk.first_stage.key, cause="freeze"),)
    return (happened.PickedUp(ticket.held_by or ""), *back)


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
