"""Dates that come round, as an owner words them: to the engine's."""

import re
from calendar import monthrange
from dataclasses import replace
from datetime import date, datetime

from deskbook.book.calendars import (
    MONTHS,
    NTH_WEEKDAY,
    read_days,
    read_months,
    read_weekday,
)
from deskbook.book.findings import Path, Remarks
from deskbook.book.names import Names
from deskbook.book.schema.recurring import OnDates
from deskbook.book.words import NTH, fold
from deskbook.engine.recurring import WEEK, Dates, Timetable

FORMS = (
    "working day, monday, first monday of the month, first working day of the month, 15th of the"
    " month, 1 April, 2 weeks"
)
_LEAP_YEAR = 2024
_NTH = "|".join(NTH)
_MONTH = "|".join((*MONTHS, *(name[:3] for name in MONTHS)))
_PERIODS = {"quarter": (1, 4, 7, 10), "half-year": (1, 7), "year": (1,)}


def read_timetable(entry: OnDates, path: Path, hours: Names, remarks: Remarks) -> Timetable | None:
    """Returns when something comes; None, and a remark, where its dates cannot be read."""
    try:
        dates = _within(read_dates(entry.every), entry)
    except ValueError as exc:
        remarks.error((*path, "every"), str(exc), "every")
        return None
    if dates.from_day and dates.until_day and dates.until_day < dates.from_day:
        remarks.error((*path, "until"), "it ends before it begins", "dates")
        return None
    if entry.on_closed_days == "as written" and entry.at is None:
        what = "hours that are closed do not open: write `at`, the time of day"
        remarks.error((*path, "on closed days"), what, "no-time")
    named = hours.find(entry.hours, (*path, "hours"), remarks) if entry.hours else None
    closed = entry.on_closed_days or "next working day"
    said = re.sub(r"^(?:every|each) ", "", entry.every, flags=re.IGNORECASE)
    return Timetable(dates, said, entry.at, named, closed)


def read_dates(text: str) -> Dates:
    """Returns the dates a text says, without their first and last. Refuses (ValueError) what says
    none.
    """
    said = re.sub(r"^(?:on |every |each )+", "", fold(text)).removeprefix("the ")
    said = {"daily": "day", "weekday": "mon-fri", "weekdays": "mon-fri"}.get(said, said)
    for form, read in _FORMS:
        if found := re.fullmatch(form, said, re.ASCII):
            return read(found)
    if found := NTH_WEEKDAY.fullmatch(said):
        nth = frozenset(NTH[word] for word in re.findall(_NTH, found[1]))
        return _in(Dates(frozenset({read_weekday(found[2])}), nth=nth), found[3])
    try:
        return Dates(frozenset(read_days(re.sub(r"days\b", "day", said))))
    except ValueError:
        raise ValueError(f"{text!r} does not say on which dates: write {FORMS}") from None


def _within(dates: Dates, entry: OnDates) -> Dates:
    first, last = (_day(edge) for edge in (entry.from_, entry.until))
    if dates.weeks > 1 and first is None:
        raise ValueError("weeks are counted from a day: write `from`, the first of them")
    if dates.weeks > 1 and first and dates.weekdays == WEEK:
        dates = replace(dates, weekdays=frozenset({first.weekday()}))
    return replace(dates, from_day=first, until_day=last)


def _day(edge: date | datetime | None) -> date | None:
    return edge.date() if isinstance(edge, datetime) else edge


def _in(dates: Dates, period: str | None) -> Dates:
    """Returns the dates in the months a text names; of a quarter's last day, its last month."""
    said = re.sub(r"^(?:the|each|every) ", "", period or "month")
    if said == "month":
        return dates
    if said in _PERIODS:
        starts = frozenset(_PERIODS[said])
        ends = frozenset((start + 10) % 12 + 1 for start in starts)
        return replace(dates, months=ends if min(dates.nth, default=1) < 0 else starts)
    return _that_exist(replace(dates, months=read_months(said)))


def _that_exist(dates: Dates) -> Dates:
    """Refuses (ValueError) the 30th of a month that has none in any year."""
    longest = max(monthrange(_LEAP_YEAR, month)[1] for month in dates.months or (1,))
    if dates.weekdays == WEEK and not dates.working and max(dates.nth, default=1) > longest:
        raise ValueError(f"no month named has {max(dates.nth)} days: write a day that exists")
    return dates


def _all_working(_found: re.Match[str]) -> Dates:
    return Dates(working=True)


def _all(_found: re.Match[str]) -> Dates:
    return Dates()


def _nth_working(found: re.Match[str]) -> Dates:
    return _in(Dates(working=True, nth=frozenset({NTH[found[1]]})), found[2])


def _last(found: re.Match[str]) -> Dates:
    return _in(Dates(nth=frozenset({NTH[found[1]]})), found[2])


def _of_a_month(found: re.Match[str]) -> Dates:
    return _in(Dates(nth=frozenset({_number(found[1])})), found[2])


def _on_the(found: re.Match[str]) -> Dates:
    return Dates(nth=frozenset({_number(found[1])}))


def _yearly(found: re.Match[str]) -> Dates:
    day, month = (found["day"] or found["day2"]), (found["month"] or found["month2"])
    return _in(Dates(nth=frozenset({_number(day)})), month)


def _by_numbers(found: re.Match[str]) -> Dates:
    if not 1 <= int(found[1]) <= len(MONTHS):
        raise ValueError(f"{found[0]!r} is no day of any year: write month-day, 04-01")
    return _in(Dates(nth=frozenset({_number(found[2])})), MONTHS[int(found[1]) - 1])


def _weeks(found: re.Match[str]) -> Dates:
    count = NTH.get(found[1]) or {"other": 2}.get(found[1]) or int(found[1])
    if not 1 <= count <= 52:
        raise ValueError(f"{found[0]!r}: write a number of weeks from 1 to 52")
    weekdays = frozenset({read_weekday(found[2])}) if found[2] else WEEK
    return Dates(weekdays, weeks=count)


def _number(digits: str) -> int:
    if not 1 <= int(digits) <= 31:
        raise ValueError(f"no month has a day {digits}: write 1 to 31")
    return int(digits)


_TH = r"(\d{1,2})(?:st|nd|rd|th)?"
_FORMS = (
    (r"(?:working|business) days?", _all_working),
    (r"day", _all),
    (rf"({_NTH}) (?:working|business) day(?: (?:of|in) (.+))?", _nth_working),
    (rf"({_NTH}) day (?:of|in) (.+)", _last),
    (rf"{_TH}(?: day)? (?:of|in) (.+)", _of_a_month),
    (rf"(?:month on the )?{_TH}", _on_the),
    (
        rf"(?:year on |year on the )?(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)? (?P<month>{_MONTH})"
        rf"|(?P<month2>{_MONTH}) (?P<day2>\d{{1,2}})(?:st|nd|rd|th)?)",
        _yearly,
    ),
    (r"(\d{2})-(\d{2})", _by_numbers),
    (r"(\d{1,2}|other|second|third|fourth) weeks?(?: on (\w+))?", _weeks),
)
