"""At which instants what comes round by a book comes."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from deskbook.engine.calendar import Calendar
from deskbook.engine.campaign import campaign_of
from deskbook.engine.decide_open import Case
from deskbook.engine.desk import Desk
from deskbook.engine.recurring import Recurring, Timetable
from deskbook.engine.wall_time import instant_of, resolve, zone_named

CHANNEL = "calendar"
"""By which channel a case came that opened by itself."""
_FAR = timedelta(days=62)
"""So long a closure may be for the next working day after it to be found."""
_DAY = timedelta(days=1)
_INSTANT = timedelta(microseconds=1)


class Coming(NamedTuple):
    """One time that something comes."""

    at: datetime
    day: date
    written: date
    """The day by the book, before a closed one moved it."""
    turn: str
    """Which of its times this is; a closed day that is entered later leaves it as it was."""


def coming(desk: Desk, when: Timetable, after_at: datetime, until_at: datetime) -> list[Coming]:
    """Returns when it comes after one instant and up to another, in order, no day twice; nothing
    outside the dates between which the desk exists.
    """
    calendar, campaign = desk.calendars[when.hours or desk.hours], campaign_of(desk)
    zone = zone_named(calendar.zone)
    first = (after_at.astimezone(zone).date() - _FAR).replace(day=1)
    last = until_at.astimezone(zone).date() + _FAR
    opens = _opens(calendar, first, last)
    found: dict[date, Coming] = {}
    for month in _months(first, last):
        for written in when.dates.in_month(month, opens):
            day = _moved(written, when, opens)
            if day is not None and (day not in found or day == written):
                at = _instant(day, when, calendar, opens)
                found[day] = Coming(at, day, written, _turn(written, when))
    return sorted(
        one
        for one in found.values()
        if after_at < one.at <= until_at and (campaign is None or campaign.state(at=one.at) == "on")
    )


def said_before(now: Desk, then: Desk, one: Coming, when: Timetable | None) -> bool:
    """Returns whether the book of before, whose line has these dates (None: it had none), said the
    same time that the book of now says.
    """
    if now.version == then.version:
        return True
    return when is not None and any(
        other.turn == one.turn for other in coming(then, when, one.at - _INSTANT, one.at)
    )


def case_of(line: Recurring, requester: str, message: str | None = None) -> Case:
    """Returns the case a line opens."""
    return Case(
        requester=requester,
        channel=CHANNEL,
        facets=dict(line.facets),
        severity=line.severity,
        message=message,
        team=line.team,
        recurring=line.key,
    )


def _opens(calendar: Calendar, first: date, last: date) -> dict[date, datetime]:
    """Returns when each date opens that does."""
    zone, opens = zone_named(calendar.zone), dict[date, datetime]()
    from_at = instant_of(resolve(zone, datetime.combine(first, time()), second=False))
    to_at = instant_of(resolve(zone, datetime.combine(last + _DAY, time()), second=False))
    for opens_at, _closes_at, day in calendar.segments(from_at, to_at):
        opens.setdefault(day, opens_at)
    return opens


def _months(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first = (first + 31 * _DAY).replace(day=1)


def _moved(day: date, when: Timetable, opens: Mapping[date, datetime]) -> date | None:
    if day in opens or when.closed == "as written":
        return day
    if when.closed == "left out":
        return None
    step = _DAY if when.closed == "next working day" else -_DAY
    near = (day + step * n for n in range(1, _FAR.days))
    return next((other for other in near if other in opens), None)


def _turn(written: date, when: Timetable) -> str:
    """The nth working day of a month moves with its closed days; the month does not."""
    is_nth = when.dates.working and when.dates.nth
    return f"{written:%Y-%m}" if is_nth else f"{written}"


def _instant(
    day: date, when: Timetable, calendar: Calendar, opens: Mapping[date, datetime]
) -> datetime:
    if when.at is None and day in opens:
        return opens[day]
    wall = datetime.combine(day, when.at or time())
    return instant_of(resolve(zone_named(calendar.zone), wall, second=False))
