"""Named shifts: who works when, so that enough people are there and nobody works too much.

`planned` is greedy: it gives each shift to whom it may and who has worked least. `solved_shifts.py`
does the same with a solver.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil
from zoneinfo import ZoneInfo

from deskbook.engine.desk import Desk, Staffing
from deskbook.engine.rosters import Shift
from deskbook.simulation.stretches import Stretch, joined


@dataclass(frozen=True, slots=True)
class Rules:
    """What a shift may be, and what nobody is asked for."""

    longest: timedelta = timedelta(hours=9)
    """What is open for longer is cut into shifts of equal length."""
    rest: timedelta = timedelta(hours=11)
    """At least, between two shifts of one person (directive 2003/88/EC, article 3)."""
    a_week: timedelta = timedelta(hours=40)
    """At most, from Monday to Sunday, where somebody has no number of their own."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A shift of a team for so many people."""

    team: str
    from_at: datetime
    until_at: datetime
    people: int
    place: str | None = None
    week: tuple[int, int] = (0, 0)
    """Year and week (ISO 8601) in which it begins on the team's clocks."""

    @property
    def length(self) -> timedelta:
        return self.until_at - self.from_at


@dataclass(frozen=True, slots=True)
class Worker:
    """Somebody with a name, and when they work at most."""

    name: str
    teams: frozenset[str]
    a_week: timedelta | None = None
    away: tuple[Stretch, ...] = ()

    def could(self, slot: Slot) -> bool:
        """Whether the shift is one of their teams' and they are not away meanwhile."""
        free = all(slot.until_at <= a or b <= slot.from_at for a, b in self.away)
        return slot.team in self.teams and free

    def limit(self, rules: Rules) -> timedelta:
        """Returns how long they work in a week, at most."""
        return rules.a_week if self.a_week is None else self.a_week


Taken = tuple[int, int]
"""Number of a slot, and of who has it."""


@dataclass(slots=True)
class Planned:
    """Who has which shift, and what nobody has."""

    slots: Sequence[Slot]
    workers: Sequence[Worker]
    taken: Sequence[Taken]

    @property
    def shifts(self) -> list[Shift]:
        """Everybody's shifts, in order."""
        found = [(self.slots[slot], self.workers[worker].name) for slot, worker in self.taken]
        shifts = [Shift(name, s.team, s.from_at, s.until_at, s.place) for s, name in found]
        return sorted(shifts, key=lambda one: (one.from_at, one.team, one.person))

    @property
    def hours(self) -> Mapping[str, timedelta]:
        """How long each works in all."""
        hours = {worker.name: timedelta() for worker in self.workers}
        for slot, worker in self.taken:
            hours[self.workers[worker].name] += self.slots[slot].length
        return hours

    @property
    def missing(self) -> list[tuple[Slot, int]]:
        """Slots for which people are missing, and how many."""
        got = [0] * len(self.slots)
        for slot, _ in self.taken:
            got[slot] += 1
        short = [(one, one.people - got[n]) for n, one in enumerate(self.slots)]
        return [(slot, count) for slot, count in short if count]


def slots_of(
    desk: Desk, needs: Iterable[Staffing], from_at: datetime, until_at: datetime, rules: Rules
) -> list[Slot]:
    """Returns the shifts that the needs come to between two instants, in order."""
    found = [slot for need in needs for slot in _of_need(desk, need, from_at, until_at, rules)]
    return sorted(found, key=lambda slot: (slot.from_at, slot.team, slot.place or ""))


def _of_need(
    desk: Desk, need: Staffing, from_at: datetime, until_at: datetime, rules: Rules
) -> Iterator[Slot]:
    calendar = desk.calendars[need.hours]
    zone = ZoneInfo(calendar.zone)
    days = _cut_by_days(calendar.segments(from_at, until_at), zone)
    for opens_at, closes_at in days:
        parts = ceil((closes_at - opens_at) / rules.longest)
        length = (closes_at - opens_at) / parts
        for n in range(parts):
            begins_at = opens_at + n * length
            ends_at = closes_at if n == parts - 1 else begins_at + length
            year, week, _ = begins_at.astimezone(zone).isocalendar()
            yield Slot(need.team, begins_at, ends_at, need.at_least, need.place, (year, week))


def _cut_by_days(
    segments: Iterable[tuple[datetime, datetime, object]], zone: ZoneInfo
) -> Iterator[Stretch]:
    """Yields what is open without a break, cut where it is open for more than a day: shifts begin
    at the same time each day.
    """
    for opens_at, closes_at in joined((a, b) for a, b, _ in segments):
        begins_at = opens_at
        while closes_at - begins_at > timedelta(days=1):
            wall = begins_at.astimezone(zone).replace(tzinfo=None) + timedelta(days=1)
            next_at = wall.replace(tzinfo=zone).astimezone(begins_at.tzinfo)
            yield begins_at, next_at
            begins_at = next_at
        yield begins_at, closes_at


def too_close(first: Slot, then: Slot, rest: timedelta) -> bool:
    """Whether nobody has both: they overlap, or there is no rest between them."""
    return first.from_at < then.until_at + rest and then.from_at < first.until_at + rest


@dataclass(slots=True)
class _Week:
    """What somebody has been given so far."""

    worker: Worker
    slots: list[Slot] = field(default_factory=list)
    all: timedelta = timedelta()
    weeks: dict[tuple[int, int], timedelta] = field(default_factory=dict)

    def is_able(self, slot: Slot, rules: Rules) -> bool:
        worked = self.weeks.get(slot.week, timedelta())
        return (
            self.worker.could(slot)
            and worked + slot.length <= self.worker.limit(rules)
            and not any(too_close(own, slot, rules.rest) for own in self.slots[-1:])
        )

    def take(self, slot: Slot) -> None:
        self.slots.append(slot)
        self.all += slot.length
        self.weeks[slot.week] = self.weeks.get(slot.week, timedelta()) + slot.length


def planned(slots: Sequence[Slot], workers: Sequence[Worker], rules: Rules) -> Planned:
    """Returns shifts given one after the other, each to whom it may and who has worked least so
    far, of equals to who is of use to fewer teams. It never looks back: a solver may fill more.
    """
    people = [_Week(worker) for worker in workers]
    taken: list[Taken] = []
    for number, slot in enumerate(slots):
        able = [n for n, person in enumerate(people) if person.is_able(slot, rules)]
        able.sort(key=lambda n: (people[n].all, len(workers[n].teams), n))
        for n in able[: slot.people]:
            people[n].take(slot)
            taken.append((number, n))
    return Planned(slots, workers, taken)
