"""How far each kind of amount has got at an instant, and its inverse.

A measure maps instants (microseconds since 1970) to positions that never fall; `instant` gives the
first instant at which a position is reached. Pauses and progress are subtractions of positions.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Protocol

from deskbook.engine.amounts import (
    Amount,
    AmountError,
    BusinessDays,
    CalendarPeriod,
    CalendarTime,
    EndOfBusinessDay,
    OpenTime,
    format_amount,
)
from deskbook.engine.calendar import Calendar
from deskbook.engine.timeline import Timeline
from deskbook.engine.wall_time import MICRO, resolve, wall_of, zone_named

Stop = tuple[int, int, str]  # a pause in microseconds since 1970, with its reason


class Measure(Protocol):
    """Positions of one amount from one start; due when those between them make the amount."""

    by_calendar: bool  # whether the calendar's hours matter
    rounds_to_close: bool  # whether more may run than the amount, up to a close
    start: int
    amount: int | Fraction

    def position(self, micros: int) -> int | Fraction:
        """How far the amount has got at that instant, pauses aside."""

    def instant(self, position: int | Fraction) -> int:
        """The first instant at that position. Raises NoOpening."""

    def shown(self, position: int | Fraction) -> timedelta | Fraction:
        """A difference of positions as people read it: time, or business days."""

    def due(self, stops: Sequence[Stop]) -> int:
        """The first instant by which the amount has passed outside the stops. Raises NoOpening."""
        if not self.amount:
            return self.start
        target = self.position(self.start) + self.amount
        found = self.instant(target)
        for begins, ends, _ in stops:
            if begins >= found:
                break
            target += self.position(ends) - self.position(begins)
            found = self.instant(target)
        return found


def measure(
    calendar: Calendar, start: int, amount: Amount, after_hours: Fraction | int | None
) -> Measure:
    """The measure of an amount from `start`.

    `after_hours` is a factor of at least 1 and goes with open time only: raises AmountError.
    """
    if after_hours is not None:
        return _after_hours(calendar, start, amount, Fraction(after_hours))
    match amount:
        case OpenTime(duration):
            return _Open(calendar, start, duration // MICRO)
        case BusinessDays(days):
            return _Days(calendar, start, days)
        case EndOfBusinessDay(count):
            return _Dates(calendar, start, count)
        case CalendarTime(duration):
            dates, rest = divmod(duration, timedelta(days=1))
            later = _on_the_wall(calendar, start, lambda wall: wall + timedelta(days=dates))
            return _AroundTheClock(start, later + rest // MICRO - start)
        case CalendarPeriod():
            return _AroundTheClock(
                start, _on_the_wall(calendar, start, lambda wall: _added(wall, amount)) - start
            )


class _ByCalendar(Measure):
    """A calendar's timeline, kept long enough for every instant and position asked about."""

    by_calendar = True
    rounds_to_close = False

    def __init__(self, calendar: Calendar, start: int) -> None:
        self.calendar = calendar
        self.start = start
        self.timeline = calendar.timeline(start)

    def reaching(self, micros: int) -> Timeline:
        while not self.timeline.reaches(micros):
            self.lengthen()
        return self.timeline

    def lengthen(self) -> None:
        self.timeline = self.calendar.longer(self.timeline, self.start)


class _Open(_ByCalendar):
    """Open microseconds."""

    def __init__(self, calendar: Calendar, start: int, amount: int) -> None:
        super().__init__(calendar, start)
        self.amount = amount

    def position(self, micros: int) -> int:
        return self.reaching(micros).open_until(micros)

    def instant(self, position: int | Fraction) -> int:
        while (found := self.timeline.instant_of_open(int(position))) is None:
            self.lengthen()
        return found

    def shown(self, position: int | Fraction) -> timedelta:
        return int(position) * MICRO


class _AfterHours(_ByCalendar):
    """Open time at full speed and closed time at 1/f, in units of 1/(f's numerator) µs.

    Closed time counts only while an opening is still ahead: a desk that is gone has no hours to
    be after.
    """

    def __init__(self, calendar: Calendar, start: int, amount: int, factor: Fraction) -> None:
        super().__init__(calendar, start)
        self.fast, self.slow = factor.numerator, factor.denominator
        self.amount = amount * self.fast

    def position(self, micros: int) -> int:
        open_time = self.reaching(micros).open_until(micros)
        return self.fast * open_time + self.slow * (micros - self.start - open_time)

    def instant(self, position: int | Fraction) -> int:
        while not self.timeline.closes or self.position(self.timeline.closes[-1]) < position:
            self.lengthen()
        line = self.timeline
        first = bisect_left(line.closes, self.start)
        near = min(first + 4, len(line.closes) - 1)  # most are due within days
        last = near if self.position(line.closes[near]) >= position else len(line.closes)
        index = bisect_left(line.closes, position, first, last, key=self.position)
        from_micros = line.closes[index - 1] if index else self.start
        opens = line.opens[index]
        if self.position(opens) < position:
            return opens - int((self.position(opens) - position) // self.fast)
        return from_micros - int((self.position(from_micros) - position) // self.slow)

    def shown(self, position: int | Fraction) -> timedelta:
        return int(position // self.fast) * MICRO


class _Days(_ByCalendar):
    """Business days."""

    def __init__(self, calendar: Calendar, start: int, amount: int | Fraction) -> None:
        super().__init__(calendar, start)
        self.amount = amount

    def position(self, micros: int) -> int | Fraction:
        return self.reaching(micros).days_until(micros)

    def instant(self, position: int | Fraction) -> int:
        while (found := self.timeline.instant_of_days(position)) is None:
            self.lengthen()
        return found

    def shown(self, position: int | Fraction) -> Fraction:
        return Fraction(position)


class _Dates(_Days):
    """Business days up to the close of the nth date on which the clock ran.

    A date counts once the clock ran in any of its open time, and it does not end in a pause. So an
    hour's pause moves nothing, a pause over a close moves on to the next, and a case opened later
    is still never due earlier.
    """

    rounds_to_close = True

    def __init__(self, calendar: Calendar, start: int, count: int) -> None:
        super().__init__(calendar, start, count)

    def due(self, stops: Sequence[Stop]) -> int:
        day = self.timeline.day_at(self.start)
        if not stops:
            return self.instant(day + self.amount)
        dates_left = self.amount
        while True:
            close = self.instant(day + 1)
            runs = _running(self.timeline.stretches_of(day), self.start, stops)
            dates_left -= bool(runs)
            if dates_left <= 0 and not any(begins < close <= ends for begins, ends, _ in stops):
                return close
            day += 1


def _running(stretches: Iterable[tuple[int, int]], start: int, stops: Sequence[Stop]) -> int:
    """Open time from `start` on outside the stops."""
    return sum(
        max(0, closes - max(opens, start))
        - sum(max(0, min(ends, closes) - max(begins, opens)) for begins, ends, _ in stops)
        for opens, closes in stretches
    )


class _AroundTheClock(Measure):
    """Microseconds of the world's clock."""

    by_calendar = False
    rounds_to_close = False

    def __init__(self, start: int, amount: int) -> None:
        self.start = start
        self.amount = amount

    def position(self, micros: int) -> int:
        return micros

    def instant(self, position: int | Fraction) -> int:
        return int(position)

    def shown(self, position: int | Fraction) -> timedelta:
        return int(position) * MICRO


def _after_hours(calendar: Calendar, start: int, amount: Amount, factor: Fraction) -> Measure:
    if factor < 1:
        raise AmountError(f"after hours at factor {factor}: it slows time down, so at least 1")
    if not isinstance(amount, OpenTime):
        raise AmountError(
            f"after hours goes with open time such as 2h, not with {format_amount(amount)}"
        )
    return _AfterHours(calendar, start, amount.duration // MICRO, factor)


def _on_the_wall(calendar: Calendar, start: int, added: Callable[[datetime], datetime]) -> int:
    """The instant the wall shows what `added` makes of its time at `start`: a clock change moves no
    promise.
    """
    zone = zone_named(calendar.zone)
    wall = wall_of(zone, start)
    later = resolve(zone, added(wall.replace(fold=0)), second=False)
    if not wall.fold:
        return later
    # Started in an hour shown twice, the second time: never due before a start in the first.
    repeat_ends = wall.replace(fold=0) + (start - resolve(zone, wall, second=False)) * MICRO
    return max(later, resolve(zone, added(repeat_ends), second=False))


def _added(wall: datetime, period: CalendarPeriod) -> datetime:
    """Whole weeks and months later; a month's end is clamped."""
    months = wall.year * 12 + wall.month - 1 + period.months
    year, month = divmod(months, 12)
    following = wall.replace(year=year + (month == 11), month=(month + 1) % 12 + 1, day=1)
    last = (following - timedelta(days=1)).day
    return wall.replace(year=year, month=month + 1, day=min(wall.day, last)) + timedelta(
        weeks=period.weeks
    )
