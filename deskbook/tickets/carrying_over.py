"""A new version of a book and the tickets that are open: what would move, and moving it."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from deskbook.engine.clocks import readings
from deskbook.engine.decide_carry_over import decide_carry_over, missing_stage
from deskbook.engine.decision import Decision
from deskbook.engine.desk import Desk, Severity
from deskbook.engine.events import Held
from deskbook.engine.freeze import held_anew
from deskbook.engine.organisation import Team
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


@dataclass(frozen=True, slots=True)
class Left:
    """What open tickets have and a new book has not: "team", "severity" or a facet, and how many
    have it.
    """

    what: str
    title: str
    tickets: int


def left_without(helpdesk: HelpDesk, new: Desk) -> list[Left]:
    """Returns the teams, severities and facets' values of open tickets that `new` does not have."""
    old = desk_in_force(helpdesk)
    known = {"team": _titles(new.teams), "severity": _titles(new.severities), "plan": new.plans}
    known |= {key: facet.values for key, facet in new.facets.items()}
    known = {key: known.get(key, {}) for key in ("team", "severity", "plan", *old.facets)}
    before = {"team": _titles(old.teams), "severity": _titles(old.severities)}
    before |= {key: facet.values for key, facet in old.facets.items()}
    rows = Ticket.objects.filter(desk=helpdesk, is_open=True).values_list(
        "team", "severity", "state__facets"
    )
    found = Counter(
        (what, key)
        for team, severity, facets in rows.iterator(chunk_size=2000)
        for what, key in {**facets, "team": team, "severity": severity}.items()
        if key and what in known and key not in known[what]
    )
    return [
        Left(what, before.get(what, {}).get(key, key), count)
        for (what, key), count in sorted(found.items())
    ]


def _titles(named: Mapping[str, Team] | Mapping[str, Severity]) -> Mapping[str, str]:
    return {key: one.title for key, one in named.items()}


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
        (old_at, _) = old.get(clock, (None, ""))
        (new_at, line) = new.get(clock, (None, "no target any more"))
        if old_at != new_at:
            yield DueTimeMove(ticket, clock, old_at, new_at, line or "its calendar changed")
