"""How many were in time, of many cases; what is owed where they were not."""

from bisect import bisect_left
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from math import ceil
from typing import Literal, NamedTuple

from deskbook.engine.amounts import times
from deskbook.engine.calendar import Calendar, NoOpening
from deskbook.engine.clocks import Reading, readings
from deskbook.engine.desk import Desk
from deskbook.engine.money import Money, Part
from deskbook.engine.routing import facets_of, matches
from deskbook.engine.service_level_parts import (
    Compensation,
    Credit,
    Fee,
    Kept,
    ServiceLevel,
)
from deskbook.engine.spans import due
from deskbook.engine.ticket import TicketState

Outcome = Literal["kept", "missed", "open"]
MONTHS = {"month": 1, "quarter": 3, "year": 12}
_HUNDRED = Decimal(100)


class Counted(NamedTuple):
    """What became of the cases of one period."""

    kept: int = 0
    missed: int = 0
    open: int = 0
    """Neither so far."""

    @property
    def percent(self) -> Decimal | None:
        """How many were in time, of those that are decided; None where none is."""
        decided = self.kept + self.missed
        return _HUNDRED * self.kept / decided if decided else None

    def __add__(self, other: "Counted") -> "Counted":  # type: ignore[override]
        """Returns both together: no tuple of six."""
        return Counted(self.kept + other.kept, self.missed + other.missed, self.open + other.open)

    def plus(self, outcome: Outcome) -> "Counted":
        """Returns it with one case more."""
        return self._replace(**{outcome: getattr(self, outcome) + 1})


def may_be_missed(level: ServiceLevel, counted: Counted) -> int:
    """Returns how many more of the cases that came may be late; below 0 so many are too many."""
    came = sum(counted)
    return int(came * (_HUNDRED - level.at_least) / _HUNDRED) - counted.missed


def is_reached(level: ServiceLevel, counted: Counted) -> bool | None:
    """Returns whether as many were in time as promised; None where none is decided."""
    return None if counted.percent is None else counted.percent >= level.at_least


def credit_of(level: ServiceLevel, counted: Counted) -> Credit | None:
    """Returns what follows by the numbers as they stand: the line of the lowest share that was
    not reached.
    """
    if counted.percent is None:
        return None
    found = [one for one in level.credits if counted.percent < one.below]
    return min(found, key=lambda one: one.below, default=None)


def worked_out(level: ServiceLevel, credit: Credit, fee: Fee | None) -> Money | Part:
    """Returns the money, where it is a part of a fee that is known: that of the period."""
    given = credit.gives
    if not isinstance(given, Part) or fee is None or level.each == "week":
        return given
    months = Decimal(MONTHS[level.each]) / MONTHS[fee.each]
    return fee.money.times(months * given.percent / _HUNDRED)


def outcome(
    desk: Desk, level: ServiceLevel, ticket: TicketState, *, at: datetime
) -> Outcome | None:
    """Returns what became of one case by an instant; None where it is none that is counted."""
    if not matches(level.when, facets_of(ticket)):
        return None
    found = [one for one in readings(desk, ticket) if _is_counted(level, ticket, one)]
    if not found:
        return None
    if _was_late(level, ticket) or any(_late(level, one, at) for one in found):
        return "missed"
    if any(_is_open(ticket, one) for one in found):
        return "open"
    return "kept" if any(_is_kept(one) for one in found) else None


def _is_counted(level: ServiceLevel, ticket: TicketState, reading: Reading) -> bool:
    timed = reading.target and reading.target.limit and not reading.recommended
    return bool(timed) and _is_of(level.clock, level.teams, ticket, reading)


def _is_of(clock: Kept, teams: frozenset[str], ticket: TicketState, reading: Reading) -> bool:
    if _kind(reading) != clock:
        return False
    return not clock.startswith("team") or _team(ticket, reading) in teams


def _kind(reading: Reading) -> str:
    """A solution by a team is read as one of resolve: its name tells it apart."""
    return reading.clock.partition(":")[0] if reading.kind != "promise" else "promise"


def _team(ticket: TicketState, reading: Reading) -> str:
    number = reading.clock.partition(":")[2]
    return next((one.team for one in ticket.visits if str(one.number) == number), "")


def _was_late(level: ServiceLevel, ticket: TicketState) -> bool:
    """A breach is recorded once and stands (semantics §3.10), whatever its clock shows since: by
    another severity, begun again, or run to the next answer.
    """
    there = {str(one.number) for one in ticket.visits if one.team in level.teams}
    for mark in ticket.passed:
        passed, _of, clock = mark.partition(" ")
        kind, _at, number = clock.partition(":")
        is_its = kind == level.clock and (not kind.startswith("team") or number in there)
        if is_its and (passed == "limit" or level.within == "aim"):
            return True
    return False


def _late(level: ServiceLevel, reading: Reading, at: datetime) -> bool:
    """A time without an aim is in time until its limit."""
    if level.within == "limit" or reading.aim_at is None:
        return reading.breached(at=at)
    return reading.aim_at < min(reading.met_at or reading.ended_at or at, at)


def _is_open(ticket: TicketState, reading: Reading) -> bool:
    """A team's time is over with its visit: only then is the next one another's."""
    if reading.kind.startswith("team"):
        number = reading.clock.partition(":")[2]
        visit = next((one for one in ticket.visits if str(one.number) == number), None)
        return visit is not None and visit.left_at is None and ticket.closed_at is None
    return reading.met_at is None and reading.ended_at is None


def _is_kept(reading: Reading) -> bool:
    by_ending = reading.kind in ("update", "team", "team-resolve")
    return reading.met_at is not None or by_ending


class Owed(NamedTuple):
    """What is owed for a case by a line of the book, and how that comes."""

    line: Compensation
    clock: str
    due_at: datetime
    until_at: datetime
    """When it was done, or the instant it is asked at."""
    units: int
    """How many times it is paid."""
    money: Money


def owed(desk: Desk, ticket: TicketState, *, at: datetime) -> list[Owed]:
    """Returns what is owed for a case as it stands, line by line."""
    if not desk.compensations:
        return []
    late = [one for one in readings(desk, ticket) if one.breached(at=at)]
    return list(_owed(desk, ticket, late, at))


def _owed(desk: Desk, ticket: TicketState, late: list[Reading], at: datetime) -> Iterator[Owed]:
    facets = facets_of(ticket)
    for line in desk.compensations:
        for reading in late:
            of = {**facets, "team": _team(ticket, reading) or ticket.team or ""}
            if _kind(reading) == line.clock and matches(line.when, of) and reading.due_at:
                until_at = min(reading.met_at or reading.ended_at or at, at)
                calendar = reading.calendar or desk.calendars[desk.hours]
                units = _units(line, calendar, reading.due_at, until_at)
                yield Owed(line, reading.clock, reading.due_at, until_at, units, _sum(line, units))


def _units(line: Compensation, calendar: Calendar, due_at: datetime, until_at: datetime) -> int:
    """Returns how many of its times were begun, and no more of them than are paid. All are counted
    from the limit: a month after 31 January is 28 February, and two are 31 March.
    """
    each, most = line.each, _paid_at_most(line)
    if each is None:
        return 1

    def is_over(number: int) -> bool:
        try:
            return due_at < due(calendar, due_at, times(each, number)) < until_at
        except NoOpening:
            return False

    ahead = 1
    while is_over(ahead) and (most is None or ahead < most):
        ahead *= 2
    over = bisect_left(range(1, ahead), True, key=lambda number: not is_over(number))
    return over + 1 if most is None else min(over + 1, most)


def _paid_at_most(line: Compensation) -> int | None:
    """Returns after how many times it is the most; None where no number makes it."""
    if line.most is None or not line.pays.amount:
        return None
    return max(ceil(line.most.amount / line.pays.amount), 1)


def _sum(line: Compensation, units: int) -> Money:
    money = line.pays.times(units)
    return line.most if line.most and money.amount > line.most.amount else money
