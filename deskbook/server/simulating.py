"""`deskbook simulate`: a desk under a load, lived through in virtual time."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from deskbook.config.refusals import CommandRefused
from deskbook.server.log_files import FILE_HELP, log_file

if TYPE_CHECKING:
    from deskbook.engine.desk import Desk
    from deskbook.engine.rosters import Shift
    from deskbook.simulation.load import Load
    from deskbook.simulation.told import Came
    from deskbook.simulation.wish import Wish

_MOST_RUNS = 1000
_LAST_MONTH = "last-month"


def simulate(argv: Sequence[str]) -> int:
    """Live a desk through a load in virtual time, on the engine that runs it: which promises it
    keeps, how long people wait, and how many people it needs.
    """
    asked = _parser().parse_args(argv)
    from deskbook.book.load import WrongBook, load_book

    try:
        desk = load_book(asked.book).desk_or_raise()
        load = _load(asked, desk)
    except WrongBook as wrong:
        print(wrong, file=sys.stderr)  # noqa: T201  # as `deskbook check` says it
        return 1
    came = _simulated(asked, desk, load)
    _write(asked, came)
    return 1 if came.found and not came.found.enough else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="deskbook simulate",
        description=simulate.__doc__,
        epilog="the load file is described in docs/book/simulate.md",
    )
    parser.add_argument("book", type=Path, metavar="BOOK")
    parser.add_argument(
        "--load",
        required=True,
        metavar="last-month|FILE",
        help="a load file; or the last four whole weeks of the desk the book's file is named after",
    )
    parser.add_argument(
        "--write-load", type=Path, metavar="FILE", help="write what last-month was, to change it"
    )
    parser.add_argument(
        "--roster", type=Path, metavar="FILE", help="a CSV of shifts: who is there, beside the load"
    )
    parser.add_argument(
        "--runs", type=_runs, default=10, metavar="N", help="how often, with other lots (10)"
    )
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="which lots (1)")
    parser.add_argument(
        "--wish",
        action="append",
        default=[],
        metavar="WISH",
        help="find the smallest roster that reaches it: 95%% of S1 resolve; several together",
    )
    parser.add_argument("--processes", type=_runs, metavar="N", help="side by side; all processors")
    parser.add_argument("--json", action="store_true", help="one JSON object with all of it")
    parser.add_argument("--csv", type=Path, metavar="FILE", help="every number as a line, too")
    parser.add_argument(
        "--log", type=log_file, metavar="FILE", help=f"what happened in the first run; {FILE_HELP}"
    )
    parser.add_argument("--html", type=Path, metavar="FILE", help="a page with charts, too")
    return parser


def _runs(said: str) -> int:
    if not said.isdecimal() or not 1 <= int(said) <= _MOST_RUNS:
        raise argparse.ArgumentTypeError(f"{said!r} is not between 1 and {_MOST_RUNS}")
    return int(said)


def _load(asked: argparse.Namespace, desk: Desk) -> Load:
    from deskbook.simulation.load_file import read_load

    roster = _roster(asked.roster, desk)
    if asked.load != _LAST_MONTH:
        return read_load(Path(asked.load), desk, roster=roster)
    text, shifts = _learned(asked.book, desk)
    if asked.write_load:
        asked.write_load.write_text(text, encoding="utf-8")
    return read_load(text, desk, roster=(*roster, *shifts))


def _learned(book: Path, desk: Desk) -> tuple[str, Sequence[Shift]]:
    from deskbook.server.processes import desk as running
    from deskbook.server.replaying import helpdesk_of

    with running():
        from deskbook.channels.all import connections
        from deskbook.tickets.learning import NothingCame, learned_load

        waits = [one.waits for one in connections() if one.waits]
        try:
            return learned_load(helpdesk_of(book), desk, waits, at=datetime.now(UTC))
        except NothingCame:
            said = "No case came in the last four whole weeks: there is nothing to learn from."
            raise CommandRefused(said) from None


def _roster(file: Path | None, desk: Desk) -> Sequence[Shift]:
    from deskbook.book.document import UnreadableBook
    from deskbook.book.findings import Finding
    from deskbook.book.load import WrongBook, text_of
    from deskbook.book.roster_file import read_roster

    if file is None:
        return ()
    try:
        roster = read_roster(desk, text_of(file), str(file))
    except UnreadableBook as exc:
        wrong = Finding(str(file), exc.line, exc.column, "error", exc.message, exc.code)
        raise WrongBook((wrong,)) from None
    if roster.findings:
        raise WrongBook(tuple(roster.findings))
    return roster.shifts


def _simulated(asked: argparse.Namespace, desk: Desk, load: Load) -> Came:
    from deskbook.server.simulation_runs import Runner, processors
    from deskbook.simulation.run import Plan
    from deskbook.simulation.told import Came
    from deskbook.simulation.wish import smallest_roster

    wishes = [_wish(said, desk) for said in asked.wish]
    within = tuple(wish.within for wish in wishes if wish.within)
    plan = Plan(desk, load, asked.seed, within)
    with Runner(asked.runs, asked.processes or processors()) as runner:
        if not wishes:
            return Came(desk, load, asked.seed, runner.run(plan))
        found = smallest_roster(wishes, load, lambda tried: runner.run(plan, tried))
        return Came(desk, load, asked.seed, found.runs, found)


def _wish(said: str, desk: Desk) -> Wish:
    from deskbook.simulation.wish import read_wish

    try:
        return read_wish(said, desk)
    except ValueError as wrong:
        raise CommandRefused(f"--wish: {wrong}") from None


def _write(asked: argparse.Namespace, came: Came) -> None:
    from deskbook.simulation import told

    if asked.csv:
        asked.csv.write_text(told.as_csv(came), encoding="utf-8")
    if asked.log:
        from deskbook.simulation.event_logs import write_log
        from deskbook.simulation.run import Plan, logged

        people = came.found.people if came.found else came.load.people
        plan = Plan(came.desk, replace(came.load, people=people), came.seed)
        write_log(asked.log, came.desk, logged(plan))
    if asked.html:
        from deskbook.simulation.page import page

        asked.html.write_text(page(came), encoding="utf-8")
    sys.stdout.write(told.as_json(came) if asked.json else told.in_words(came))
