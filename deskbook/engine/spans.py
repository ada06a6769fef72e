"""Due times, progress and "why this time?" (semantics §2.3, §3.11)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from functools import lru_cache
from typing import Literal

from deskbook.engine.amounts import Amount, EndOfBusinessDay
from deskbook.engine.calendar import Calendar
from deskbook.engine.measures import Measure, Stop, measure
from deskbook.engine.reasons import Reasons
from deskbook.engine.wall_time import instant_of, micros_of

Pause = tuple[datetime, datetime] | tuple[datetime, datetime, str]
State = Literal["counted", "closed", "paused", "after hours"]


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a due time's story, `[from_at, to_at)`: what the clock did, and why.

    `counted` is what this span adds and `total` the running total: time, or business days.
    """

    from_at: datetime
    to_at: datetime
    state: State
    rate: Fraction
    reason: str
    counted: timedelta | Fraction
    total: timedelta | Fraction


def due(
    calendar: Calendar,
    start_at: datetime,
    amount: Amount,
    *,
    pauses: Sequence[Pause] = (),
    after_hours: Fraction | int | None = None,
) -> datetime:
    """The earliest instant (UTC) by which the amount has passed while the clock ran.

    Nothing to wait for is due at the start. Parts of a microsecond round up. `after_hours` is the
    factor at which closed time slows an OpenTime (2 = doubled). Raises NoOpening when the calendar
    does not open for long enough, AmountError when the factor does not fit the amount.
    """
    if not pauses:
        return _due_unpaused(calendar, start_at, amount, after_hours)
    start = micros_of(start_at)
    clock = measure(calendar, start, amount, after_hours)
    return instant_of(clock.due(_stops(start, pauses)))


@lru_cache(maxsize=8192)
def _due_unpaused(
    calendar: Calendar, start_at: datetime, amount: Amount, after_hours: Fraction | int | None
) -> datetime:
    """Kept, because a case asks for its few due times again with everything that happens to it."""
    return instant_of(measure(calendar, micros_of(start_at), amount, after_hours).due(()))


def elapsed(
    calendar: Calendar,
    start_at: datetime,
    at: datetime,
    amount: Amount,
    *,
    pauses: Sequence[Pause] = (),
    after_hours: Fraction | int | None = None,
) -> Fraction:
    """How much of the amount has run at `at`: 0 at the start, 1 at the due instant, then more.

    An amount of nothing has always run. `end of …` is measured against what runs until its close.
    """
    start, now = micros_of(start_at), micros_of(at)
    clock = measure(calendar, start, amount, after_hours)
    stops = _stops(start, pauses)
    if not clock.amount:
        return Fraction(1)
    whole = Fraction(clock.amount)
    if isinstance(amount, EndOfBusinessDay):
        whole = _run(clock, start, clock.due(stops), stops)
    return _run(clock, start, now, stops) / whole if now > start else Fraction()


def explain(
    calendar: Calendar,
    start_at: datetime,
    amount: Amount,
    *,
    pauses: Sequence[Pause] = (),
    after_hours: Fraction | int | None = None,
) -> list[Span]:
    """Why `due` answers what it does: spans that tile from the start to the due instant.

    The last total is the amount (for `end of …`: what ran until that close). Refuses as `due`.
    """
    start = micros_of(start_at)
    clock = measure(calendar, start, amount, after_hours)
    stops = _stops(start, pauses)
    story = _Story(clock, stops, Reasons(calendar), after_hours)
    return story.told(start, clock.due(stops))


def _stops(start: int, pauses: Sequence[Pause]) -> list[Stop]:
    """The pauses after the start, in order, no time in two of them."""
    stops: list[Stop] = []
    reached = start
    for pause in sorted(pauses, key=lambda pause: pause[0]):
        begins, ends = max(micros_of(pause[0]), reached), micros_of(pause[1])
        if begins < ends:
            stops.append((begins, ends, pause[2] if len(pause) > 2 else "paused"))
            reached = ends
    return stops


def _run(clock: Measure, start: int, at: int, stops: list[Stop]) -> Fraction:
    """How far the clock got from `start` to `at` while it ran."""
    lost = sum(
        clock.position(min(ends, at)) - clock.position(begins)
        for begins, ends, _ in stops
        if begins < at
    )
    return Fraction(clock.position(at) - clock.position(start) - lost)


class _Story:
    """The spans of one due time, told from edge to edge."""

    def __init__(
        self,
        clock: Measure,
        stops: list[Stop],
        reasons: Reasons,
        after_hours: Fraction | int | None,
    ) -> None:
        self.clock = clock
        self.stops = stops
        self.reasons = reasons
        self.after_hours = after_hours

    def told(self, start: int, end: int) -> list[Span]:
        """Spans from `start` to `end`, neighbours of one state and reason joined."""
        chapters: list[tuple[int, State, str]] = []
        for edge in self._edges(start, end):
            state, reason = self._at(edge)
            if not chapters or chapters[-1][1:] != (state, reason):
                chapters.append((edge, state, reason))
        ends = [chapter[0] for chapter in chapters[1:]] + [end]
        totals = [self._total(start, edge, end) for edge in [start, *ends]]
        return [
            Span(
                from_at=instant_of(edge),
                to_at=instant_of(ends[index]),
                state=state,
                rate=self._rate(state),
                reason=reason,
                counted=_difference(totals[index + 1], totals[index]),
                total=totals[index + 1],
            )
            for index, (edge, state, reason) in enumerate(chapters)
        ]

    def _edges(self, start: int, end: int) -> list[int]:
        edges = {start}.union(*(stop[:2] for stop in self.stops))
        if self.clock.by_calendar:
            edges.update(self.reasons.edges(start, end))
        return sorted(edge for edge in edges if start <= edge < end)

    def _at(self, micros: int) -> tuple[State, str]:
        for begins, ends, reason in self.stops:
            if begins <= micros < ends:
                return "paused", reason
        if not self.clock.by_calendar:
            return "counted", "around the clock"
        if self.reasons.is_open(micros):
            return "counted", self.reasons.for_open(micros)
        state: State = "closed" if self.after_hours is None else "after hours"
        return state, self.reasons.for_closed(micros)

    def _rate(self, state: State) -> Fraction:
        if state == "after hours" and self.after_hours is not None:
            return 1 / Fraction(self.after_hours)
        return Fraction(state == "counted")

    def _total(self, start: int, at: int, end: int) -> timedelta | Fraction:
        run = _run(self.clock, start, at, self.stops)
        if at == end and not self.clock.rounds_to_close:
            run = Fraction(self.clock.amount)  # the due instant is rounded up to a microsecond
        return self.clock.shown(run)


def _difference(total: timedelta | Fraction, before: timedelta | Fraction) -> timedelta | Fraction:
    if isinstance(total, timedelta) and isinstance(before, timedelta):
        return total - before
    return Fraction(total) - Fraction(before)  # type: ignore[arg-type]
