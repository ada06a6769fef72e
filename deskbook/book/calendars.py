"""Hours and holidays of a book to the engine's calendars."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from deskbook.book.findings import Path, Remarks, nearest
from deskbook.book.names import Names
from deskbook.book.schema.hours import Holiday, HolidayList, Hours
from deskbook.book.words import (
    CUSTOMERS_ZONE,
    DAYS,
    EVERY_DAY,
    LONG_DAYS,
    NTH,
    fold,
    read_date,
    wall_moment,
)
from deskbook.engine.calendar import (
    Calendar,
    Closure,
    ClosureRule,
    ExtraOpening,
    Window,
    YearlyClosure,
    parse_window,
)

Closing = Closure | ClosureRule | YearlyClosure
_DATE = r"\d{4}-\d{2}-\d{2}"
_CLOCK = r"\d{1,2}:\d{2}"
_NTH = "|".join(NTH)
_WEEKDAY = "|".join((*LONG_DAYS, *DAYS))
MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
NTH_WEEKDAY = re.compile(
    rf"(?:every )?((?:{_NTH})(?:(?:,| and|, and) (?:{_NTH}))*) ({_WEEKDAY})s?(?: (?:of|in) (.+))?"
)
WHEN_FORMS = (
    "2026-07-01, 2026-12-24 12:00-24:00, 2026-12-24 to 2027-01-02, 12-25, 12-24 to 01-02, second"
    " saturday"
)


@dataclass(frozen=True, slots=True)
class Within:
    """The first and the last day of a campaign, each of them included."""

    from_: date | datetime | None = None
    until: date | datetime | None = None


@dataclass(slots=True)
class Calendars:
    """Everything needed to make one calendar after another, and what was made."""

    zone: str
    lists: Mapping[str, HolidayList]
    """Folded name → list under `holidays`."""
    names: Names
    remarks: Remarks
    campaign: Within | None = None
    made: dict[str, Calendar] = field(default_factory=dict)
    customers: set[str] = field(default_factory=set)
    """Calendars whose windows are wall time where the customer is."""
    unconfirmed: list[tuple[Path, str]] = field(default_factory=list)

    def make(self, key: str, hours: Hours, path: Path) -> Calendar:
        """Returns and keeps the calendar of one `hours` entry; what is wrong in it is remarked and
        left out.
        """
        if hours.zone == CUSTOMERS_ZONE:
            self.customers.add(key)
        if hours.from_ and hours.until and _day(hours.until) < _day(hours.from_):
            self.remarks.error((*path, "until"), "the calendar ends before it begins", "dates")
            hours = hours.model_copy(update={"until": None})
        zone = self.zone if hours.zone in (None, CUSTOMERS_ZONE) else str(hours.zone)
        from_, until = _within(hours, self.campaign, zone, self.zone)
        self.made[key] = Calendar(
            zone=zone,
            weekly=self._weekly(hours, path),
            closures=tuple(self._closures(hours, path)),
            extra=tuple(self._extra(hours, path)),
            valid_from=from_,
            valid_until=until,
            name=hours.name or key,
        )
        return self.made[key]

    def _weekly(self, hours: Hours, path: Path) -> dict[int, tuple[Window, ...]]:
        week: dict[int, tuple[Window, ...]] = {}
        for said, windows in (hours.__pydantic_extra__ or {}).items():
            days = self._days(said, (*path, said))
            if twice := [LONG_DAYS[day].capitalize() for day in days if day in week]:
                self._remark_twice(twice[0], (*path, said))
            for day in days:
                if day in week and said not in EVERY_DAY:
                    week[day] = tuple(sorted({*week[day], *windows}, key=lambda w: w.opens))
                else:
                    week[day] = windows
        if not week and not self.remarks.wrong_under(path):
            self.remarks.error(
                path,
                "no day has hours: write a day and its window, mon-fri: 08:00-20:00",
                "no-hours",
            )
        return {day: windows for day, windows in week.items() if windows}

    def _remark_twice(self, day: str, path: Path) -> None:
        said = (
            f"{day} is given above already, and this only adds to it: give each day once, with all"
            " its windows"
        )
        self.remarks.warn(path, said, "day-twice", at_key=True)

    def _days(self, said: str, path: Path) -> tuple[int, ...]:
        try:
            return read_days(said)
        except ValueError:
            known = [
                *DAYS,
                "mon-fri",
                "every day",
                "name",
                "zone",
                "closed",
                "open also",
                "from",
                "until",
                "default",
            ]
            meant = nearest(said, known, noun="days like mon-fri, sat, every day, or")
            self.remarks.error(
                path,
                f"{said!r} is neither a day nor a key of hours: {meant}",
                "unknown-key",
                at_key=True,
            )
            return ()

    def _closures(self, hours: Hours, path: Path) -> Iterator[Closing]:
        for number, closing in enumerate(hours.closed or ()):
            place = (*path, "closed", number)
            if isinstance(closing, HolidayList):
                yield from self.closings(closing, place)
            elif _says_when(closing):
                yield from self.closings(HolidayList.model_validate({closing: closing}), place)
            elif (name := self.names.find(closing, place, self.remarks)) and name in self.lists:
                yield from self.closings(
                    self.lists[name], ("holidays", self.names.spelled[name]), quiet=True
                )

    def closings(self, days: HolidayList, path: Path, *, quiet: bool = False) -> Iterator[Closing]:
        """Yields the closures of one list. `quiet`: the list itself is looked at elsewhere."""
        for when, holiday in (days.__pydantic_extra__ or {}).items():
            place = (*path, when)
            confirmed = days.confirmed if holiday.confirmed is None else holiday.confirmed
            if not confirmed and not quiet:
                self.unconfirmed.append((place, holiday.name))
            try:
                yield from read_closings(
                    when, holiday, holiday.source or days.source or "", confirmed
                )
            except ValueError as exc:
                if not quiet:
                    self.remarks.error(place, str(exc), "holiday", at_key=True)

    def _extra(self, hours: Hours, path: Path) -> Iterator[ExtraOpening]:
        for day, windows in (hours.open_also or {}).items():
            try:
                yield ExtraOpening(read_date(day), windows, "open also")
            except ValueError as exc:
                self.remarks.error((*path, "open also", day), str(exc), "date", at_key=True)


def read_days(said: str) -> tuple[int, ...]:
    """Returns weekday numbers (Monday 0) of `mon-fri`, `sat`, `mon, wed`, `every day`,
    `weekdays`.
    """
    spoken = fold(said)
    if spoken in EVERY_DAY:
        return tuple(range(7))
    spoken = {"weekdays": "mon-fri", "weekend": "sat-sun", "weekends": "sat-sun"}.get(
        spoken, spoken
    )
    days: list[int] = []
    for part in re.split(r",| and ", spoken):
        first, *last = (word.strip() for word in re.split(r"-|–| to ", part, maxsplit=1))
        begin = read_weekday(first)
        end = read_weekday(last[0]) if last else begin
        days.extend((begin + step) % 7 for step in range((end - begin) % 7 + 1))
    return tuple(dict.fromkeys(days))


def read_weekday(word: str) -> int:
    """Returns the number of a day of the week, Monday 0. Refuses (ValueError) what is none."""
    for names in (DAYS, LONG_DAYS):
        if word in names:
            return names.index(word)
    raise ValueError(f"{word!r} is no day of the week: write mon, tue, wed, thu, fri, sat or sun")


def read_closings(when: str, holiday: Holiday, source: str, confirmed: bool) -> Iterator[Closing]:
    """Yields the closures that one key of a holiday list says. Refuses (ValueError) an unknown
    form.
    """
    spoken = fold(when)
    for form, read in _FORMS:
        if found := re.fullmatch(form, spoken, re.ASCII):
            yield from read(found, holiday, source, confirmed)
            return
    if NTH_WEEKDAY.fullmatch(spoken):
        _no_hours(holiday, when)
        yield from _rule(spoken, holiday.name)
        return
    raise ValueError(f"{when!r} does not say when: write {WHEN_FORMS}")


def _says_when(text: str) -> bool:
    """Whether a text is a date, dates or a rule rather than the name of a list."""
    spoken = fold(text)
    return bool(NTH_WEEKDAY.fullmatch(spoken)) or any(
        re.fullmatch(form, spoken, re.ASCII) for form, _ in _FORMS
    )


def _no_hours(holiday: Holiday, when: str) -> None:
    if holiday.hours:
        raise ValueError(f"{when!r}: only a single dated day can be closed for some hours")


def _one_day(
    found: re.Match[str], holiday: Holiday, source: str, confirmed: bool
) -> Iterator[Closing]:
    midnight = datetime.combine(read_date(found[1]), time())
    whole = Window(timedelta(), timedelta(days=1))
    windows = (parse_window(found[2]),) if found[2] else holiday.hours or (whole,)
    for window in windows:
        yield Closure(
            midnight + window.opens, midnight + window.closes, holiday.name, source, confirmed
        )


def _several_days(
    found: re.Match[str], holiday: Holiday, source: str, confirmed: bool
) -> Iterator[Closing]:
    _no_hours(holiday, found[0])
    first, last = read_date(found[1]), read_date(found[3])
    from_at = wall_moment(first, found[2]) if found[2] else datetime.combine(first, time())
    until_at = (
        wall_moment(last, found[4])
        if found[4]
        else datetime.combine(last, time()) + timedelta(days=1)
    )
    yield Closure(from_at, until_at, holiday.name, source, confirmed)


def _every_year(
    found: re.Match[str], holiday: Holiday, source: str, confirmed: bool
) -> Iterator[Closing]:
    _no_hours(holiday, found[0])
    numbers = [int(n) if n else None for n in found.groups()]
    first = (numbers[0] or 0, numbers[1] or 0)
    last = (numbers[2] or 0, numbers[3] or 0) if numbers[2] is not None else first
    try:
        yield YearlyClosure(first, last, holiday.name)
    except ValueError:
        raise ValueError(f"{found[0]!r} is no day of any year: write month-day, 12-25") from None


def _rule(spoken: str, name: str) -> Iterator[Closing]:
    found = NTH_WEEKDAY.fullmatch(spoken)
    assert found is not None
    words = re.split(r", and |, | and |,", found[1])
    months = read_months(found[3]) if found[3] else None
    for word in words:
        yield ClosureRule(read_weekday(found[2]), NTH[word.strip()], name, months)


def read_months(text: str) -> frozenset[int] | None:
    """Returns the months named, 1 to 12; None is all. Refuses (ValueError) what is none."""
    words = [word.strip() for word in re.split(r",| and ", text) if word.strip()]
    if words in (["every month"], ["each month"], ["the month"]):
        return None
    starts = {name[:3]: number for number, name in enumerate(MONTHS, start=1)}
    for word in words:
        if word not in MONTHS and word not in starts:
            raise ValueError(f"{word!r} is no month: {nearest(word, MONTHS)}")
    return frozenset(starts[word[:3]] for word in words)


Reader = Callable[[re.Match[str], Holiday, str, bool], Iterator[Closing]]
_FORMS: tuple[tuple[str, Reader], ...] = (
    (rf"({_DATE})(?: ({_CLOCK} ?[-–] ?{_CLOCK}))?", _one_day),
    (rf"({_DATE})(?: ({_CLOCK}))? to ({_DATE})(?: ({_CLOCK}))?", _several_days),
    (r"(\d{1,2})-(\d{1,2})(?: to (\d{1,2})-(\d{1,2}))?", _every_year),
)


def _day(edge: date | datetime) -> datetime:
    return edge if isinstance(edge, datetime) else datetime.combine(edge, time())


def _within(
    hours: Hours, campaign: Within | None, zone: str, own_zone: str
) -> tuple[date | datetime | None, date | datetime | None]:
    """The dates of the calendar and of the campaign: both hold, so the later beginning and the
    earlier end.

    A campaign begins and ends at midnight in the book's zone, whatever the zone of the calendar.
    """
    first, last = (campaign.from_, campaign.until) if campaign else (None, None)
    if zone != own_zone:
        first = first and _wall_elsewhere(_day(first), own_zone, zone)
        last = last and _wall_elsewhere(_day_after(last), own_zone, zone)
    begins = [edge for edge in (hours.from_, first) if edge]
    ends = [edge for edge in (hours.until, last) if edge]
    return max(begins, key=_day, default=None), min(ends, key=_day_after, default=None)


def _day_after(edge: date | datetime) -> datetime:
    """The instant a last day ends: the midnight after it."""
    return edge if isinstance(edge, datetime) else _day(edge) + timedelta(days=1)


def _wall_elsewhere(wall: datetime, zone: str, other: str) -> datetime:
    return wall.replace(tzinfo=ZoneInfo(zone)).astimezone(ZoneInfo(other)).replace(tzinfo=None)


__all__ = [
    "MONTHS",
    "NTH_WEEKDAY",
    "Calendars",
    "Within",
    "read_closings",
    "read_days",
    "read_months",
    "read_weekday",
]
