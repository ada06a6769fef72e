"""Open hours of two books, weekday by weekday."""

from collections.abc import Iterator

from deskbook.book.calendars import read_days
from deskbook.book.compare.sides import Spot
from deskbook.book.words import LONG_DAYS
from deskbook.engine.calendar import Window

Week = dict[int, tuple[Window, ...]]


def weekly_differences(old: Spot, new: Spot) -> Iterator[tuple[str, Spot, Spot]]:
    """Yields a sentence for the days that changed alike, with the lines that say so."""
    before, after = _week(old), _week(new)
    days_of: dict[tuple[tuple[Window, ...], tuple[Window, ...]], list[int]] = {}
    for day in range(7):
        pair = before.get(day, ()), after.get(day, ())
        if pair[0] != pair[1]:
            days_of.setdefault(pair, []).append(day)
    for (was, becomes), days in days_of.items():
        said = f"{_days(days)} {_told(was, becomes)}"
        yield said, _line_of(old, days[0]), _line_of(new, days[0])


def _week(spot: Spot) -> Week:
    week: Week = {}
    for said, windows in (spot.value.__pydantic_extra__ or {}).items():
        for day in read_days(said):
            week[day] = tuple(sorted({*week.get(day, ()), *windows}, key=lambda w: w.opens))
    return {day: windows for day, windows in week.items() if windows}


def _line_of(spot: Spot, day: int) -> Spot:
    said = spot.value.__pydantic_extra__ or {}
    key = next((key for key in said if day in read_days(key)), None)
    return spot.below(key, said[key]) if key else spot


def _days(days: list[int]) -> str:
    names = [LONG_DAYS[day].capitalize() for day in days]
    if len(days) > 2 and days == list(range(days[0], days[-1] + 1)):
        return f"{names[0]} to {names[-1]}"
    return " and ".join(names)


def _told(was: tuple[Window, ...], becomes: tuple[Window, ...]) -> str:
    if not becomes:
        return f"no more open (was {_windows(was)})"
    return f"{_windows(was)} → {_windows(becomes)}" if was else f"open now, {_windows(becomes)}"


def _windows(windows: tuple[Window, ...]) -> str:
    return " and ".join("-".join(window.clocks) for window in windows)
