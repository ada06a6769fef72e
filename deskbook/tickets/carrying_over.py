"""A new version of a book and the tickets that are open: what would move, and moving it."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from deskbook.engine.clocks import Reading, readings
from deskbook.engine.decide_carry_over import AS_IT_IS, decide_carry_over, missing_stage
from deskbook.engine.decision import Decision
from deskbook.engine.desk import Desk, Plan, Severity, Stage
from deskbook.engine.events import Held
from deskbook.engine.freeze import held_anew
from deskbook.engine.organisation import Team
from deskbook.engine.renaming import Renaming, renamed
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


def due_times_moved(
    helpdesk: HelpDesk,
    new: Desk,
    renaming: Renaming = AS_IT_IS,
    *,
    at: datetime,
    most: int | None = None,
) -> Iterator[DueTimeMove]:
    """Returns the due times of open tickets that `new` would move at `at`, with the target line
    that moves them; and when a freeze lets go what it holds. Given `most`, of so many tickets,
    those due first.
    """
    tickets = Ticket.objects.filter(desk=helpdesk, is_open=True).select_related("desk")
    first = tickets.order_by("due_order_at", "pk")[:most] if most else tickets
    for ticket in first.iterator(chunk_size=500):
        before, old = state_of(ticket), desk_at(helpdesk.pk, ticket.book_version)
        state = renamed(before, renaming.of(before, new.version))
        if gone := missing_stage(new, state):
            yield DueTimeMove(
                ticket,
                "stage",
                None,
                None,
                _("The new book has no stage “%(stage)s”.") % {"stage": old.stages[gone].title},
            )
            continue
        yield from _moved(ticket, _due(old, before), _due(new, state))
        if state.held_by:
            was = {"pick-up": (state.pick_up_at, "")}
            yield from _moved(ticket, was, {"pick-up": _picked_up(new, state, at)})


@dataclass(frozen=True, slots=True)
class Left:
    """What open tickets have and a new book has not: "stage", "team", "severity" or a facet, and
    how many have it.
    """

    what: str
    title: str
    tickets: int
    key: str = field(default="", compare=False)


def left_without(helpdesk: HelpDesk, new: Desk, *, stages: bool = False) -> list[Left]:
    """Returns the teams, severities and facets' values of open tickets that `new` does not have,
    and the `stages` they are or were in.
    """
    old = desk_in_force(helpdesk)
    before, known = titles_of(old), titles_of(new)
    kinds = {"team", "severity", "plan", *old.facets} | ({"stage"} if stages else set())
    tickets = Ticket.objects.filter(desk=helpdesk, is_open=True).only("state", "number", "desk")
    found = Counter(
        (what, key)
        for ticket in tickets.iterator(chunk_size=500)
        for what, key in _had(state_of(ticket))
        if what in kinds and key not in known.get(what, {})
    )
    return [
        Left(what, before.get(what, {}).get(key, key), count, key)
        for (what, key), count in sorted(found.items())
    ]


def _had(state: TicketState) -> set[tuple[str, str]]:
    stages = {("stage", stay.stage) for stay in state.stays}
    own = {("team", state.team or ""), ("severity", state.severity or "")}
    return {(what, key) for what, key in stages | own | set(state.facets.items()) if key}


def titles_of(desk: Desk) -> dict[str, Mapping[str, str]]:
    """Returns what cases of a desk are sorted by and go through, each with its keys and titles."""
    named: dict[str, Mapping[str, Stage | Team | Severity | Plan]] = {
        "stage": desk.stages,
        "team": desk.teams,
        "severity": desk.severities,
        "plan": desk.plans,
    }
    titles = {what: {key: one.title for key, one in of.items()} for what, of in named.items()}
    return {**titles, **{key: facet.values for key, facet in desk.facets.items()}}


def carry_over(
    ticket: Ticket, renaming: Renaming = AS_IT_IS, *, at: datetime, by: Actor
) -> Recorded:
    """Lets an open ticket follow the book in force. Raises Refused when its stage is gone."""
    target = desk_in_force(ticket.desk)

    def decide(_old: Desk, state: TicketState) -> Decision:
        return decide_carry_over(target, state, renaming, at=at, by=by)

    return act(ticket.pk, decide, at=at, by=by)


def carry_all_over(
    helpdesk: HelpDesk, renaming: Renaming = AS_IT_IS, *, at: datetime, by: Actor
) -> tuple[int, list[Refusal]]:
    """Carries every open ticket over that can be; returns how many, and the refusals for the
    others.
    """
    done, refused = 0, []
    behind = Ticket.objects.filter(desk=helpdesk, is_open=True).exclude(
        book_version=helpdesk.book_version
    )
    for ticket in behind.select_related("desk").iterator(chunk_size=500):
        try:
            carry_over(ticket, renaming, at=at, by=by)
            done += 1
        except Refused as error:
            refused.append(Refusal("carry over: ticket", ticket=str(ticket), why=error.refusal))
    return done, refused


def _due(desk: Desk, state: TicketState) -> dict[str, tuple[datetime | None, str]]:
    return {
        reading.clock: (reading.due_at, _line(reading))
        for reading in readings(desk, state)
        if reading.running or reading.paused_since
    }


def _line(reading: Reading) -> str:
    return _("line %(line)s") % {"line": reading.target.line} if reading.target else ""


def _picked_up(desk: Desk, state: TicketState, at: datetime) -> tuple[datetime | None, str]:
    what = held_anew(desk, state, facets_of(state), at=at)
    held = next((event for event in what if isinstance(event, Held)), None)
    if held:
        return held.pick_up_at, _("its freeze ends then")
    return (at, _("no freeze holds it any more")) if what else (state.pick_up_at, "")


def _moved(
    ticket: Ticket,
    old: dict[str, tuple[datetime | None, str]],
    new: dict[str, tuple[datetime | None, str]],
) -> Iterator[DueTimeMove]:
    for clock in sorted(old.keys() | new.keys()):
        old_at = old.get(clock, (None, ""))[0]
        (new_at, line) = new.get(clock, (None, _("no target any more")))
        if old_at != new_at:
            yield DueTimeMove(ticket, clock, old_at, new_at, line or _("its calendar changed"))
