"""Instants in words, in the reader's own zone and always with its name; and lengths of time."""

from datetime import datetime, timedelta
from functools import lru_cache

from django.utils import timezone
from django.utils.dateformat import format as formatted
from django.utils.translation import get_language, pgettext

from deskbook.engine.wall_time import zone_named

_UNITS = (("d", 86_400), ("h", 3_600), ("min", 60))


def written(at: datetime, *, year: bool = False) -> str:
    """Returns the instant in the viewer's zone with the zone's name ("Mon 2 Mar, 17:00 EST")."""
    zone, language = timezone.get_current_timezone_name(), get_language() or ""
    return written_in(at, zone, language, year or is_far(at, zone))


def is_far(at: datetime, zone: str) -> bool:
    """Whether an instant is written with its year: it is of another one than now."""
    return at.astimezone(zone_named(zone)).year != timezone.now().astimezone(zone_named(zone)).year


@lru_cache(maxsize=8192)
def written_in(at: datetime, zone: str, language: str, far: bool) -> str:
    """Returns the instant in a zone and in the language in force, with its year where it is
    `far`.
    """
    # A list writes fifty instants, the same ones at every refresh: kept, they cost a tenth.
    local = at.astimezone(zone_named(zone))
    return formatted(local, "D j M Y, H:i " if far else "D j M, H:i ") + zone_name(local)


def zone_name(local: datetime) -> str:
    """Returns the zone's short name; zones without one are written as an offset ("UTC+04")."""
    name = local.tzname() or "UTC"
    return f"UTC{name}" if name[:1] in "+-" else name


def unit_names() -> dict[str, str]:
    """Returns the short names of day, hour and minute in the viewer's language."""
    return {
        "d": pgettext("days, short", "d"),
        "h": pgettext("hours, short", "h"),
        "min": pgettext("minutes, short", "min"),
    }


def spoken(span: timedelta) -> str:
    """Returns the two largest units of `span` ("2 h 10 min"); a sign is dropped."""
    return spoken_minutes(int(abs(span.total_seconds())) // 60, get_language() or "")


@lru_cache(maxsize=8192)
def spoken_minutes(minutes: int, _language: str) -> str:
    """Returns the same of so many minutes, in the language in force."""
    left = minutes * 60
    names = unit_names()
    parts: list[str] = []
    for unit, seconds in _UNITS:
        count, left = divmod(left, seconds)
        if len(parts) == 1 or count:
            parts.append(f"{count} {names[unit]}" if count else "")
        if len(parts) == 2:
            break
    return " ".join(filter(None, parts)) or f"0 {names['min']}"
