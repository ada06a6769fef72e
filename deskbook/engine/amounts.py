"""Amounts of time as a support policy speaks them: `2h`, `1/2 bd`, `3d`, `end of day`, `3y`."""

import re
from dataclasses import dataclass, field
from datetime import timedelta
from fractions import Fraction

DAY = timedelta(days=1)
LONGEST_DAYS = 36_525  # a hundred years: past it a number is a slip of the hand, not a target

FORMS = (
    "open time (45m, 2h, 1h30m, 90s), calendar days (3d), business days (2bd, 1/2 bd, 0.5bd, "
    "1 1/2 bd), end of day, end of 3bd, weeks (1w), months (2mo) or years (3y)"
)


class AmountError(ValueError):
    """An amount that cannot be read or counted; the message says what was read, and the forms."""


@dataclass(frozen=True, slots=True)
class OpenTime:
    """Time that passes only while the calendar is open: `2h`."""

    duration: timedelta
    said_open: bool = field(default=False, compare=False)
    """It was said in full, `24 open hours`, and cannot be meant otherwise."""


@dataclass(frozen=True, slots=True)
class CalendarTime:
    """Days to the same wall time so many dates later; less than a day passes around the clock:
    `3d`.
    """

    duration: timedelta


@dataclass(frozen=True, slots=True)
class BusinessDays:
    """Business days, each worth 1 and spread evenly over its date's open time: `1/2 bd`."""

    days: Fraction


@dataclass(frozen=True, slots=True)
class EndOfBusinessDay:
    """The close of the nth business date, the start's own date being the first: `end of 3bd`."""

    count: int


@dataclass(frozen=True, slots=True)
class CalendarPeriod:
    """Weeks and months on the wall calendar of the zone: `1w`, `2mo`; a year is twelve months."""

    weeks: int
    months: int


Amount = OpenTime | CalendarTime | BusinessDays | EndOfBusinessDay | CalendarPeriod

_UNITS = {
    **dict.fromkeys(("h", "hour", "hours", "open hour", "open hours"), ("open", 3600)),
    **dict.fromkeys(("m", "min", "minute", "minutes"), ("open", 60)),
    **dict.fromkeys(("s", "sec", "second", "seconds"), ("open", 1)),
    **dict.fromkeys(("d", "day", "days"), ("days", 1)),
    **dict.fromkeys(("bd", "business day", "business days"), ("bd", 1)),
    **dict.fromkeys(("w", "week", "weeks"), ("weeks", 1)),
    **dict.fromkeys(("mo", "month", "months"), ("months", 1)),
    **dict.fromkeys(("y", "year", "years"), ("months", 12)),
}
_NUMBER = r"\d{1,7} +\d{1,4}/\d{1,4}|\d{1,7}/\d{1,4}|\d{1,7}\.\d{1,6}|\d{1,7}"
_UNIT = "|".join(sorted((name.replace(" ", " +") for name in _UNITS), key=len, reverse=True))
_PART = re.compile(rf" *({_NUMBER}) *({_UNIT})(?![a-z])", re.ASCII)
_END = re.compile(r"end +of +(?:(day)|(\d{1,5}) *(?:bd|business +days?))", re.ASCII)


def size_of(amount: Amount) -> timedelta | Fraction | int | None:
    """Returns what amounts of one kind are compared by; None for weeks and months, whose lengths
    differ.
    """
    match amount:
        case OpenTime(size) | CalendarTime(size):
            return size
        case BusinessDays(days):
            return days
        case EndOfBusinessDay(count):
            return count
        case CalendarPeriod():
            return None


def times(amount: Amount, number: int) -> Amount:
    """Returns so many times the amount, as one of its kind."""
    match amount:
        case OpenTime(size, said_open):
            return OpenTime(size * number, said_open)
        case CalendarTime(size):
            return CalendarTime(size * number)
        case BusinessDays(days):
            return BusinessDays(days * number)
        case EndOfBusinessDay(count):
            return EndOfBusinessDay(count * number)
        case CalendarPeriod(weeks, months):
            return CalendarPeriod(weeks * number, months * number)


def parse_amount(text: str) -> Amount:
    """The amount that `text` says, whatever its case and spacing.

    Raises AmountError with a sentence naming what was read and the legal forms.
    """
    spoken = text.strip().lower().replace("½", " 1/2").replace("¼", " 1/4").replace("¾", " 3/4")
    ending = _END.fullmatch(spoken.strip())
    if ending:
        return _end_of_day(text, int(ending[2] or 1))
    totals = _add_up(text, spoken.strip())
    if "open" in totals and len(totals) == 1:
        size = _as_duration(text, totals["open"], timedelta(seconds=1))
        return OpenTime(size, "open" in spoken)
    if "days" in totals and len(totals) == 1:
        return CalendarTime(_as_duration(text, totals["days"], DAY))
    if "bd" in totals and len(totals) == 1:
        _within_bounds(text, totals["bd"])
        return BusinessDays(totals["bd"])
    if totals.keys() <= {"weeks", "months"}:
        return _period(text, totals.get("weeks", Fraction()), totals.get("months", Fraction()))
    raise _refusal(text, "mixes kinds of time that run on different clocks")


def format_amount(amount: Amount) -> str:
    """The shortest spoken form, which parse_amount reads back as the same amount."""
    match amount:
        case OpenTime(duration):
            return _spoken_open_time(duration)
        case CalendarTime(duration):
            return f"{_spoken_number(Fraction(duration // _MICRO, DAY // _MICRO))}d"
        case BusinessDays(days):
            return f"{_spoken_number(days)}{' ' if days.denominator > 1 else ''}bd"
        case EndOfBusinessDay(count):
            return "end of day" if count == 1 else f"end of {count}bd"
        case CalendarPeriod(weeks, months):
            years = months % 12 == 0
            parts = [f"{months // 12}y" if years else f"{months}mo"] if months else []
            return " ".join(parts + ([f"{weeks}w"] if weeks or not parts else []))


_MICRO = timedelta(microseconds=1)


def _add_up(text: str, spoken: str) -> dict[str, Fraction]:
    """The total per kind of time, hours and minutes both being seconds of open time."""
    totals: dict[str, Fraction] = {}
    position = 0
    while position < len(spoken):
        part = _PART.match(spoken, position)
        if part is None:
            raise _refusal(text, "is not an amount of time")
        kind, size = _UNITS[re.sub(" +", " ", part[2])]
        totals[kind] = totals.get(kind, Fraction()) + _number(text, part[1]) * size
        position = part.end()
    if not totals:
        raise _refusal(text, "is empty")
    return totals


def _number(text: str, digits: str) -> Fraction:
    try:
        return sum((Fraction(word) for word in digits.split()), Fraction())
    except ZeroDivisionError:
        raise _refusal(text, "divides by zero") from None


def _as_duration(text: str, count: Fraction, unit: timedelta) -> timedelta:
    micros = count * (unit // _MICRO)
    _within_bounds(text, micros / (DAY // _MICRO))
    if micros.denominator != 1:
        raise _refusal(text, "does not come to a whole number of microseconds")
    return timedelta(microseconds=int(micros))


def _end_of_day(text: str, count: int) -> EndOfBusinessDay:
    if count < 1:
        raise _refusal(text, "counts no day; the first business day is 1")
    _within_bounds(text, Fraction(count))
    return EndOfBusinessDay(count)


def _period(text: str, weeks: Fraction, months: Fraction) -> CalendarPeriod:
    if weeks.denominator != 1 or months.denominator != 1:
        raise _refusal(text, "needs whole weeks and months")
    _within_bounds(text, weeks * 7 + months * 30)
    return CalendarPeriod(weeks=int(weeks), months=int(months))


def _within_bounds(text: str, days: Fraction) -> None:
    if days > LONGEST_DAYS:
        raise _refusal(text, "is longer than a hundred years")


def _refusal(text: str, why: str) -> AmountError:
    shown = text if len(text) <= 40 else text[:40] + "…"
    return AmountError(f"'{shown}' {why}. Write {FORMS}.")


def _spoken_number(number: Fraction) -> str:
    whole, rest = divmod(number.numerator, number.denominator)
    if not rest:
        return str(whole)
    return f"{f'{whole} ' if whole else ''}{rest}/{number.denominator}"


def _spoken_open_time(duration: timedelta) -> str:
    minutes, rest = divmod(duration, timedelta(minutes=1))
    hours, minutes = divmod(minutes, 60)
    parts = [f"{hours}h"] if hours else []
    if minutes or not (hours or rest):
        parts.append(f"{minutes}m")
    if rest:
        seconds = f"{rest.seconds}.{rest.microseconds:06d}".rstrip("0").rstrip(".")
        parts.append(f"{seconds}s")
    return "".join(parts)
