"""The small words of the language: amounts, windows, zones, dates, yes and no, in the owner's
spelling.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from functools import cache
from itertools import pairwise
from typing import Annotated, Any, TypeVar
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BeforeValidator, PlainValidator
from pydantic_core import PydanticCustomError

from deskbook.book.amounts_meant import amount_meant
from deskbook.book.findings import nearest
from deskbook.engine.amounts import Amount, AmountError, parse_amount
from deskbook.engine.calendar import Window, parse_window
from deskbook.engine.desk import Unclocked

CUSTOMERS_ZONE = "the customer's"
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LONG_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
EVERY_DAY = ("every day", "daily")
NTH = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "last": -1}

T = TypeVar("T")


def fold(text: str) -> str:
    """Returns a name as the engine keeps it: lower case, single spaces."""
    return " ".join(text.split()).casefold()


def refuse(message: str, code: str) -> PydanticCustomError:
    return PydanticCustomError(code, "{said}", {"said": message})


def _as_text(value: Any, what: str) -> str:
    if isinstance(value, (str, int, float)) and not isinstance(value, bool):
        return " ".join(str(value).split())
    got = (
        "a list"
        if isinstance(value, list)
        else "several keys"
        if isinstance(value, dict)
        else "nothing"
    )
    raise refuse(f"{what} is one piece of text here, not {got}", "type")


def reader(parse: Callable[[str], T], what: str, code: str) -> Callable[[Any], T]:
    def read(value: Any) -> T:
        if not isinstance(value, (str, int, float, list, dict)) and value is not None:
            return value  # type: ignore[no-any-return]  # a default of the schema, read already
        try:
            return parse(_as_text(value, what))
        except ValueError as exc:
            raise refuse(str(exc), code) from None

    return read


def read_amount(text: str) -> Amount:
    """Returns the amount a text says. Refuses (ValueError) with the legal forms and a likely
    spelling.
    """
    try:
        return parse_amount(text)
    except AmountError as exc:
        hint = amount_meant(text)
        raise ValueError(f"{exc}{f' Did you mean {hint!r}?' if hint else ''}") from None


@dataclass(frozen=True, slots=True)
class Goal:
    """What a target promises: an aim and a limit, or a date agreed or asked for."""

    limit: Amount | None = None
    aim: Amount | None = None
    agreed: bool = False
    on_request: bool = False
    unclocked: Unclocked = ""
    """Said in place of a time."""


_UNCLOCKED: dict[str, Unclocked] = {
    "at once": "at once",
    "immediately": "at once",
    "best effort": "best effort",
    "no promise": "no promise",
}


def read_goal(text: str) -> Goal:
    """Returns what `2h`, `1bd to 2bd`, `1bd or as agreed`, `as agreed`, `on request` or
    `best effort` promises.
    """
    spoken = fold(text)
    if spoken in ("as agreed", "agreed"):
        return Goal(agreed=True)
    if spoken in _UNCLOCKED:
        return Goal(unclocked=_UNCLOCKED[spoken])
    if spoken == "on request":
        return Goal(on_request=True)
    try:
        return _read_amounts(spoken)
    except ValueError as exc:
        said, meant, hint = str(exc).partition(" Did you mean")
        others = " Or 1bd to 2bd, as agreed, on request, at once, best effort, no promise."
        raise ValueError(f"{said}{others}{meant}{hint}") from None


def _read_amounts(spoken: str) -> Goal:
    amount, agreed = re.subn(r" or (?:as )?agreed$", "", spoken)
    aim, _, limit = amount.partition(" to ")
    if not limit:
        return Goal(limit=read_amount(amount), agreed=bool(agreed))
    # "1 to 2bd" is how people say it: the first number borrows the unit of the second.
    unit = re.sub(r"^[\d./ ]+", "", limit)
    aim = f"{aim} {unit}" if re.fullmatch(r"[\d./ ]+", aim) else aim
    return Goal(limit=read_amount(limit), aim=read_amount(aim), agreed=bool(agreed))


def read_windows(value: Any) -> tuple[Window, ...]:
    """Returns the windows of one day: `08:00-20:00`, a list of them, or `closed`."""
    if isinstance(value, tuple):
        return value
    said = value if isinstance(value, list) else [value]
    windows = tuple(w for item in said for w in _windows_in(_as_text(item, "a window")))
    ordered = sorted(windows, key=lambda w: w.opens)
    for earlier, later in pairwise(ordered):
        if later.opens < earlier.closes:
            raise refuse("two windows of one day overlap: join them or move one", "window")
    return tuple(ordered)


def _windows_in(text: str) -> list[Window]:
    if fold(text) in ("closed", "none"):
        return []
    try:
        return [parse_window(part.strip()) for part in re.split(r",| and ", text)]
    except ValueError as exc:
        raise refuse(f"{exc} A day without hours is: closed.", "window") from None


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def read_zone(text: str) -> str:
    """Returns an IANA zone name. Refuses (ValueError) any other, naming the nearest."""
    if text in _zones():
        ZoneInfo(text)
        return text
    ends = {zone.rpartition("/")[2]: zone for zone in sorted(_zones())}
    place = text.rpartition("/")[2].replace(" ", "_").title()
    meant = (
        f"did you mean {ends[place]!r}?"
        if place in ends
        else nearest(text, sorted(_zones()), noun="a name like")
    )
    if "write a name like" in meant:
        meant = "write a name like America/Toronto, Asia/Kolkata or UTC"
    raise ValueError(f"{text!r} is no time zone: {meant}")


def read_zone_or_customers(text: str) -> str:
    if fold(text).replace("\u2019", "'") in ("the customer's", "customer's", "the requester's"):
        return CUSTOMERS_ZONE
    try:
        return read_zone(text)
    except ValueError as exc:
        raise ValueError(f"{exc} (or: {CUSTOMERS_ZONE})") from None


YEARS = range(1900, 2200)  # a slip of the hand must not have seven thousand years worked out
Day = TypeVar("Day", bound=date)


def in_years(day: Day) -> Day:
    """Returns the date or moment; raises ValueError for one that no desk works in."""
    if day.year not in YEARS:
        raise ValueError(f"{day.isoformat()} is outside the years {YEARS[0]} to {YEARS[-1]}")
    return day


def read_date(text: str) -> date:
    """Returns the day of `2026-03-02`."""
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
            return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is no day of the calendar") from None
    raise ValueError(f"{text!r} is not a date: write year-month-day, 2026-03-02")


def read_date_or_moment(text: str) -> date | datetime:
    """Returns a day, or a naive wall time for `2026-03-02 12:00`."""
    day, _, clock = text.replace("T", " ").partition(" ")
    return read_date(day) if not clock else wall_moment(read_date(day), clock)


@dataclass(frozen=True, slots=True)
class NamedDay:
    """A day said by its name under `dates`, some days later or earlier."""

    name: str
    plus: int = 0


def read_named_day(text: str) -> NamedDay | date | datetime:
    """Returns a day, a moment, or `end of distribution + 5d` for a day named under `dates`."""
    if text[:1].isdigit():
        return read_date_or_moment(text)
    found = re.fullmatch(r"(.+?)(?: ?([+-]) ?(\d{1,4}) ?d)?", text, re.ASCII | re.DOTALL)
    if not found:
        raise ValueError(f"{text!r} is not a date: write 2026-03-02, or the name of a date")
    days = int(found[3] or 0)
    return NamedDay(found[1], -days if found[2] == "-" else days)


def wall_moment(day: date, clock: str) -> datetime:
    """Returns the naive wall time of a day and `12:00`; `24:00` is the midnight after."""
    found = re.fullmatch(r"(\d{1,2}):(\d{2})", clock.strip(), re.ASCII)
    hours, minutes = (int(found[1]), int(found[2])) if found else (99, 0)
    if minutes > 59 or hours * 60 + minutes > 24 * 60:
        raise ValueError(f"{clock!r} is no time of day: write 00:00 to 24:00")
    try:
        return datetime.combine(day, time()) + timedelta(hours=hours, minutes=minutes)
    except OverflowError:  # 24:00 of the last day there is
        raise ValueError(f"{day} {clock} is after the last day of the calendar") from None


def read_seats(text: str) -> tuple[int, int]:
    """Returns fewest and most of `2-5`, `2 to 5` or `2`."""
    found = re.fullmatch(r"(\d{1,6})(?: ?(?:-|–|to|\.\.) ?(\d{1,6}))?", text, re.ASCII)
    if not found:
        raise ValueError(f"{text!r} is not a number of people: write 2-5, or 2")
    fewest, most = int(found[1]), int(found[2] or found[1])
    if not 0 < fewest <= most:
        raise ValueError(f"{text!r}: the fewest comes first and is at least 1, as in 2-5")
    return fewest, most


def read_factor(text: str) -> Fraction | None:
    """Returns how many times slower closed time counts: `doubled`, `tripled`, `x3`; None for
    `no`.
    """
    words = {"doubled": 2, "tripled": 3, "quadrupled": 4, "counted": 1, "same": 1}
    spoken = fold(text)
    if spoken in ("no", "not counted"):
        return None
    found = re.fullmatch(r"x ?(\d{1,3}(?:\.\d{1,2})?)", spoken, re.ASCII)
    factor = Fraction(found[1]) if found else Fraction(words.get(spoken, 0))
    if factor < 1:
        raise ValueError(
            f"{text!r} does not say how much longer it takes after hours: write doubled, or x3"
        )
    return factor


def read_yes(text: str) -> bool:
    answers = {"yes": True, "true": True, "on": True, "no": False, "false": False, "off": False}
    if (answer := answers.get(text.casefold())) is None:
        raise ValueError(f"{text!r} is neither yes nor no")
    return answer


def read_count(text: str) -> int:
    if not re.fullmatch(r"\d{1,9}", text, re.ASCII):
        raise ValueError(f"{text!r} is not a number: write digits only")
    return int(text)


def read_text(value: Any) -> str:
    """Returns a text with its line breaks, as a carrier has it registered; space around it is taken
    off.
    """
    if isinstance(value, list | dict) or value is None or not str(value).strip():
        raise refuse("a wording is one piece of text: put quotes around all of it", "type")
    return str(value).strip()


MOST_COUNTERS = 99


def read_counters(value: Any) -> list[str]:
    """Returns the names of a site's counters: those given, or "1", "2" … for a number."""
    items = listed(str(value) if isinstance(value, int) else value)
    if not isinstance(items, list) or not all(isinstance(item, str | int) for item in items):
        raise refuse("counters are a number, or a list of names", "counters")
    said = [" ".join(str(item).split()) for item in items]
    if len(said) == 1 and re.fullmatch(r"\d+", said[0], re.ASCII):
        if not 1 <= (count := int(said[0][:6])) <= MOST_COUNTERS:
            raise refuse(
                f"{said[0]} counters: a site has 1 to {MOST_COUNTERS}; leave it out where it has"
                " none",
                "count",
            )
        return [str(number) for number in range(1, count + 1)]
    if len({fold(name) for name in said}) < len(said):
        raise refuse("two counters of one name: visitors would not know where to go", "counters")
    return said


def read_address(text: str) -> str:
    if not re.fullmatch(r"[^@\s,;<>]+@[^@\s,;<>.]+(?:\.[^@\s,;<>.]+)+", text):
        raise ValueError(f"{text!r} is not a mail address: write one like help@desk.example")
    return text.lower()


def read_prefix(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9]{0,9}", text, re.ASCII):
        raise ValueError(
            f"{text!r} cannot begin ticket numbers: write 1 to 10 letters or digits, a letter first"
        )
    return text.upper()


def read_language(text: str) -> str:
    if not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})?", text, re.ASCII):
        raise ValueError(f"{text!r} is no language code: write en, pt, ml, or, hi …")
    return text


def listed(value: Any) -> Any:
    """Returns a list of what is one word, or several between commas."""
    if isinstance(value, str):
        return [part.strip() for part in value.split(",")] if "," in value else [value]
    return value


Words = Annotated[
    str, PlainValidator(reader(str, "this", "type"), json_schema_input_type=str | int)
]
AmountWord = Annotated[
    Amount, PlainValidator(reader(read_amount, "an amount", "amount"), json_schema_input_type=str)
]
GoalWord = Annotated[
    Goal, PlainValidator(reader(read_goal, "an amount", "amount"), json_schema_input_type=str)
]
WindowsWord = Annotated[
    tuple[Window, ...], PlainValidator(read_windows, json_schema_input_type=str | list[str])
]
ZoneWord = Annotated[
    str, PlainValidator(reader(read_zone, "a zone", "zone"), json_schema_input_type=str)
]
PlanZoneWord = Annotated[
    str,
    PlainValidator(reader(read_zone_or_customers, "a zone", "zone"), json_schema_input_type=str),
]
DateWord = Annotated[
    date | datetime,
    PlainValidator(reader(read_date_or_moment, "a date", "date"), json_schema_input_type=str),
]
DayWord = Annotated[
    NamedDay | date | datetime,
    PlainValidator(reader(read_named_day, "a date", "date"), json_schema_input_type=str),
]
SeatsWord = Annotated[
    tuple[int, int],
    PlainValidator(reader(read_seats, "a number", "number"), json_schema_input_type=str | int),
]
FactorWord = Annotated[
    Fraction | None,
    PlainValidator(reader(read_factor, "this", "factor"), json_schema_input_type=str),
]
YesNo = Annotated[
    bool, PlainValidator(reader(read_yes, "this", "yes-or-no"), json_schema_input_type=bool | str)
]
Count = Annotated[
    int, PlainValidator(reader(read_count, "a number", "number"), json_schema_input_type=int)
]
Address = Annotated[
    str, PlainValidator(reader(read_address, "an address", "address"), json_schema_input_type=str)
]
Prefix = Annotated[
    str, PlainValidator(reader(read_prefix, "a prefix", "prefix"), json_schema_input_type=str)
]
Language = Annotated[
    str,
    PlainValidator(reader(read_language, "a language", "language"), json_schema_input_type=str),
]
WordList = Annotated[list[Words], BeforeValidator(listed, json_schema_input_type=str | list[str])]
Text = Annotated[str, PlainValidator(read_text, json_schema_input_type=str)]
CounterList = Annotated[
    list[str], PlainValidator(read_counters, json_schema_input_type=int | str | list[str])
]
AmountList = Annotated[
    list[AmountWord], BeforeValidator(listed, json_schema_input_type=str | list[str])
]
AddressList = Annotated[
    list[Address], BeforeValidator(listed, json_schema_input_type=str | list[str])
]
