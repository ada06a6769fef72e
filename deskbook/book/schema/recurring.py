"""What comes by itself on dates that come round."""

from datetime import date, time
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict

from deskbook.book.schema.section import Section, key
from deskbook.book.words import (
    Address,
    DateWord,
    Text,
    WordList,
    Words,
    listed,
    refuse,
    wall_moment,
)


def _clock(value: Any) -> Any:
    if value is None or isinstance(value, time):
        return value
    try:
        moment = wall_moment(date(2024, 1, 1), str(value))
    except ValueError as exc:
        raise refuse(str(exc), "clock-time") from exc
    if moment.day != 1:
        raise refuse("the day ends at 24:00: write 00:00 of the day after, or 23:59", "clock-time")
    return moment.time()


ClockTime = Annotated[time | None, BeforeValidator(_clock, json_schema_input_type=str)]
Closed = Literal["next working day", "working day before", "left out", "as written"]


class OnDates(Section):
    """Dates that come round again."""

    every: Words = key(
        "On which dates: `day`, `working day`, `monday`, `mon, thu`, `2 weeks` (with `from`),"
        " `first monday of the month`, `first working day of the month`, `last working day of the"
        " quarter`, `15th of the month`, `last day of the month`, `1 April`, `15th of january and"
        " july`.",
        "first working day of the month",
        "1 April",
        required=True,
    )
    at: ClockTime = key(
        "The time of day, by the clock of the `hours`; when they open that day without it.", "09:00"
    )
    hours: Words | None = key(
        "The calendar that says which days are working days; the desk's without it.", "office"
    )
    on_closed_days: Closed | None = key(
        "What becomes of a date on which the hours are closed: `next working day` (the usual),"
        " `working day before`, `left out`, or `as written`, which needs `at`.",
        "working day before",
    )
    from_: DateWord | None = key(
        "The first day it may come; weeks are counted from it.", "2026-09-01"
    )
    until: DateWord | None = key("The last day it may come.", "2027-06-30")


class ReportLine(OnDates):
    """Numbers that are mailed on dates that come round, each date once; late when they had not left
    by the end of the day.
    """

    name: Words = key("What it is called.", "Monthly report", required=True)
    to: WordList = key(
        "Who gets it: a team (at its address, else all its people), an outside contact with `mail`,"
        " the desk's `leads` or `owners`, or a mail address.",
        ["leads", "committee@desk.example"],
        required=True,
    )
    of: Literal["week", "month", "quarter", "year"] = key(
        "What it tells of: the last whole one before the day.", "quarter", default="month"
    )
    says: Annotated[
        list[Literal["flow", "kept", "times", "redirected", "reopened", "hops", "ratings"]],
        BeforeValidator(listed, json_schema_input_type=str | list[str]),
    ] = key(
        "Which reports of the console, their sums: `flow` (do we keep up), `kept` (do we keep our"
        " times), `times` (how long people wait), `redirected`, `reopened`, `hops` (who solves it),"
        " `ratings`.",
        ["flow", "kept"],
        default=["flow", "kept"],
    )


class RecurringCase(OnDates):
    """A case that opens by itself, once on each date; every other key is a facet of it with its
    value.
    """

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Words]
    case: Words = key("Its subject, and what it is called.", "Check the backups", required=True)
    text: Text | None = key("What is to be done.", "Restore one file of each server.")
    to: Words | None = key("The team it comes to; by the rules without it.", "systems")
    for_: Address | None = key(
        "Whom it is done for, by mail address: they read it as its requester. The desk itself"
        " without it.",
        "housing@desk.example",
    )
