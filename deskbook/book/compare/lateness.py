"""Whether one clock is ever due later than another, whenever both begin.

Between two instants at which either calendar opens or closes, or at which either clock would be due
at such an instant, both due times move evenly; so those instants are all that has to be tried.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from functools import lru_cache

from deskbook.book.hours_proofs import first_instant
from deskbook.engine.amounts import (
    Amount,
    CalendarPeriod,
    CalendarTime,
    EndOfBusinessDay,
    OpenTime,
    size_of,
)
from deskbook.engine.calendar import Calendar, NoOpening
from deskbook.engine.measures import measure
from deskbook.engine.spans import due
from deskbook.engine.wall_time import instant_of, micros_of, zone_named

HORIZON = timedelta(days=366)
MOMENT = timedelta(microseconds=1)
NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Course:
    """What a clock runs by: an amount on a calendar, slower or not after hours."""

    calendar: Calendar
    amount: Amount
    after_hours: Fraction | None = None

    def due(self, start_at: datetime) -> datetime:
        """Returns when it is due; NEVER where the hours do not open long enough."""
        try:
            return due(self.calendar, start_at, self.amount, after_hours=self.after_hours)
        except NoOpening:
            return NEVER


def moment_of_lateness(old: Course, new: Course, today: date) -> datetime | None:
    """Returns a start from which the new clock is due later, on the hour where there is one; None
    where there is none within a year of `today`, or of the days the calendars are valid.
    """
    no_longer = _no_longer(old, new)
    begins = first_day((old.calendar, new.calendar), today)
    if no_longer and _opens_no_less(old, new, begins):
        return None
    on_the_hour = _found(old, new, _on_the_hour(old, today))
    if on_the_hour or (no_longer is not None and _same_hours(old, new)):
        return on_the_hour
    return _found(old, new, _edges(old, new, begins))


def _same_hours(old: Course, new: Course) -> bool:
    return replace(old.calendar, name="") == replace(new.calendar, name="")


def _no_longer(old: Course, new: Course) -> bool | None:
    """Whether the new amount is never more than the old one, of the same kind; None: of another."""
    if type(old.amount) is not type(new.amount) or old.after_hours != new.after_hours:
        return None
    if old.amount == new.amount:
        return True
    sizes = [size_of(course.amount) for course in (old, new)]
    return None if None in sizes else bool(sizes[1] <= sizes[0])  # type: ignore[operator]


def _opens_no_less(old: Course, new: Course, begins: datetime) -> bool:
    """Whether the new hours can only bring an amount forward: all that was open is open still, and
    for amounts in days, each date that was one is as it was.
    """
    if _same_hours(old, new):
        return True
    if isinstance(old.amount, CalendarTime | CalendarPeriod):
        return old.calendar.zone == new.calendar.zone
    ours, theirs = (_dates(course.calendar, begins) for course in (old, new))
    if isinstance(old.amount, OpenTime):
        return _covered(
            [s for day in ours.values() for s in day], [s for day in theirs.values() for s in day]
        )
    return all(theirs.get(day) == stretches for day, stretches in ours.items())


Stretch = tuple[datetime, datetime]


@lru_cache(maxsize=16)
def _dates(calendar: Calendar, begins: datetime) -> dict[date, list[Stretch]]:
    found: dict[date, list[Stretch]] = {}
    for opens, closes, day in calendar.segments(begins, begins + HORIZON):
        found.setdefault(day, []).append((opens, closes))
    return found


def _covered(ours: list[Stretch], theirs: list[Stretch]) -> bool:
    """Whether every stretch of one list lies in stretches of another; both in order."""
    number = 0
    for opens, closes in ours:
        while number < len(theirs) and theirs[number][1] <= opens:
            number += 1
        reached, at = opens, number
        while at < len(theirs) and theirs[at][0] <= reached < closes:
            reached, at = theirs[at][1], at + 1
        if reached < closes:
            return False
    return True


def _found(old: Course, new: Course, starts: Iterable[datetime]) -> datetime | None:
    """Returns the start with the most lateness; of equals the first in which the desk is open."""
    best, most = None, (timedelta(), False)
    for start in starts:
        was, becomes = old.due(start), new.due(start)
        rank = (becomes - was, old.calendar.is_open(start)) if becomes > was else most
        if rank > most:
            best, most = start, rank
    return best and _rounded(old, new, best)


def _rounded(old: Course, new: Course, start: datetime) -> datetime:
    """Returns the next full hour or minute that shows the same, if one does."""
    for unit in (timedelta(hours=1), timedelta(minutes=1)):
        later = start + (datetime.min.replace(tzinfo=UTC) - start) % unit
        if new.due(later) > old.due(later):
            return later
    return start


def first_day(calendars: Iterable[Calendar], today: date) -> datetime:
    """Returns where to begin to look: today, or when the hours of a desk that is over began."""
    return min(_begins(calendar, today) for calendar in calendars)


def _begins(calendar: Calendar, today: date) -> datetime:
    midnight = datetime.combine(today, time(), tzinfo=zone_named(calendar.zone)).astimezone(UTC)
    last = calendar.valid_until
    over = last is not None and (last.date() if isinstance(last, datetime) else last) < today
    opens = first_instant(calendar) + timedelta(days=1)
    return opens if over or (calendar.valid_from and opens > midnight) else midnight


def _on_the_hour(old: Course, today: date) -> Iterator[datetime]:
    """A week from the next Monday, by the wall."""
    zone = zone_named(old.calendar.zone)
    first = first_day((old.calendar,), today).astimezone(zone).date()
    monday = first + timedelta(days=-first.weekday() % 7)
    for hours in range(7 * 24):
        wall = datetime.combine(monday, time()) + timedelta(hours=hours)
        yield wall.replace(tzinfo=zone).astimezone(UTC)


def _edges(old: Course, new: Course, begins: datetime) -> Iterator[datetime]:
    ends = begins + HORIZON
    near = _touched(old, new, begins) if old.amount == new.amount else [(begins, ends)]
    tried = {begins}
    for from_at, to_at in near:
        last = max(course.due(to_at) for course in (old, new))
        edges = _openings((old, new), from_at, min(last, ends))
        tried.update(edges)
        for course in (old, new):
            tried.update(at for at in _due_at(course, begins, edges) if from_at <= at <= to_at)
    for instant in sorted(tried):
        yield from (instant - MOMENT, instant, instant + MOMENT)


def _openings(courses: tuple[Course, Course], begins: datetime, ends: datetime) -> set[datetime]:
    return {
        edge
        for course in courses
        for opens, closes, _ in course.calendar.segments(begins, max(begins, ends))
        for edge in (opens, closes)
    }


def _touched(old: Course, new: Course, begins: datetime) -> list[Stretch]:
    """Returns when a case must be opened for its clock to meet hours that are not alike."""
    ours, theirs = (_dates(course.calendar, begins) for course in (old, new))
    unlike = {
        stretch
        for day in ours.keys() | theirs.keys()
        if ours.get(day) != theirs.get(day)
        for stretch in (*ours.get(day, ()), *theirs.get(day, ()))
    }
    spread: list[Stretch] = []
    for opens, closes in sorted(unlike):
        from_at = min(_latest_start(course, begins, opens) for course in (old, new))
        if spread and from_at <= spread[-1][1]:
            spread[-1] = (spread[-1][0], closes)
        else:
            spread.append((from_at, closes))
    return spread


def _latest_start(course: Course, begins: datetime, due_at: datetime) -> datetime:
    """Returns from when on a clock is still running at an instant, or some time before."""
    clock = measure(course.calendar, micros_of(begins), course.amount, course.after_hours)
    more = 1 if clock.rounds_to_close else 0
    position = clock.position(micros_of(due_at)) - clock.amount - more
    if position <= clock.position(clock.start):
        return begins
    return instant_of(clock.instant(position))


def _due_at(course: Course, begins: datetime, edges: Iterable[datetime]) -> Iterator[datetime]:
    """The starts from which a clock is due just when hours begin or end."""
    if isinstance(course.amount, EndOfBusinessDay):
        return
    clock = measure(course.calendar, micros_of(begins), course.amount, course.after_hours)
    nothing = clock.position(clock.start)
    for edge in edges:
        position = clock.position(micros_of(edge)) - clock.amount
        if position > nothing:
            yield instant_of(clock.instant(position))
