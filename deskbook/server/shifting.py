"""`deskbook shifts`: who works when, planned from what the book asks for."""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from deskbook.book.commands import day_as_typed
from deskbook.book.roster_file import COLUMNS
from deskbook.config.logs import say
from deskbook.config.refusals import CommandRefused

if TYPE_CHECKING:
    from deskbook.engine.desk import Desk, Staffing
    from deskbook.simulation.shifts import Planned, Rules, Slot, Worker

_MOST_WEEKS = 26
_MOST_SAID = 20


def shifts(argv: Sequence[str]) -> int:
    """Plan who works when: as many people as the book's rosters ask for, or as you say, with their
    rest and their hours a week. Prints the roster as CSV, and what nobody has on standard
    error; ends with 1 where something is left.
    """
    asked = _parser().parse_args(argv)
    from deskbook.book.load import WrongBook, load_book, text_of
    from deskbook.simulation.workers_file import read_workers

    try:
        desk = load_book(asked.book).desk_or_raise()
        workers = read_workers(desk, text_of(asked.people), str(asked.people))
    except WrongBook as wrong:
        print(wrong, file=sys.stderr)  # noqa: T201  # as `deskbook check` says it
        return 1
    plan = _planned(_slots(asked, desk, _rules(asked)), workers, _rules(asked), plain=asked.plain)
    _write(desk, plan)
    return 1 if plan.missing else 0


def _parser() -> argparse.ArgumentParser:
    from deskbook.simulation.load_words import read_span

    parser = argparse.ArgumentParser(prog="deskbook shifts", description=shifts.__doc__)
    parser.add_argument("book", type=Path, metavar="BOOK")
    parser.add_argument(
        "--people",
        type=Path,
        required=True,
        metavar="FILE",
        help="a CSV: person,team and, if wanted, hours a week (30h) and away (days)",
    )
    parser.add_argument("--from", dest="first", type=day_as_typed, required=True, metavar="DATE")
    parser.add_argument(
        "--weeks", type=int, choices=range(1, _MOST_WEEKS + 1), default=4, metavar="N"
    )
    parser.add_argument(
        "--need",
        action="append",
        default=[],
        metavar="TEAM=N",
        help="so many people of a team, in place of the book's `at least`",
    )
    parser.add_argument("--longest", type=read_span, metavar="9h", help="a shift, at most (9h)")
    parser.add_argument("--rest", type=read_span, metavar="11h", help="between two shifts (11h)")
    parser.add_argument("--a-week", type=read_span, metavar="40h", help="a person's work (40h)")
    parser.add_argument("--plain", action="store_true", help="without the solver")
    return parser


def _rules(asked: argparse.Namespace) -> Rules:
    from deskbook.simulation.shifts import Rules

    said = {"longest": asked.longest, "rest": asked.rest, "a_week": asked.a_week}
    return replace(Rules(), **{name: time for name, time in said.items() if time is not None})


def _slots(asked: argparse.Namespace, desk: Desk, rules: Rules) -> list[Slot]:
    from deskbook.simulation.shifts import slots_of

    if not rules.longest:
        raise CommandRefused("--longest: a shift takes some time.")
    zone = ZoneInfo(desk.zone)
    ends = (asked.first, asked.first + timedelta(weeks=asked.weeks))
    from_at, until_at = (datetime.combine(day, time(), zone).astimezone(UTC) for day in ends)
    return slots_of(desk, _needs(desk, asked.need), from_at, until_at, rules)


def _needs(desk: Desk, said: Sequence[str]) -> list[Staffing]:
    """Return what the book's rosters ask for, with the numbers that were said."""
    from deskbook.book.findings import nearest
    from deskbook.book.words import fold
    from deskbook.engine.desk import Staffing

    needs = list(desk.staffing)
    for one in said:
        team, _, count = one.rpartition("=")
        key = fold(team)
        if key not in desk.teams or not count.strip().isdecimal():
            hint = nearest(team, desk.teams) if key not in desk.teams else "write TEAM=3"
            raise CommandRefused(f"--need {one}: {hint}.")
        of_team = [need for need in needs if need.team == key]
        usual = Staffing(key, desk.teams[key].hours or desk.hours)
        needs = [need for need in needs if need.team != key]
        needs += [replace(need, at_least=int(count)) for need in of_team or [usual]]
    if not needs:
        raise CommandRefused("The book asks for nobody on shift: write `rosters`, or say --need.")
    return needs


def _planned(
    slots: Sequence[Slot], workers: Sequence[Worker], rules: Rules, *, plain: bool
) -> Planned:
    from deskbook.simulation import solved_shifts
    from deskbook.simulation.shifts import planned

    if not plain and solved_shifts.is_there():
        return solved_shifts.solved(slots, workers, rules)
    if not plain:
        say("given one after the other; pip install 'deskbook[planning]' finds better plans.")
    return planned(slots, workers, rules)


def _write(desk: Desk, plan: Planned) -> None:
    rows = csv.writer(sys.stdout, lineterminator="\n")
    rows.writerow(COLUMNS)
    zone = ZoneInfo(desk.zone)
    for shift in plan.shifts:
        ends = [at.astimezone(zone) for at in (shift.from_at, shift.until_at)]
        said = [at.isoformat(timespec="minutes") for at in ends]
        rows.writerow([shift.team, shift.person, *said, shift.place or ""])
    for slot, count in plan.missing[:_MOST_SAID]:
        team, at = desk.teams[slot.team].title, slot.from_at.astimezone(zone)
        say(f"{team}: {count} of {slot.people} missing from {at:%a %Y-%m-%d %H:%M}.")
    if (more := len(plan.missing) - _MOST_SAID) > 0:
        say(f"and people are missing in {more} more.")
    hours = sorted((time / timedelta(hours=1), name) for name, time in plan.hours.items())
    (least, one), (most, other) = hours[0], hours[-1]
    say(f"{len(plan.taken)} shifts; {one} has {least:g} h in all, {other} {most:g} h.")
