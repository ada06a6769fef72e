"""A new version of a book and the tickets that are open: what would move, and moving it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from deskbook.engine.clocks import readings
from deskbook.engine.decide_carry_over import decide_carry_over, missing_stage
from deskbook.engine.decision import Decision
from deskbook.engine.desk import Desk
from deskbook.engine.events import Held
from deskbook.engine.freeze import held_anew
from deskbook.engine.routing import facets_of
from deskbook.engine.ticket import Actor, TicketState
from deskbook.people.books import desk_at, desk_in_force
from deskbook.people.models import HelpDesk
from deskbook.refusals.refusal import Refusal, Refused
from deskbook.tickets.log import Recorded, act
from deskbook.tickets.models import Ticket
from deskbook.tickets.state import state_of


@dataclass(frozen=True, slots=True)
class DueTimeMove:
    """One due time of one open ticket under the old and the new book. None: not due."""

    ticket: Ticket
    clock: str
    old_at: datetime | None
    new_at: datetime | None
    why: str


def due_times_moved(helpdesk: HelpDesk, new: Desk, *, at: datetime) -> Iterator[DueTimeMove]:
    """Returns the due times of open tickets that `new` would move at `at`, with the target line
    that moves them; and when a freeze lets go what it holds.
    """
    tickets = Ticket.objects.filter(desk=helpdesk, is_open=True).select_related("desk")
    for ticket in tickets.iterator(chunk_size=500):
        state, old = state_of(ticket), desk_at(helpdesk.pk, ticket.book_version)
        if gone := missing_stage(new, state):
            yield DueTimeMove(
                ticket,
                "stage",
                None,
                None,
                f"The new book has no stage “{old.stages[gone].title}”.",
            )
            continue
        yield from _moved(ticket, _due(old, state), _due(new, state))
        if state.held_by:
            was = {"pick-up": (state.pick_up_at, "")}
            yield from _moved(ticket, was, {"pick-up": _picked_up(new, state, at)})


def carry_over(ticket: Ticket, *, at: datetime, by: Actor) -> Recorded:
    """Lets an open ticket follow the book in force. Raises Refused when its stage is gone."""
    target = desk_in_force(ticket.desk)

    def decide(_old: Desk, state: TicketState) -> Decision:
        return decide_carry_over(target, state, at=at, by=by)

    return act(ticket.pk, decide, at=at, by=by)


def carry_all_over(helpdesk: HelpDesk, *, at: datetime, by: Actor) -> tuple[int, list[Refusal]]:
    """Carries every open ticket over that can be; returns how many, and the refusals for the
    others.
    """
    done, refused = 0, []
    behind = Ticket.objects.filter(desk=helpdesk, is_open=True).exclude(
        book_version=helpdesk.book_version
    )
    for ticket in behind.select_related("desk").iterator(chunk_size=500):
        try:
            carry_over(ticket, at=at, by=by)
            done += 1
        except Refused as error:
            refused.append(Refusal("carry over: ticket", ticket=str(ticket), why=error.refusal))
    return done, refused


def _due(desk: Desk, state: TicketState) -> dict[str, tuple[datetime | None, str]]:
    return {
        reading.clock: (reading.due_at, f"line {reading.target.line}" if reading.target else "")
        for reading in readings(desk, state)
        if reading.running or reading.paused_since
    }


def _picked_up(desk: Desk, state: TicketState, at: datetime) -> tuple[datetime | None, str]:
    what = held_anew(desk, state, facets_of(state), at=at)
    held = next((event for event in what if isinstance(event, Held)), None)
    if held:
        return held.pick_up_at, "its freeze ends then"
    return (at, "no freeze holds it any more") if what else (state.pick_up_at, "")


def _moved(
    ticket: Ticket,
    old: dict[str, tuple[datetime | None, str]],
    new: dict[str, tuple[datetime | None, str]],
) -> Iterator[DueTimeMove]:
    for clock in sorted(old.keys() | new.keys()):
        (old_at, _), (new_at, line) = (
            old.get(clock, (None, "")),
            new.get(clock, (None, "no target any more")),
        )
        if old_at != new_at:
            yield DueTimeMove(ticket, clock, old_at, new_at, line or "its calendar changed")
