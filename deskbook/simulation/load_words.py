"""The words of a load file: its keys, their meaning, and how each value is read."""

import re
from datetime import date, timedelta
from typing import Annotated, Any

from pydantic import BeforeValidator, ConfigDict, PlainValidator

from deskbook.book.schema.hours import Hours
from deskbook.book.schema.section import Section, key
from deskbook.book.words import (
    Count,
    DateWord,
    WordList,
    Words,
    fold,
    listed,
    read_date,
    refuse,
)
from deskbook.simulation.load import Time

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_LONGEST = timedelta(days=366)
_TIME = "write 30s, 8m, 1h30m, 2d or 1w"


def read_span(said: Any) -> timedelta:
    """Returns the time that `30s`, `8m`, `1h30m`, `2d` or `1w` says, days by the wall. Refuses
    (ValueError) anything else.
    """
    text = fold(str(said)).replace(" ", "")
    if not re.fullmatch(r"(\d++(\.\d++)?+[smhdw])++", text, re.ASCII):
        raise refuse(f"{said!r} is no time: {_TIME}", "time")
    parts = re.findall(r"(?<![\d.])([\d.]++)([smhdw])", text)
    length = sum(float(number) * _UNITS[unit] for number, unit in parts)
    if length > _LONGEST.total_seconds():
        raise refuse(f"{said!r} is longer than a year", "time")
    return timedelta(seconds=length)


def read_time(said: Any) -> Time:
    """Returns `8m` (around it, as waiting times are), `always 8m`, or a list of points."""
    if isinstance(said, Time):
        return said
    if isinstance(said, list):
        points = tuple(read_span(one) for one in said)
        if len(points) < 2 or list(points) != sorted(points):
            raise refuse("points of a time are two or more, from the shortest on", "time")
        return Time(points=points)
    text = fold(str(said or ""))
    if text.startswith("always "):
        return Time(read_span(text.removeprefix("always ")), fixed=True)
    return Time(read_span(text))


def read_share(said: Any) -> float:
    """Returns `15%` as 0.15. Refuses (ValueError) what is no share of all."""
    if isinstance(said, float):
        return said
    found = re.fullmatch(r"(\d+(?:\.\d+)?) ?%", str(said or "").strip(), re.ASCII)
    if found is None or float(found[1]) > 100:
        raise refuse(f"{said!r} is no share: write it like 15%", "share")
    return float(found[1]) / 100


def read_number(said: Any) -> float:
    """Returns a number of cases. Refuses (ValueError) what is none, or cannot be meant."""
    if isinstance(said, float):
        return said
    if not re.fullmatch(r"\d+(\.\d+)?", str(said or "").strip(), re.ASCII) or float(said) > 1e7:
        raise refuse(f"{said!r} is no number of cases: write it like 120 or 0.5", "number")
    return float(said)


def read_mix(said: Any) -> dict[str, float]:
    """Returns values with their shares: one value, several alike, or each with its own."""
    if isinstance(said, dict):
        shares = {str(name): read_share(share) for name, share in said.items()}
        if abs(sum(shares.values()) - 1) > 0.005:
            raise refuse(f"these shares make {sum(shares.values()):.1%}, not 100%", "share")
        return shares
    values = [str(one) for one in listed(said) or ()] if said is not None else []
    if not values:
        raise refuse("nothing stands here: write a value of the book", "missing")
    return dict.fromkeys(values, 1 / len(values))


def read_days_off(said: Any) -> tuple[date, date]:
    """Returns the first and last day of `2026-08-03` or `2026-08-03 to 2026-08-14`."""
    if isinstance(said, tuple):
        return said
    first, _, last = str(said or "").partition(" to ")
    try:
        days = read_date(first.strip()), read_date((last or first).strip())
    except ValueError as exc:
        raise refuse(str(exc), "date") from None
    if days[1] < days[0]:
        raise refuse(f"{said!r} ends before it begins", "dates")
    return days


TimeWord = Annotated[Time, PlainValidator(read_time, json_schema_input_type=str | list[str])]
SpanWord = Annotated[timedelta, PlainValidator(read_span, json_schema_input_type=str)]
ShareWord = Annotated[float, PlainValidator(read_share, json_schema_input_type=str)]
NumberWord = Annotated[float, PlainValidator(read_number, json_schema_input_type=str)]
MixWord = Annotated[dict[str, float], PlainValidator(read_mix, json_schema_input_type=str)]
DaysOff = Annotated[tuple[date, date], PlainValidator(read_days_off, json_schema_input_type=str)]
DaysOffList = Annotated[list[DaysOff], BeforeValidator(listed)]


class Arrivals(Section):
    """Cases of one sort that come. Every other key is a facet of the book, `channel` and `severity`
    among them, with a value, several that are equally frequent, or values with their shares.
    """

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, MixWord]
    per_week: NumberWord | None = key("How many come in a usual week.", "120")
    during: Words | None = key(
        "The hours of the book while which they come; `always` is at any time. Without it the"
        " desk's own.",
        "office",
    )
    by_hour: dict[str, list[NumberWord]] | None = key(
        "How many come in each of the 24 hours of a day, in place of `per week`.",
        {"mon-fri": ["0", "0", "…", "0"]},
    )


class HandlingLine(Section):
    """How long cases of one sort take, and what becomes of them. Every other key is a facet, or
    `level` or `team`, with the value or values it must have. The first line that fits counts.
    """

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, WordList]
    takes: TimeWord = key("The work of one person.", "12m", "always 5m", required=True)
    hands_on: ShareWord = key("How many go on to the next level.", "20%", default=0.0)
    asks: ShareWord = key("How many wait for their requester once.", "10%", default=0.0)


class RequestersSection(Section):
    """What requesters do."""

    answer_after: TimeWord = key(
        "How soon they answer what they are asked.", "4h", default=Time(timedelta(days=1))
    )
    never_answer: ShareWord = key("How many never do.", "5%", default=0.0)
    come_back: ShareWord = key("How many solved cases come back.", "3%", default=0.0)
    come_back_after: TimeWord = key("How soon.", "2d", default=Time(timedelta(days=2)))


class PeopleLine(Section):
    """One person, or several who work alike."""

    team: WordList = key("The team or teams they work for.", "desk", required=True)
    count: Count = key("How many they are.", "3", default=1)
    name: Words | None = key("What somebody is called, of whom there is one.", "Asha")
    hours: Words | Hours | None = key(
        "When they work: hours of the book, `always`, or days with their windows. Without it the"
        " team's hours, else the desk's.",
        {"mon-thu": "09:00-13:00"},
    )
    leave: DaysOffList = key("Days off.", "2026-08-03 to 2026-08-14", default=[])
    chats: Count = key("How many chats they have at a time.", "3", default=1)
    only: dict[str, WordList] = key(
        "The sorts of cases they can do.", {"category": ["account"]}, default={}
    )


class LoadFile(Section):
    """A load: what `deskbook simulate` puts a book under."""

    from_: DateWord = key("The first day.", "2026-01-05", required=True)
    until: DateWord = key("The last day.", "2026-03-29", required=True)
    warm_up: SpanWord | None = key("How long is lived before anything is counted.", "1w")
    arrivals: list[Arrivals] = key("Who comes.", required=True)
    handling: list[HandlingLine] = key("How long it takes.", required=True)
    people: list[PeopleLine] = key(
        "Who is there, beside those of a roster.", [{"team": "desk", "count": "3"}], default=[]
    )
    patience: dict[str, TimeWord] = key(
        "How long people wait on the phone, in a chat or for their token to be called.",
        {"phone": "3m"},
        default={},
    )
    requesters: RequestersSection | None = key("What requesters do.", {"come back": "3%"})
