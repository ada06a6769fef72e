"""Proofs over all cases of two books: for which a promise is due later, and one such case."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from fractions import Fraction
from itertools import product
from typing import Any

from deskbook.book.boxes import Box
from deskbook.book.compare.lateness import Course, first_day, moment_of_lateness
from deskbook.book.compare.made_up import MadeUp, Maker, besides
from deskbook.book.compare.promised import STARTS, place_of
from deskbook.book.compare.sides import Place, Side
from deskbook.book.compare.space import Space, by_strength, joined, pairs
from deskbook.book.compare.ways import stage_place
from deskbook.engine.apply import replay
from deskbook.engine.calendar import Calendar
from deskbook.engine.clocks import factor_after_hours
from deskbook.engine.desk import Desk, Stage, Target
from deskbook.engine.events import Opened
from deskbook.engine.hours import calendar_for
from deskbook.engine.ticket import Actor, Entry, TicketState


@dataclass(frozen=True, slots=True)
class Later:
    """Cases that are due later, or may be, with one of them worked out."""

    clock: str
    boxes: Sequence[Box]
    why: str
    made_up: MadeUp | None
    old: Place
    new: Place


@dataclass(frozen=True, slots=True)
class Run:
    """What one promise runs by for some cases: its line and its calendar."""

    target: Target | None
    calendar: Calendar
    after_hours: Fraction | None

    @property
    def course(self) -> Course | None:
        target = self.target
        if target is None or target.unclocked or target.on_request or target.limit is None:
            return None
        return Course(self.calendar, target.limit, self.after_hours)


Hours = tuple[Calendar, Fraction | None, Calendar, Fraction | None]


@dataclass(slots=True)
class Proof:
    """Looks for what gets later, promise by promise."""

    old: Side
    new: Side
    today: date
    maker: Maker = field(init=False)
    moments: dict[tuple[Course, Course], datetime | None] = field(default_factory=dict)
    """Looked for once for all lines that run alike."""

    def __post_init__(self) -> None:
        self.maker = Maker(self.old.desk, self.new.desk)

    def later(self, clock: str) -> Iterator[Later]:
        """Yields the cases whose clock is due later than before. Raises TooManyBoxes."""
        ours, theirs = (_targets(side.desk, clock) for side in (self.old, self.new))
        for one, other, boxes in pairs(Space(self.old.desk, self.new.desk), ours, theirs):
            if one is None or _weaker(one, other) is None:
                continue
            compared = (self._compared(clock, *run) for run in self._runs(clock, one, other, boxes))
            found = [later for later in compared if later]
            if found:
                told = next((later for later in found if later.made_up), found[0])
                yield replace(told, boxes=joined(box for later in found for box in later.boxes))

    def later_in_stages(self, clock: str) -> Iterator[Later]:
        """Yields the stages that hold a clock which ran on in them before."""
        shown = self._first_course(clock)
        for stage, was in self.old.desk.stages.items():
            becomes = self.new.desk.stages.get(stage)
            kind = "resolve" if clock == "team-resolve" else clock
            if becomes is None or shown is None or not _holds_more(was, becomes, kind):
                continue
            box, opened_at = shown
            made_up = self.maker.later_in_stage(clock, box, opened_at, (was, becomes))
            held = {"pauses": "paused", "stops": "stopped"}[becomes.clocks[kind]]
            why = f"while it stands in “{becomes.title}”, {held} now"
            places = (stage_place(side, stage, "clocks") for side in (self.old, self.new))
            yield Later(clock, [], why, made_up, *places)

    def _first_course(self, clock: str) -> tuple[Box, datetime] | None:
        """Returns cases with a time under both books, and an opening to show them by."""
        ours, theirs = (_targets(side.desk, clock) for side in (self.old, self.new))
        for one, other, boxes in pairs(Space(self.old.desk, self.new.desk), ours, theirs):
            for was, becomes, parts in self._runs(clock, one, other, boxes) if one else ():
                if was.course and becomes.course:
                    begins = first_day((was.calendar,), self.today)
                    return parts[0], was.calendar.next_opening(begins)
        return None

    def _runs(
        self, clock: str, one: Target, other: Target | None, boxes: Sequence[Box]
    ) -> Iterator[tuple[Run, Run, list[Box]]]:
        """Sorts the cases of two lines by the hours they run on, which plans and teams bring."""
        alike: dict[Hours, tuple[Run, Run, list[Box]]] = {}
        for box in boxes:
            for plan, team in product(self._plans(box), _teams(clock, box)):
                was = _run(self.old.desk, one, plan, team)
                becomes = _run(self.new.desk, other, plan, team)
                known = (was.calendar, was.after_hours, becomes.calendar, becomes.after_hours)
                held = alike.setdefault(known, (was, becomes, []))[2]
                held.append({**box, "plan": frozenset({plan})} | _only(team))
        yield from ((was, becomes, joined(parts)) for was, becomes, parts in alike.values())

    def _plans(self, box: Box) -> list[str]:
        known = self.old.desk.plans.keys() & self.new.desk.plans.keys()
        return sorted(box.get("plan") or {"", *known})

    def _compared(self, clock: str, was: Run, becomes: Run, boxes: Sequence[Box]) -> Later | None:
        why = _weaker(was.target, becomes.target)
        if why is None:
            return None
        opened_at = self._moment(was, becomes)
        made_up = None
        if opened_at is not None:
            more = {
                **besides(clock, (was.target, becomes.target), opened_at),
                **_asked_for(was, becomes, opened_at),
            }
            made = (self.maker.later_case(clock, box, opened_at, more) for box in boxes)
            made_up = next((case for case in made if case), None)
        if made_up is None and not why:
            return None
        places = place_of(self.old, was.target), place_of(self.new, becomes.target)
        return Later(clock, boxes, why, made_up, *places)

    def _moment(self, was: Run, becomes: Run) -> datetime | None:
        """Returns when the case is opened that shows it."""
        old, new = was.course, becomes.course
        if (
            old
            and new
            and was.target
            and becomes.target
            and was.target.starts == becomes.target.starts
        ):
            if (old, new) not in self.moments:
                self.moments[old, new] = moment_of_lateness(old, new, self.today)
            return self.moments[old, new]
        if old is None and (was.target is None or not was.target.on_request):
            return None
        begins = first_day((was.calendar,), self.today)
        return was.calendar.next_opening(begins)


def _teams(clock: str, box: Box) -> list[str]:
    return sorted(box.get("team", {""})) if clock.startswith("team") else [""]


def _only(team: str) -> Box:
    return {"team": frozenset({team})} if team else {}


def _asked_for(was: Run, becomes: Run, opened_at: datetime) -> dict[str, Any]:
    """The date a requester asked for: soon where that was what counted, far off where it is now."""
    if was.target and was.target.on_request:
        return {"requested_for": opened_at.isoformat()}
    if becomes.target and becomes.target.on_request:
        return {"requested_for": opened_at.replace(year=opened_at.year + 1, day=1).isoformat()}
    return {}


def _weaker(one: Target | None, other: Target | None) -> str | None:
    """Returns why a promise is worth less whatever the hours say; "" where only they can tell, None
    where it cannot be later.
    """
    if one is None or one.unclocked or not (one.limit or one.on_request):
        return None
    if other is None or other.unclocked:
        said = f"{other.unclocked!r} now" if other else "no line of the new book promises it"
        return f"no due time any more: {said}"
    return _worth_less(one, other)


def _worth_less(one: Target, other: Target) -> str | None:
    if other.agreed and not one.agreed:
        return "may be agreed for later"
    if other.recommended and not one.recommended:
        return "only recommended now, never a breach"
    if other.starts not in (one.starts, "opened"):
        return f"counts from {STARTS[other.starts]}, not from {STARTS[one.starts]}"
    if one.on_request and other.on_request:
        return None
    return ""


def _holds_more(was: Stage, becomes: Stage, kind: str) -> bool:
    """Whether a stage holds a clock now that ran on in it."""
    return was.clocks.get(kind, "runs") == "runs" != becomes.clocks.get(kind, "runs")


def _targets(desk: Desk, clock: str) -> list[Target]:
    """Returns the lines that a clock may run by, the strongest first."""
    kind = "resolve" if clock == "team-resolve" else clock
    of_team = {"team": None, "team-resolve": True}.get(clock, False)
    return by_strength(
        target
        for target in desk.targets
        if target.clock == kind and (of_team is None or ("team" in target.when) == of_team)
    )


def _run(desk: Desk, target: Target | None, plan: str, team: str) -> Run:
    ticket = _opened(desk, plan)
    hours = calendar_for(desk, ticket, target.hours if target else None, team or None)
    return Run(target, hours, factor_after_hours(desk, ticket, target) if target else None)


def _opened(desk: Desk, plan: str) -> TicketState:
    facets = {"plan": plan} if plan else {}
    opened = Opened("contact:1", desk.first_stage.key, "email", facets=facets, zone=desk.zone)
    at = datetime.fromisoformat("2026-01-05T09:00:00+00:00")
    return replay([Entry(1, at, Actor("contact", "1"), opened)])
