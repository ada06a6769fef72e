"""Lengths of time in words, in the reader's language."""

from datetime import timedelta
from functools import lru_cache

from django.utils.translation import get_language, pgettext

_UNITS = (("d", 86_400), ("h", 3_600), ("min", 60))


def unit_names() -> dict[str, str]:
    """Returns the short names of day, hour and minute in the viewer's language."""
    return {
        "d": pgettext("days, short", "d"),
        "h": pgettext("hours, short", "h"),
        "min": pgettext("minutes, short", "min"),
    }


def spoken(span: timedelta) -> str:
    """Returns the two largest units of `span` ("2 h 10 min"); a sign is dropped."""
    return in_minutes(int(abs(span.total_seconds())) // 60, get_language() or "")


@lru_cache(maxsize=8192)
def in_minutes(minutes: int, _language: str) -> str:
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
