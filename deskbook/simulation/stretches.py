"""Stretches of time: when something is open, or somebody is there."""

from bisect import bisect_right
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from deskbook.engine.calendar import Calendar
from deskbook.simulation.load import People

Stretch = tuple[datetime, datetime]


def open_stretches(
    calendar: Calendar | None, from_at: datetime, until_at: datetime
) -> list[Stretch]:
    """Returns when a calendar is open between two instants, in order; all of it without one."""
    if calendar is None:
        return [(from_at, until_at)]
    return joined((a, b) for a, b, _ in calendar.segments(from_at, until_at))


def joined(stretches: Iterable[Stretch]) -> list[Stretch]:
    """Returns the stretches in order, those that touch or overlap made one."""
    found: list[Stretch] = []
    for from_at, until_at in sorted(stretches):
        if found and from_at <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], until_at))
        elif from_at < until_at:
            found.append((from_at, until_at))
    return found


def without(stretches: Iterable[Stretch], taken: Iterable[Stretch]) -> list[Stretch]:
    """Returns what is left of the stretches."""
    left = list(stretches)
    for away_at, back_at in taken:
        left = [
            part
            for from_at, until_at in left
            for part in ((from_at, min(until_at, away_at)), (max(from_at, back_at), until_at))
            if part[0] < part[1]
        ]
    return left


def at_work(people: People, zone: str, from_at: datetime, until_at: datetime) -> list[Stretch]:
    """Returns when each of these people is at work: on their shifts, else in their hours, and not
    on leave.
    """
    if people.hours is None:
        own = joined(people.shifts)
        clipped = [(max(a, from_at), min(b, until_at)) for a, b in own]
        stretches = [(a, b) for a, b in clipped if a < b]
    else:
        stretches = open_stretches(people.hours, from_at, until_at)
    where = ZoneInfo(people.hours.zone if people.hours else zone)
    return without(stretches, [whole_days(first, last, where) for first, last in people.leave])


def whole_days(first: date, last: date, zone: ZoneInfo) -> Stretch:
    """Returns the days from the first to the last, on the walls of a zone."""
    ends = (first, last + timedelta(days=1))
    from_at, until_at = (datetime.combine(day, time(), zone).astimezone(UTC) for day in ends)
    return from_at, until_at


def closes_at(stretches: list[Stretch], at: datetime) -> datetime | None:
    """Returns when the stretch around an instant ends, None where none is around it."""
    index = bisect_right(stretches, at, key=lambda stretch: stretch[0]) - 1
    return stretches[index][1] if index >= 0 and at < stretches[index][1] else None
