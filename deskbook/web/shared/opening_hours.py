"""Whether a desk, or one of its calendars, is open now, and when it opens or closes next."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from deskbook.engine.calendar import Calendar, NoOpening
from deskbook.engine.desk import Desk

AHEAD = timedelta(days=8)


@dataclass(frozen=True, slots=True)
class Hours:
    """Open until `changes_at`, or closed until then; None when no change is in sight."""

    is_open: bool
    changes_at: datetime | None


def hours_now(desk: Desk, *, at: datetime) -> Hours:
    """Returns the state of the desk's own calendar."""
    return hours_of(desk.calendars[desk.hours], at=at)


def hours_of(calendar: Calendar, *, at: datetime) -> Hours:
    """Returns the state of a calendar; a day at midnight that joins the next is one opening."""
    if not calendar.is_open(at):
        return Hours(is_open=False, changes_at=_next_opening(calendar, at))
    closes_at = at
    for opens_at, until_at, _day in calendar.segments(at, at + AHEAD):
        if opens_at > closes_at:
            break
        closes_at = until_at
    return Hours(is_open=True, changes_at=closes_at if closes_at < at + AHEAD else None)


def _next_opening(calendar: Calendar, at: datetime) -> datetime | None:
    try:
        return calendar.next_opening(at)
    except NoOpening:
        return None
