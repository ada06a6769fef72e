"""The steps of time a report counts by: days, weeks or months of a desk's calendar."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

Size = Literal["day", "week", "month"]
DAYS_BY_DAY = 31
DAYS_BY_WEEK = 366
LONGEST = timedelta(days=3653)
"""Ten years: more months than a page can show."""


@dataclass(frozen=True, slots=True)
class Step:
    """From its first day's midnight to the next step's, both UTC or with the desk's zone."""

    first: date
    from_at: datetime
    until_at: datetime


def size_for(first: date, last: date) -> Size:
    """Returns what a stretch of days, both of them included, is counted by."""
    days = (last - first).days + 1
    return "day" if days <= DAYS_BY_DAY else "week" if days <= DAYS_BY_WEEK else "month"


def steps_between(first: date, last: date, zone: str) -> tuple[Step, ...]:
    """Returns the steps that hold both days, in order. The first may begin on an earlier day, and
    the last end on a later one: a week that is half looked at says nothing.
    """
    size, place, steps = size_for(first, last), ZoneInfo(zone), []
    begins = beginning(first, size)
    while begins <= last:
        ends = _after(begins, size)
        steps.append(Step(begins, _midnight(begins, place), _midnight(ends, place)))
        begins = ends
    return tuple(steps)


def beginning(day: date, size: Size) -> date:
    """Returns the first day of the step a day lies in; weeks begin on Monday (ISO 8601)."""
    if size == "month":
        return day.replace(day=1)
    return day - timedelta(days=day.weekday()) if size == "week" else day


def _after(begins: date, size: Size) -> date:
    if size == "month":
        return (begins + timedelta(days=31)).replace(day=1)
    return begins + timedelta(days=7 if size == "week" else 1)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)
