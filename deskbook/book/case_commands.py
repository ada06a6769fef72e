"""`deskbook due` and `deskbook hours` on the command line: cases by a book, open hours by a
calendar alone.
"""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from deskbook.book import due_cases, hours_cases
from deskbook.book.load import WrongBook, load_book, load_calendar


def due(arguments: list[str]) -> int:
    """Runs `deskbook due`; returns 1 when a case or the book is wrong."""
    keys = "\n".join(f"  {key:14}{means}" for key, means in due_cases.KEYS.items())
    parser = _parser(
        "due",
        "Work out every clock of cases by a book. Cases are JSON Lines, one object a line; so are"
        " the answers.",
        f"keys of a case:\n{keys}\n  any facet of the book (type, category …)\n\nexample:\n  echo"
        ' \'{"opened": "2026-03-06T19:00:00-05:00", "severity": "S1", "plan": "diamond"}\' |'
        " deskbook due books/sparkrock.yaml --cases -",
    )
    parser.add_argument("book", metavar="BOOK", help="the book")
    parser.add_argument(
        "--cases", required=True, metavar="FILE|-", help="the cases; - reads standard input"
    )
    parser.add_argument(
        "--explain", action="store_true", help="add the spans that counted, paused or were closed"
    )
    parser.add_argument("--json", action="store_true", help="as it is in any case: JSON Lines")
    asked = parser.parse_args(arguments)
    try:
        desk = load_book(Path(asked.book)).desk_or_raise()
    except WrongBook as wrong:
        print(wrong, file=sys.stderr)
        return 1
    return _answered(asked.cases, lambda lines: due_cases.run(desk, lines, explained=asked.explain))


def hours(arguments: list[str]) -> int:
    """Runs `deskbook hours`; returns 1 when a case or the calendar is wrong."""
    parser = _parser(
        "hours",
        "Work out open hours by a calendar alone. Cases are JSON Lines, one object a line; so are"
        " the answers.",
        'a case:\n  {"from": instant, "add": "15h" or "3bd" …}   gives "due"; also "after_hours":'
        ' 2, "pauses": [[from, to]], "explain": true\n  {"from": instant, "to": instant}           '
        ' gives "open_seconds" and "business_days"\n\na calendar:\n  zone: America/Toronto\n '
        " mon-fri: 08:00-20:00\n  closed: { 2026-07-01: Canada Day }\n  open also: { 2026-07-04:"
        " 09:00-12:00 }\n(a whole book gives its own calendar)",
    )
    parser.add_argument("--calendar", required=True, metavar="FILE", help="the calendar")
    parser.add_argument(
        "--cases", required=True, metavar="FILE|-", help="the cases; - reads standard input"
    )
    asked = parser.parse_args(arguments)
    try:
        calendar = load_calendar(Path(asked.calendar))
    except WrongBook as wrong:
        print(wrong, file=sys.stderr)
        return 1
    return _answered(asked.cases, lambda lines: hours_cases.run(calendar, lines))


def _parser(name: str, what: str, more: str) -> argparse.ArgumentParser:
    return argparse.ArgumentParser(
        prog=f"deskbook {name}",
        description=what,
        epilog=more,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def _answered(cases: str, run: Any) -> int:
    wrong = 0
    try:
        with _lines(cases) as lines:
            for found in run(lines):
                wrong += "error" in found
                print(json.dumps(found, ensure_ascii=False))
    except (OSError, UnicodeDecodeError) as exc:
        print(f"{cases}: cannot be read: {exc}", file=sys.stderr)
        return 1
    return 1 if wrong else 0


@contextmanager
def _lines(cases: str) -> Iterator[Iterable[str]]:
    if cases == "-":
        yield sys.stdin
        return
    with open(cases, encoding="utf-8") as file:
        yield file
