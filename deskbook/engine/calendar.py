"""A calendar: when a desk is open, in one zone (semantics §1)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from fractions import Fraction

from deskbook.engine.openings import Openings
from deskbook.engine.timeline import Timeline, first_timeline
from deskbook.engine.wall_time import MICRO, instant_of, micros_of, zone_named
from deskbook.engine.windows import (
    Closure,
    ClosureRule,
    ExtraOpening,
    Window,
    YearlyClosure,
    parse_window,
)

__all__ = [
    "Calendar",
    "Closure",
    "ClosureRule",
    "ExtraOpening",
    "NoOpening",
    "Window",
    "YearlyClosure",
    "parse_window",
]

_FAR_YEARS = 300  # farther from what is known, a timeline of its own is cheaper than the way there
YEARS = range(1900, 9000)


class NoOpening(Exception):
    """The calendar never opens again; the message says which, from when, and what to do."""


@dataclass(frozen=True)
class Calendar:
    """Open time = (weekly windows - closures) + extra openings, inside the validity dates.

    `weekly` maps a weekday (0 = Monday) to its windows. `valid_from` and `valid_until` are naive
    wall times; a date as `valid_until` is included. Immutable; what it has worked out of its
    openings is kept inside and shared by threads.
    """

    zone: str
    weekly: Mapping[int, tuple[Window, ...]]
    closures: tuple[Closure | ClosureRule | YearlyClosure, ...] = ()
    extra: tuple[ExtraOpening, ...] = ()
    valid_from: date | datetime | None = None
    valid_until: date | datetime | None = None
    name: str = ""
    _hash: int = field(default=0, init=False, repr=False, compare=False)
    _known: Timeline | None = field(default=None, init=False, repr=False, compare=False)
    _elsewhere: dict[str, "Calendar"] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        zone_named(self.zone)
        if not set(self.weekly) <= set(range(7)):
            raise ValueError("weekdays are numbered 0 (Monday) to 6 (Sunday)")
        for edge in (self.valid_from, self.valid_until):
            if isinstance(edge, datetime) and edge.tzinfo:
                raise ValueError("validity is written in wall time, without an offset")

        hours = hash((self.zone, frozenset(self.weekly.items()), self.closures, self.extra))
        object.__setattr__(self, "_hash", hours)  # asked for with every due time

    def __hash__(self) -> int:
        return self._hash

    def in_zone(self, zone: str) -> "Calendar":
        """The same hours on the wall clocks of another zone (the same object for the same zone)."""
        if zone == self.zone:
            return self
        if zone not in self._elsewhere:
            self._elsewhere[zone] = replace(self, zone=zone)
        return self._elsewhere[zone]

    def is_open(self, at: datetime) -> bool:
        """Whether the desk is open at that instant; a closing instant is closed."""
        micros = micros_of(at)
        return self.timeline(micros).is_open(micros)

    def open_between(self, from_at: datetime, to_at: datetime) -> timedelta:
        """Real elapsed open time in `[from_at, to_at)`. Refuses an end before the start."""
        start, end, timeline = self._over(from_at, to_at)
        return (timeline.open_until(end) - timeline.open_until(start)) * MICRO

    def business_days_between(self, from_at: datetime, to_at: datetime) -> Fraction:
        """Business days passed in `[from_at, to_at)`. Refuses an end before the start."""
        start, end, timeline = self._over(from_at, to_at)
        return Fraction(timeline.days_until(end) - timeline.days_until(start))

    def next_opening(self, at: datetime) -> datetime:
        """The first instant from `at` on that is open: `at` itself if it is. Raises NoOpening."""
        micros = micros_of(at)
        timeline = self.timeline(micros)
        while (opening := timeline.opening_from(micros)) is None:
            timeline = self.longer(timeline, micros)
        return instant_of(opening)

    def segments(
        self, from_at: datetime, to_at: datetime
    ) -> Iterator[tuple[datetime, datetime, date]]:
        """The open stretches of `[from_at, to_at)`: opening, close (UTC) and business date."""
        start, end, timeline = self._over(from_at, to_at)
        for opens, closes, day in timeline.stretches(start, end):
            yield instant_of(opens), instant_of(closes), day

    def timeline(self, *micros: int) -> Timeline:
        """The worked-out openings, reaching over these instants (microseconds since 1970)."""
        first, last = min(micros), max(micros)
        timeline = self._known
        if timeline is None or first < timeline.from_micros:
            timeline = self._begun_at(first)
        elif not timeline.reaches(first):
            timeline = self._begun_at(first) if self._is_far(timeline, first) else timeline
        while not timeline.reaches(last):
            timeline = self._keep(timeline.longer())
        return timeline

    def longer(self, timeline: Timeline, start: int) -> Timeline:
        """The timeline carried on. Raises NoOpening when it is proved that nothing follows."""
        if timeline.exhausted:
            raise NoOpening(self._no_opening_after(start))
        return self._keep(timeline.longer())

    def _begun_at(self, first: int) -> Timeline:
        if instant_of(first).year not in YEARS:
            raise ValueError(f"{instant_of(first)} is outside the years 1900 to 8999")
        fresh = first_timeline(Openings(self), first)
        known = self._known
        if known is None:
            return self._keep(fresh)
        if first > known.from_micros or self._is_far(known, first):
            return fresh
        while not fresh.reaches(known.until_micros):
            fresh = fresh.longer()
        return self._keep(fresh)

    def _is_far(self, known: Timeline, micros: int) -> bool:
        edge = known.from_micros if micros < known.from_micros else known.until_micros
        return abs(instant_of(edge).year - instant_of(micros).year) > _FAR_YEARS

    def _keep(self, timeline: Timeline) -> Timeline:
        known = self._known
        if known is None or (
            timeline.from_micros <= known.from_micros
            and timeline.until_micros >= known.until_micros
        ):
            object.__setattr__(self, "_known", timeline)  # one reference swapped: thread-safe
        return timeline

    def _over(self, from_at: datetime, to_at: datetime) -> tuple[int, int, Timeline]:
        start, end = micros_of(from_at), micros_of(to_at)
        if end < start:
            raise ValueError(f"{to_at.isoformat()} is before {from_at.isoformat()}")
        return start, end, self.timeline(start, end)

    def _no_opening_after(self, start: int) -> str:
        wall = instant_of(start).astimezone(zone_named(self.zone))
        which = f"the calendar '{self.name}'" if self.name else f"the calendar in {self.zone}"
        if self.valid_until is not None:
            why = f"it ends on {self.valid_until}; give it a later end or choose another calendar"
        else:
            why = "give it hours, or end its closures"
        return f"{which} does not open far enough after {wall:%Y-%m-%d %H:%M} {self.zone}: {why}"
