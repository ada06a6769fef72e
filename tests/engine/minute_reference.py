"""Calendar arithmetic the slow way: walk UTC minutes and ask the wall clock at each.

Kept apart from the engine on purpose: it shares only the words a calendar is written in. It needs
clock changes and edges on whole minutes.
"""

from datetime import UTC, date, datetime, time, timedelta
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
    end.
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
        self.dates = [first.date() + n * DAY for n in range(-1, days + 2)]
        self.owner = self._owners()
        self.length: dict[date, int] = {}
        for day in self.owner:
            if day:
                self.length[day] = self.length.get(day, 0) + 1

    def minutes_in(self, from_wall: datetime, until_wall: datetime) -> set[int]:
        return {
            index
            for index in range(*self._bounds(from_wall, until_wall))
            if self.latest_shown[index] >= from_wall and self._goes_on(index, until_wall)
        }

    def _goes_on(self, index: int, until_wall: datetime) -> bool:
        if until_wall.time() == time():  # the end of a date: of two midnights the first
            return self.latest_shown[index] < until_wall
        later = self.earliest_to_come[min(index + 1, self.minutes - 1)]
        return self.earliest_to_come[index] < until_wall or later <= until_wall

    def _bounds(self, from_wall: datetime, until_wall: datetime) -> tuple[int, int]:
        """A generous stretch of minutes around a wall span: no zone is 16 hours off UTC."""
        slack = timedelta(hours=16)
        start = from_wall.replace(tzinfo=UTC) - slack - self.begin
        end = until_wall.replace(tzinfo=UTC) + slack - self.begin
        return max(0, start // MINUTE), min(self.minutes, max(0, end // MINUTE))

    def _open_minutes(self, day: date) -> set[int]:
        found = self._worked(day, self.calendar.weekly.get(day.weekday(), ()))
        if found:
            found -= self._closed(day)
        for opening in self.calendar.extra:
            if opening.on == day:
                found |= self._worked(day, opening.windows)
        return {index for index in found if self._valid(index)}

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

    def _valid(self, index: int) -> bool:
        begins, ends = self.calendar.valid_from, self.calendar.valid_until
        if begins is not None:
            if not isinstance(begins, datetime):
                begins = datetime.combine(begins, time())
            if self.latest_shown[index] < begins:
                return False
        if ends is None:
            return True
        if not isinstance(ends, datetime):
            ends = datetime.combine(ends + DAY, time())
        return self._goes_on(index, ends)

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
        left = amount
        for index in range(self.index(start_at), self.minutes):
            at = self.begin + index * MINUTE
            if left <= 0:
                return at
            if any(begins <= at < ends for begins, ends in pauses):
                continue
            rate = self._rate(index, kind, factor)
            if rate and rate >= left:
                micros = left / rate * 60_000_000
                return at + timedelta(microseconds=-(-micros.numerator // micros.denominator))
            left -= rate
        return None

    def _rate(self, index: int, kind: str, factor: int) -> Fraction:
        day = self.owner[index]
        if kind == "after hours":
            return Fraction(1) if day else Fraction(1, factor)
        if day is None:
            return Fraction()
        return Fraction(1) if kind == "open" else Fraction(1, self.length[day])

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
