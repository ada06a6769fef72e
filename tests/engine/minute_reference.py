"""Calendar arithmetic the slow way: walk UTC minutes and ask the wall clock at each.

Kept apart from the engine on purpose: it shares only the words a calendar is written in. It needs
clock changes and edges on whole minutes.
"""

from bisect import bisect_left, bisect_right
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from functools import cache
from itertools import accumulate
from zoneinfo import ZoneInfo

from deskbook.engine.calendar import Calendar, Closure, Window

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


@cache
def _shown(
    zone: str, begin: datetime, minutes: int
) -> tuple[datetime, list[datetime], list[datetime]]:
    """What the wall shows first, the latest it has shown by each minute, and the earliest it is
    still to show.

    A span of wall time has begun once its first minute, or a later one, was ever shown, and goes on
    while a minute before its end, or its end a second time, is still to be shown; a date has one
    end. Both only grow, so that a span's first and last minute are looked up.
    """
    wall = ZoneInfo(zone)
    walls = [
        (begin + index * MINUTE).astimezone(wall).replace(tzinfo=None) for index in range(minutes)
    ]
    return walls[0], list(accumulate(walls, max)), list(accumulate(reversed(walls), min))[::-1]


class MinuteReference:
    """Every minute from one UTC instant for a number of days: open or not, and for which date."""

    def __init__(self, calendar: Calendar, begin: datetime, days: int) -> None:
        self.calendar = calendar
        self.begin = begin
        self.minutes = days * 24 * 60
        first, self.latest_shown, self.earliest_to_come = _shown(calendar.zone, begin, self.minutes)
        self.valid = self._valid()
        self.dates = [first.date() + n * DAY for n in range(-1, days + 2)]
        self.owner = self._owners()
        self.length: dict[date, int] = {}
        for day in self.owner:
            if day:
                self.length[day] = self.length.get(day, 0) + 1

    def minutes_in(self, from_wall: datetime, until_wall: datetime) -> set[int]:
        return set(range(self._begin_of(from_wall), self._end_of(until_wall)))

    def _begin_of(self, wall: datetime) -> int:
        """The minute at which a wall time, or a later one, was shown first."""
        return bisect_left(self.latest_shown, wall)

    def _end_of(self, wall: datetime) -> int:
        """The minute from which on a span that ends at a wall time does not go on."""
        if wall.time() == time():  # the end of a date: of two midnights the first
            return self._begin_of(wall)
        over = bisect_right(self.earliest_to_come, wall)
        if over == self.minutes:
            return over
        return max(bisect_left(self.earliest_to_come, wall), over - 1)

    def _open_minutes(self, day: date) -> set[int]:
        found = self._worked(day, self.calendar.weekly.get(day.weekday(), ()))
        if found:
            found -= self._closed(day)
        for opening in self.calendar.extra:
            if opening.on == day:
                found |= self._worked(day, opening.windows)
        return found.intersection(self.valid)

    def _worked(self, day: date, windows: tuple[Window, ...]) -> set[int]:
        midnight = datetime.combine(day, time())
        return set().union(
            *(self.minutes_in(midnight + hours.opens, midnight + hours.closes) for hours in windows)
        )

    def _closed(self, day: date) -> set[int]:
        found: set[int] = set()
        for closure in self.calendar.closures:
            if isinstance(closure, Closure):
                found |= self.minutes_in(closure.from_at, closure.until_at)
                continue
            for near in (day - DAY, day, day + DAY):
                if closure.closes(near):
                    start = datetime.combine(near, time())
                    found |= self.minutes_in(start, start + DAY)
        return found

    def _valid(self) -> range:
        begins, ends = self.calendar.valid_from, self.calendar.valid_until
        if begins is not None and not isinstance(begins, datetime):
            begins = datetime.combine(begins, time())
        if ends is not None and not isinstance(ends, datetime):
            ends = datetime.combine(ends + DAY, time())
        return range(
            self._begin_of(begins) if begins else 0,
            self._end_of(ends) if ends else self.minutes,
        )

    def _owners(self) -> list[date | None]:
        owners: list[date | None] = [None] * self.minutes
        held: date | None = None
        held_until = -1
        for day in self.dates:
            mine = self._open_minutes(day)
            for index in mine:
                if index <= held_until and owners[index] is None:
                    owners[index] = held
            later = {index for index in mine if index > held_until}
            if later:
                held, held_until = day, max(later)
                for index in later:
                    owners[index] = day
        return owners

    def index(self, at: datetime) -> int:
        return (at - self.begin) // MINUTE

    def is_open(self, at: datetime) -> bool:
        return self.owner[self.index(at)] is not None

    def open_between(self, from_at: datetime, to_at: datetime) -> timedelta:
        held = self.owner[self.index(from_at) : self.index(to_at)]
        return sum(day is not None for day in held) * MINUTE

    def days_between(self, from_at: datetime, to_at: datetime) -> Fraction:
        held = self.owner[self.index(from_at) : self.index(to_at)]
        return sum((Fraction(1, self.length[day]) for day in held if day), Fraction())

    def due(
        self,
        start_at: datetime,
        amount: Fraction,
        kind: str,
        pauses: list[tuple[datetime, datetime]],
        factor: int = 1,
    ) -> datetime | None:
        """When `amount` (minutes or business days) has run; None if past the minutes walked."""
        left, rates = amount, self._rates(kind, factor)
        paused = {
            index
            for begins, ends in pauses
            for index in range(self.index(begins), self.index(ends))
        }
        for index in range(self.index(start_at), self.minutes):
            rate = rates[self.owner[index]]
            if index in paused or not rate:
                continue
            if rate >= left:
                micros = left / rate * 60_000_000
                ran = timedelta(microseconds=-(-micros.numerator // micros.denominator))
                return self.begin + index * MINUTE + ran
            left -= rate
        return None

    def _rates(self, kind: str, factor: int) -> dict[date | None, Fraction]:
        """How much of the amount each minute is, by the date it is open for; None: it is closed."""
        closed = Fraction(1, factor) if kind == "after hours" else Fraction()
        counts = {day: Fraction(1, self.length[day] if kind == "bd" else 1) for day in self.length}
        return {None: closed, **counts}

    def end_of_day(self, start_at: datetime, count: int) -> datetime | None:
        """The close of the nth date that still has an open minute from the start on."""
        ahead: list[date] = []
        for day in self.owner[self.index(start_at) :]:
            if day and day not in ahead:
                ahead.append(day)
        if len(ahead) <= count:  # the last one seen may be cut off by the end of the walk
            return None
        day = ahead[count - 1]
        last = max(index for index, owner in enumerate(self.owner) if owner == day)
        return self.begin + (last + 1) * MINUTE
