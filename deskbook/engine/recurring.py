"""Lines of a book by which something comes by itself, on dates that come round again."""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Literal

from deskbook.engine.plan_parts import Period

WEEK = frozenset(range(7))
WhenClosed = Literal["next working day", "working day before", "left out", "as written"]


@dataclass(frozen=True, slots=True)
class Dates:
    """Dates that come round: some weekdays, or the nth of them in a month."""

    weekdays: frozenset[int] = WEEK
    """0 is Monday."""
    working: bool = False
    """Only dates on which the hours open count, the nth too."""
    nth: frozenset[int] = frozenset()
    """Which of them in a month, from 1; from its end, from -1. Empty is all."""
    months: frozenset[int] | None = None
    weeks: int = 1
    """Every so many weeks, counted from `from_day`."""
    from_day: date | None = None
    until_day: date | None = None

    def in_month(self, first: date, opens: Mapping[date, object]) -> list[date]:
        """Returns those of the month that begins on `first`; `opens` has the dates that open."""
        if self.months is not None and first.month not in self.months:
            return []
        days = [
            day
            for day in _month(first)
            if day.weekday() in self.weekdays and (not self.working or day in opens)
        ]
        places = {n - 1 if n > 0 else len(days) + n for n in self.nth} or range(len(days))
        return [day for place, day in enumerate(days) if place in places and self._holds(day)]

    def _holds(self, day: date) -> bool:
        begun = self.from_day is None or day >= self.from_day
        if not begun or (self.until_day is not None and day > self.until_day):
            return False
        if self.weeks == 1 or self.from_day is None:
            return True
        monday = self.from_day - timedelta(days=self.from_day.weekday())
        return (day - monday).days // 7 % self.weeks == 0


def _month(first: date) -> list[date]:
    return [first + timedelta(days=n) for n in range(monthrange(first.year, first.month)[1])]


@dataclass(frozen=True, slots=True)
class Timetable:
    """When something comes by itself."""

    dates: Dates
    said: str
    """The dates in the book's words: "first working day of the month"."""
    at: time | None = None
    """Wall time of the hours; None is when they open that day."""
    hours: str | None = None
    """Calendar that says which days are open; None is the desk's."""
    closed: WhenClosed = "next working day"
    """What becomes of one that falls on a closed day."""


@dataclass(frozen=True, slots=True)
class PromisedReport:
    """Numbers of a desk that somebody is mailed on dates that come round."""

    key: str
    title: str
    when: Timetable
    to: tuple[str, ...]
    """Teams, outside contacts, "leads", "owners", or addresses."""
    says: tuple[str, ...]
    """Reports, by their words."""
    of: Period = "month"
    """The last whole one before the day."""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Recurring:
    """A case that opens by itself."""

    key: str
    title: str
    when: Timetable
    text: str = ""
    requester: str = ""
    """Mail address of whom it is done for; empty is the desk itself."""
    severity: str | None = None
    facets: Mapping[str, str] = field(default_factory=dict)
    team: str | None = None
    line: int = 0
