"""`deskbook compare` on the command line."""

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import date
from itertools import groupby
from pathlib import Path

from deskbook.book.commands import day_as_typed
from deskbook.book.compare.changes import changes
from deskbook.book.compare.sides import Change, read_side
from deskbook.book.compare.statements import Statement, looked_at_until, statements
from deskbook.book.load import WrongBook


def compare(arguments: list[str], *, today: date) -> int:
    """Runs `deskbook compare`; returns 1 when anything is due later, 2 when a book has errors."""
    parser = argparse.ArgumentParser(
        prog="deskbook compare",
        description="Say what a new version of a book changes, and prove what it does to cases.",
        epilog="ends with 0 when nothing is due later than before, 1 when something is or may be,"
        " 2 when one of the books has errors",
    )
    parser.add_argument("old", metavar="OLD", type=Path, help="the book as it was")
    parser.add_argument("new", metavar="NEW", type=Path, help="the book as it is to be")
    parser.add_argument("--json", action="store_true", help="one JSON object with all of it")
    parser.add_argument(
        "--today",
        metavar="DATE",
        type=day_as_typed,
        default=today,
        help="look at cases opened within a year of this day; today without it",
    )
    asked = parser.parse_args(arguments)
    try:
        old, new = read_side(asked.old), read_side(asked.new)
    except WrongBook as wrong:
        print(wrong, file=sys.stderr)
        return 2
    changed, proved = changes(old, new), statements(old, new, asked.today)
    later = any(statement.later for statement in proved)
    if asked.json:
        _say_as_json(changed, proved, later=later)
    else:
        _say_changes(changed)
        _say_statements(proved, asked.today)
    return 1 if later else 0


def _say_as_json(changed: Sequence[Change], proved: Sequence[Statement], *, later: bool) -> None:
    told = {
        "changes": [change.as_dict() for change in changed],
        "statements": [statement.as_dict() for statement in proved],
        "later": later,
    }
    print(json.dumps(told, ensure_ascii=False))


def _say_changes(changed: Sequence[Change]) -> None:
    for section, of_one in groupby(changed, key=lambda change: change.section):
        print(section)
        for change in of_one:
            print(f"  {change}")
    if not changed:
        print("The two books say the same.")


def _say_statements(proved: Sequence[Statement], today: date) -> None:
    print(f"\nFor every case of both books, opened until {looked_at_until(today)}:")
    for statement in proved:
        if statement.unproved:
            print(f"  {statement.about}: not proved, too many lines overlap")
            continue
        ends = ", except:" if statement.exceptions else ""
        print(f"  {statement.about}: {statement.holds}{ends}")
        for one in statement.exceptions:
            print(f"    {one}")
