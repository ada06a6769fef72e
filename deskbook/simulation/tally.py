"""What one run came to: numbers, each under what it is of."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from deskbook.engine.clocks import Reading, readings
from deskbook.engine.desk import Desk
from deskbook.engine.quotas import period_at
from deskbook.engine.service_levels import Counted as InTime
from deskbook.engine.service_levels import is_reached, outcome
from deskbook.engine.sorts import sort_of
from deskbook.engine.ticket import TicketState
from deskbook.simulation.stretches import Stretch

ALL = "*"


class Measure(NamedTuple):
    """What a number says, and of what: a channel, people, or clock, severity and level."""

    what: str
    of: tuple[str, ...] = ()


@dataclass(slots=True)
class Counted:
    """The numbers of one run."""

    measures: dict[Measure, float] = field(default_factory=dict)
    days: list[float] = field(default_factory=list)
    """Cases the desk has not solved, at the end of each day."""


class Within(NamedTuple):
    """A wish about waiting: how many of a channel are to be taken in hand within a time."""

    channel: str
    seconds: float


@dataclass(slots=True)
class Tally:
    """Counts a run as it goes, from an instant on."""

    desk: Desk
    from_at: datetime
    until_at: datetime
    within: tuple[Within, ...] = ()
    met: defaultdict[tuple[str, str, str], int] = field(default_factory=lambda: defaultdict(int))
    decided: defaultdict[tuple[str, str, str], int] = field(
        default_factory=lambda: defaultdict(int)
    )
    waits: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    """Channel → how long each waited until somebody took it in hand, in seconds."""
    levels: defaultdict[tuple[str, datetime], InTime] = field(
        default_factory=lambda: defaultdict(InTime)
    )
    """Service level and the beginning of a period → the cases that opened in it."""
    counts: defaultdict[Measure, float] = field(default_factory=lambda: defaultdict(float))
    open_cases: int = 0
    open_since_at: datetime | None = None
    open_seconds: float = 0.0
    days: list[float] = field(default_factory=list)
    updates: bool = field(init=False)

    def __post_init__(self) -> None:
        self.updates = any(target.clock == "update" for target in self.desk.targets)

    def came(self, channel: str, at: datetime) -> None:
        if at >= self.from_at:
            self.counts[Measure("came", (channel,))] += 1

    def went(self, channel: str, why: str, came_at: datetime) -> None:
        """Somebody is not served: it is closed, or they had no more patience."""
        if came_at >= self.from_at:
            self.counts[Measure(why, (channel,))] += 1

    def waited(self, channel: str, came_at: datetime, at: datetime) -> None:
        if came_at >= self.from_at:
            self.waits[channel].append((at - came_at).total_seconds())

    def opens(self, change: int, at: datetime) -> None:
        """One more case is open, or one less."""
        self._until(at)
        self.open_cases += change

    def _until(self, at: datetime) -> None:
        since_at = self.open_since_at or self.from_at
        if at > since_at:
            self.open_seconds += self.open_cases * (at - since_at).total_seconds()
            self.open_since_at = at

    def ends(self, ticket: TicketState, at: datetime) -> None:
        """Counts what became of a case's promises, as they stand at an instant."""
        if ticket.opened_at < self.from_at:
            return
        for reading in readings(self.desk, ticket):
            self._counts(ticket, reading, verdict(reading, at))
        self._count_levels(ticket, at)

    def _count_levels(self, ticket: TicketState, at: datetime) -> None:
        for level in self.desk.service_levels:
            if found := outcome(self.desk, level, ticket, at=at):
                from_at, _until_at = period_at(level.each, self.desk.zone, at=ticket.opened_at)
                self.levels[level.key, from_at] = self.levels[level.key, from_at].plus(found)

    def answers(self, ticket: TicketState, at: datetime) -> None:
        """Counts whether the answer about to be given comes in time for the one promised with the
        answer before: of the clocks from answer to answer a case shows only the newest.
        """
        if ticket.opened_at < self.from_at or not (self.updates and ticket.answers):
            return
        for reading in readings(self.desk, ticket):
            if reading.kind == "update" and reading.running and reading.due_at:
                self._counts(ticket, reading, at <= reading.due_at)

    def _counts(self, ticket: TicketState, reading: Reading, in_time: bool | None) -> None:
        if in_time is None or reading.recommended:
            return
        sort = sort_of(self.desk, ticket, reading)
        key = (sort.clock, sort.severity, sort.level)
        self.met[key] += in_time
        self.decided[key] += 1

    def works(self, label: str, from_at: datetime, until_at: datetime) -> None:
        """Adds a stretch in which somebody had something in hand."""
        self.counts[Measure("busy", (label,))] += self._seconds(from_at, until_at)

    def there(self, label: str, stretches: Iterable[Stretch]) -> None:
        """Adds the time in which somebody was there."""
        for stretch in stretches:
            self.counts[Measure("there", (label,))] += self._seconds(*stretch)

    def _seconds(self, from_at: datetime, until_at: datetime) -> float:
        return max((until_at - max(from_at, self.from_at)).total_seconds(), 0.0)

    def counted(self) -> Counted:
        """Returns all of it."""
        self._until(self.until_at)
        span = (self.until_at - self.from_at).total_seconds()
        found = dict(self.counts)
        found.update(self._shares())
        for channel, waits in self.waits.items():
            found.update(_waiting(channel, sorted(waits)))
        found.update(self._in_time())
        found.update(self._levels())
        found[Measure("backlog")] = self.open_seconds / span if span else 0.0
        found[Measure("backlog at the end")] = self.open_cases
        for what, of in [key for key in found if key.what == "there" and found[key]]:
            share = found.get(Measure("busy", of), 0.0) / found[Measure(what, of)]
            found[Measure("utilisation", of)] = share
        return Counted(dict(sorted(found.items())), self.days)

    def _shares(self) -> dict[Measure, float]:
        found: dict[Measure, float] = {}
        sums: defaultdict[tuple[str, ...], list[int]] = defaultdict(lambda: [0, 0])
        for (clock, severity, level), count in self.decided.items():
            sorts = {(clock, severity, level), (clock, severity, ALL), (clock, ALL, ALL)}
            for of in sorts:
                sums[of][0] += self.met[clock, severity, level]
                sums[of][1] += count
        for sort, (met, decided) in sums.items():
            found[Measure("decided", sort)] = decided
            found[Measure("met", sort)] = met / decided
        return found

    def _levels(self) -> dict[Measure, float]:
        found = {}
        for level in self.desk.service_levels:
            periods = [one for (key, _), one in self.levels.items() if key == level.key]
            decided = [one for one in periods if one.percent is not None]
            kept, missed, _open = sum(decided, InTime())
            if kept + missed:
                reached = sum(bool(is_reached(level, one)) for one in decided)
                found[Measure("service level", (level.key,))] = kept / (kept + missed)
                found[Measure("service level reached", (level.key,))] = reached
                found[Measure("service level periods", (level.key,))] = len(decided)
        return found

    def _in_time(self) -> dict[Measure, float]:
        found = {}
        for channel, seconds in self.within:
            waits = self.waits[channel]
            gave_up = self.counts.get(Measure("gave up", (channel,)), 0.0)
            if came := len(waits) + gave_up:
                share = sum(wait <= seconds for wait in waits) / came
                found[Measure("within", (channel, f"{seconds:g}"))] = share
        return found


def _waiting(channel: str, waits: list[float]) -> dict[Measure, float]:
    return {
        Measure("served", (channel,)): len(waits),
        Measure("wait", (channel,)): sum(waits) / len(waits),
        Measure("wait half", (channel,)): waits[len(waits) // 2],
        Measure("wait 90%", (channel,)): waits[min(len(waits) * 9 // 10, len(waits) - 1)],
    }


def verdict(reading: Reading, at: datetime) -> bool | None:
    """Returns whether a promise was kept by an instant; None where that is open still, or no time
    was promised.
    """
    if reading.recommended or reading.kind in ("quiet", "promise") or reading.due_at is None:
        return None
    if reading.breached(at=at):
        return False
    return True if reading.met_at or reading.ended_at else None
