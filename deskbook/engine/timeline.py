"""The openings of a calendar worked out ahead, with running totals: every question is a bisect.

A timeline never changes; `longer` returns a new one whose totals carry on from the same origin.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fractions import Fraction

from deskbook.engine.openings import Openings, Piece, merged
from deskbook.engine.wall_time import instant_of

_GREGORIAN_CYCLE = 400  # years after which dates and weekdays repeat
_LAST_DATE = date(9900, 1, 1)
_ONE_DAY = timedelta(days=1)
_YEAR = timedelta(days=366)

Pending = tuple[date, list[Piece]]


@dataclass(frozen=True, slots=True)
class Timeline:
    """Open stretches from one instant to another, and the business dates they belong to.

    All instants and lengths are microseconds. `exhausted`: proved to hold every opening there is.
    `pending` is the newest date, to which the next may still add. Lists run along each other:
    the first four by stretch, the last three by business date.
    """

    openings: Openings
    first_date: date
    next_date: date
    from_micros: int
    until_micros: int
    exhausted: bool = False
    pending: Pending | None = None
    opens: list[int] = field(default_factory=list)
    closes: list[int] = field(default_factory=list)
    open_before: list[int] = field(default_factory=list)
    day_of: list[int] = field(default_factory=list)
    dates: list[date] = field(default_factory=list)
    day_before: list[int] = field(default_factory=list)
    day_total: list[int] = field(default_factory=list)

    def reaches(self, micros: int) -> bool:
        """Whether the openings around that instant are known."""
        return self.exhausted or micros < self.until_micros

    def is_open(self, micros: int) -> bool:
        """Whether the instant lies in an open stretch."""
        index = bisect_right(self.opens, micros) - 1
        return index >= 0 and micros < self.closes[index]

    def open_until(self, micros: int) -> int:
        """Open time from the origin to that instant."""
        index = bisect_right(self.opens, micros) - 1
        if index < 0:
            return 0
        opens = self.opens[index]
        return self.open_before[index] + min(micros, self.closes[index]) - opens

    def days_until(self, micros: int) -> int | Fraction:
        """Business days from the origin to that instant."""
        index = bisect_right(self.opens, micros) - 1
        if index < 0:
            return 0
        day = self.day_of[index]
        passed = self.open_until(micros) - self.day_before[day]
        total = self.day_total[day]
        return day + 1 if passed == total else day + Fraction(passed, total)

    def day_at(self, micros: int) -> int:
        """The business date that is under way at that instant, or the next to open (an index)."""
        return int(self.days_until(micros))

    def instant_of_open(self, position: int) -> int | None:
        """The first instant with that much open time (> 0) behind it; None: beyond this line."""
        index = bisect_left(self.open_before, position) - 1
        if index < 0:
            return None
        found = self.opens[index] + position - self.open_before[index]
        return found if found <= self.closes[index] else None

    def instant_of_days(self, position: int | Fraction) -> int | None:
        """The first instant with that many business days behind it (> 0), rounded up to 1 µs."""
        numerator, denominator = position.numerator, position.denominator
        day = (numerator - 1) // denominator
        if day >= len(self.dates):
            return None
        part = numerator - day * denominator
        needed = -(-part * self.day_total[day] // denominator)
        return self.instant_of_open(self.day_before[day] + needed)

    def opening_from(self, micros: int) -> int | None:
        """The first open instant from that one on; None: beyond this timeline."""
        index = bisect_right(self.opens, micros) - 1
        if index >= 0 and micros < self.closes[index]:
            return micros
        return self.opens[index + 1] if index + 1 < len(self.opens) else None

    def stretches_of(self, day: int) -> Iterator[tuple[int, int]]:
        """The open stretches of one business date (an index)."""
        index = bisect_left(self.day_of, day)
        while index < len(self.opens) and self.day_of[index] == day:
            yield self.opens[index], self.closes[index]
            index += 1

    def stretches(self, start: int, end: int) -> Iterator[tuple[int, int, date]]:
        """Open stretches cut to [start, end), with their business dates."""
        for index in range(max(0, bisect_right(self.opens, start) - 1), len(self.opens)):
            opens, closes = max(start, self.opens[index]), min(end, self.closes[index])
            if self.opens[index] >= end:
                return
            if opens < closes:
                yield opens, closes, self.dates[self.day_of[index]]

    def longer(self) -> "Timeline":
        """This timeline and as much again (a year to a century), totals from the same origin."""
        grown = _unshared(self)
        day = min(self.openings.skip_from(self.next_date), _LAST_DATE)
        end = min(day + min(max(_YEAR, day - self.first_date), 100 * _YEAR), _LAST_DATE)
        pending = self.pending
        while day < end:
            if pieces := self.openings.on(day):
                pending = _taken_in(grown, pending, day, pieces)
            day += _ONE_DAY
        exhausted = _is_last(grown, pending, end)
        if pending and (exhausted or end > pending[0] + 2 * _ONE_DAY):
            _settle(grown, pending)
            pending = None
        until = self.openings.midnight(pending[0] if pending else end)
        return replace(
            grown, next_date=end, until_micros=until, exhausted=exhausted, pending=pending
        )


def first_timeline(openings: Openings, micros: int) -> Timeline:
    """A timeline that begins before the year of that instant and runs past it."""
    year = instant_of(micros).year
    # Four dates early: a window of the day before may hold time of the first date asked about.
    begin = date(year - 1, 12, 25)
    start = openings.midnight(date(year - 1, 12, 29))
    return Timeline(openings, begin, begin, start, start).longer()


def _unshared(timeline: Timeline) -> Timeline:
    return replace(
        timeline,
        opens=timeline.opens[:],
        closes=timeline.closes[:],
        open_before=timeline.open_before[:],
        day_of=timeline.day_of[:],
        dates=timeline.dates[:],
        day_before=timeline.day_before[:],
        day_total=timeline.day_total[:],
    )


def _taken_in(grown: Timeline, pending: Pending | None, day: date, pieces: list[Piece]) -> Pending:
    """The newest date after `day` is read: what opens before its last close belongs to it still."""
    if pending is None:
        return day, pieces
    covered = pending[1][-1][1]
    before = [(opens, min(closes, covered)) for opens, closes in pieces if opens < covered]
    after = [(max(opens, covered), closes) for opens, closes in pieces if closes > covered]
    pending = (pending[0], merged(pending[1] + before)) if before else pending
    if not after:
        return pending
    _settle(grown, pending)
    return day, after


def _settle(grown: Timeline, pending: Pending) -> None:
    """Add a finished business date to lists that nobody else sees yet."""
    day, pieces = pending
    total = grown.day_before[-1] + grown.day_total[-1] if grown.dates else 0
    grown.day_before.append(total)
    for opens, closes in pieces:
        grown.opens.append(opens)
        grown.closes.append(closes)
        grown.open_before.append(total)
        grown.day_of.append(len(grown.dates))
        total += closes - opens
    grown.dates.append(day)
    grown.day_total.append(total - grown.day_before[-1])


def _is_last(grown: Timeline, pending: Pending | None, end: date) -> bool:
    """Whether it is proved that no date from `end` on opens."""
    last_word = grown.openings.nothing_after()
    if end >= _LAST_DATE or (last_word is not None and grown.openings.midnight(end) >= last_word):
        return True
    found = pending[0] if pending else (grown.dates or [grown.first_date])[-1]
    return end.year - max(found.year, grown.openings.last_written_year) > _GREGORIAN_CYCLE
