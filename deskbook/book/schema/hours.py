"""Holidays, hours, and the dates a desk is open at all."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Discriminator, Tag

from deskbook.book.schema.levels import HandOver, WhatWord
from deskbook.book.schema.section import Section, key
from deskbook.book.words import DateWord, DayWord, PlanZoneWord, WindowsWord, Words, YesNo


class Holiday(Section):
    """One closed day or time that says more than its name."""

    short_for = "name"
    name: Words = key("What the day is called.", "Jhulana Purnima", required=True)
    confirmed: YesNo | None = key(
        "`no` for a date somebody still has to confirm: the desk is closed all the same, and"
        " `check` reminds you.",
        "no",
    )
    source: Words | None = key(
        "Where this date comes from, when it is not the list's source.",
        "orissapost.com, 2025-11-12",
    )
    hours: WindowsWord | None = key(
        "Only these times of the day are closed; without it the whole day is.", "12:00-24:00"
    )


class HolidayList(Section):
    """Days and times a desk is closed.

    Every other key is when, its value the name of the holiday: one day (`2026-07-01`), part of one
    (`2026-12-24 12:00-24:00`), several (`2026-12-24 to 2027-01-02`, hours allowed: `2026-12-24
    12:00 to 2026-12-27 09:00`), every year (`12-25`, `12-24 to 01-02`) or a rule (`second
    saturday`, `last friday`, `second and fourth saturday`, `second saturday of january and july`).
    """

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Holiday]
    source: Words | None = key(
        "Where the dates come from, and when they were looked up.",
        "ontario.ca, looked up 2026-11-22",
    )
    confirmed: YesNo = key(
        "`no` while nobody at the desk has checked the dates; `check` reminds you.",
        "no",
        default=True,
    )


def _kind_of_closing(value: Any) -> str:
    return "(days)" if isinstance(value, (dict, HolidayList)) else "(list)"


Closing = Annotated[
    Annotated[Words, Tag("(list)")] | Annotated[HolidayList, Tag("(days)")],
    Discriminator(_kind_of_closing),
]


def _one_or_more(value: Any) -> Any:
    return [_keyed(item) for item in value] if isinstance(value, list) else [_keyed(value)]


def _keyed(item: Any) -> Any:
    """Reads `{ on: 2026-12-24, hours: 12:00-24:00 }` and `{ from: …, until: … }`, as programs write
    them, as a key.
    """
    if not isinstance(item, dict):
        return item
    if "on" in item:
        return {
            str(item["on"]): {
                "name": str(item.get("name") or item["on"]),
                **_besides(item, "on", "name"),
            }
        }
    if {"from", "until"} <= item.keys():
        when = " to ".join(str(item[edge]).replace("T", " ") for edge in ("from", "until"))
        return {
            when: {"name": str(item.get("name") or when), **_besides(item, "from", "until", "name")}
        }
    return item


def _besides(item: dict[str, Any], *known: str) -> dict[str, Any]:
    return {name: value for name, value in item.items() if name not in known}


ClosingList = Annotated[
    list[Closing], BeforeValidator(_one_or_more, json_schema_input_type=Closing | list[Closing])
]


class Hours(Section):
    """One calendar: when the clocks that run on it count.

    Every other key is a day (`mon`, `saturday`), a range (`mon-fri`), several (`mon, wed`) or
    `every day`; its value is a window `08:00-20:00`, a list of windows, or `closed`. A window past
    midnight (`22:00-06:00`) belongs to the day it starts on. Days not named are closed.
    """

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, WindowsWord]
    looks_like = "`mon-fri: 09:00-18:00`, round the clock `every day: 00:00-24:00`"
    name: Words | None = key("What people see; without it, the key.", "Support hours")
    zone: PlanZoneWord | None = key(
        "Time zone of the windows; the desk's own without it. `the customer's` reads them where the"
        " customer is.",
        "Asia/Kolkata",
        "the customer's",
    )
    closed: ClosingList | None = key(
        "Holidays: the name of a list under `holidays`, several names, or the days themselves.",
        "ontario holidays",
        ["2026-12-25", "12-24 to 01-01", "second saturday"],
    )
    open_also: dict[str, WindowsWord] | None = key(
        "Days worked besides the weekly ones; they beat a closure.", {"2025-09-13": "09:00-18:00"}
    )
    from_: DateWord | None = key(
        "The first day this calendar is valid; before it, it is closed.", "2023-08-07"
    )
    until: DateWord | None = key(
        "The last day this calendar is valid; after it, it is closed.", "2023-08-14"
    )
    default: YesNo = key(
        "`yes` makes this the desk's own calendar; without any, the first one is.",
        "yes",
        default=False,
    )


class Campaign(Section):
    """The dates between which the desk exists at all. A date may be one named under `dates`, some
    days later.
    """

    from_: DayWord | None = key("The first day the desk is open.", "2023-08-07")
    until: DayWord | None = key(
        "The last day the desk is open.", "2023-08-14", "end of distribution + 5d"
    )


class Freeze(Section):
    """Changes that are taken in, held and dated; they come back by themselves. Needs a stage `set
    by: freeze`.
    """

    name: Words | None = key("What people see.", "No updates during the campaign")
    what: WhatWord = key(
        "The types it holds, or a mapping of facets with their values.",
        ["change request"],
        {"category": "app", "type": ["change request", "enhancement"]},
        required=True,
    )
    while_: Literal["campaign"] | None = key(
        "`campaign`: from the first to the last day under `open`.", "campaign"
    )
    from_: DayWord | None = key("The first day it holds, without `while`.", "2023-08-07")
    until: DayWord | None = key("The last day it holds, without `while`.", "end of distribution")
    pick_up: DayWord | None = key(
        "When what it held comes back: `the day after` it ends, usual without it, or a date.",
        "the day after",
        "2023-09-01",
    )
    hand_over: HandOver | None = key(
        "Unsolved cases that go to another team when it ends.", {"severity": "critical", "to": "L3"}
    )


def _one_freeze(value: Any) -> Any:
    return [value] if isinstance(value, dict) else value


Freezes = Annotated[
    list[Freeze], BeforeValidator(_one_freeze, json_schema_input_type=Freeze | list[Freeze])
]


def _kind_of_hours(value: Any) -> str:
    return "(hours)" if isinstance(value, (dict, Hours)) else "(name)"


HoursOrName = Annotated[
    Annotated[Words, Tag("(name)")] | Annotated[Hours, Tag("(hours)")],
    Discriminator(_kind_of_hours),
]
