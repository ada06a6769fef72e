"""The hours the stories of these tests are told with."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from deskbook.engine.calendar import Calendar, Closure, ExtraOpening, parse_window


def instant(text: str, zone: str) -> datetime:
    """The instant (UTC) at which a wall clock in the zone shows `2026-03-06 19:00`."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def shown(at: datetime, zone: str) -> str:
    """What a wall clock in the zone shows, with its weekday."""
    return at.astimezone(ZoneInfo(zone)).strftime("%a %Y-%m-%d %H:%M")


def wall(text: str) -> datetime:
    return datetime.fromisoformat(text)


def whole_day(text: str, name: str = "") -> Closure:
    start = wall(text)
    return Closure(start, start.replace(day=start.day + 1), name)


def worked(text: str, hours: str, name: str = "") -> ExtraOpening:
    return ExtraOpening(wall(text).date(), (parse_window(hours),), name)


def on_weekdays(zone: str, *hours: str, **more: object) -> Calendar:
    windows = tuple(parse_window(text) for text in hours)
    return Calendar(zone, dict.fromkeys(range(5), windows), **more)


def every_day(zone: str, *hours: str, **more: object) -> Calendar:
    windows = tuple(parse_window(text) for text in hours)
    return Calendar(zone, dict.fromkeys(range(7), windows), **more)
