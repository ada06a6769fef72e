"""`Mon 2026-03-02 10:00` in a book's zone: wall time as a scenario writes it."""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from deskbook.book.words import DAYS, fold, in_years, read_date, read_zone, wall_moment

MOMENT = (
    r"(?:(mon|tue|wed|thu|fri|sat|sun)[a-z]* )?(\d{4}-\d{2}-\d{2}) (\d{1,2}:\d{2})"
    r"(?: ([A-Z][A-Za-z_]+(?:/[A-Za-z_+\-0-9]+)+|UTC))?"
)
INNER_MOMENT = (
    MOMENT.replace("((", "(?:(")
    .replace("(mon", "(?:mon")
    .replace(r"(\d", r"(?:\d")
    .replace("([A-Z]", "(?:[A-Z]")
)
"""The same without groups of its own, for use inside a sentence."""
_MOMENT = re.compile(MOMENT, re.ASCII | re.IGNORECASE)


class WrongMoment(ValueError):
    """A moment that cannot be; the message says why."""


def read_moment(text: str, zone: str) -> tuple[datetime, str]:
    """Returns the instant (UTC) that begins `text`, and what follows it. Raises WrongMoment."""
    said = " ".join(text.split())
    found = _MOMENT.match(said)
    if not found:
        raise WrongMoment(
            f"{said[:40]!r} does not begin with a moment: write Mon 2026-03-02 10:00, then a"
            " sentence"
        )
    weekday, day_text, clock, own_zone = found.groups()
    try:
        day = in_years(read_date(day_text))
        wall = wall_moment(day, clock)
        named = ZoneInfo(read_zone(own_zone) if own_zone else zone)
    except ValueError as exc:
        raise WrongMoment(str(exc)) from None
    if weekday and DAYS.index(fold(weekday)) != day.weekday():
        raise WrongMoment(f"{day} is a {DAYS[day.weekday()].title()}, not a {weekday.title()}")
    at = wall.replace(tzinfo=named).astimezone(UTC)
    if at.astimezone(named).replace(tzinfo=None) != wall:
        raise WrongMoment(
            f"{day} {clock} does not exist in {named.key}: the clocks go forward over it"
        )
    return at, said[found.end() :].strip(" :")


def written(at: datetime, zone: str) -> str:
    """Returns an instant as a scenario writes it, with seconds when it has some."""
    wall = at.astimezone(ZoneInfo(zone))
    return f"{DAYS[wall.weekday()].title()} {wall:%Y-%m-%d %H:%M}" + (
        f"{wall:%S}".join((":", "")) if wall.second else ""
    )
