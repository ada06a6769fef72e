"""`deskbook check` and `deskbook schema` on the command line."""

import argparse
import json
import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

from deskbook.book import reference
from deskbook.book.findings import counted
from deskbook.book.load import Loaded, load_book
from deskbook.book.mailboxes import shared_mailboxes
from deskbook.book.roster_file import check_roster
from deskbook.book.words import in_years, read_date


def check(arguments: list[str], *, today: date | None = None) -> int:
    """Runs `deskbook check`; returns 1 when a book has errors. `today` is for dates that run
    out.
    """
    parser = _parser_of_check()
    asked = parser.parse_args(arguments)
    day = asked.today or today
    loaded = {
        str(file): load_book(file, today=day)
        for name in asked.books
        for file in books_in(Path(name))
    }
    if not loaded:
        missing = f"{', '.join(asked.books)}: no book there: a book is a file called NAME.yaml"
        print(missing, file=sys.stderr)
    if asked.roster and len(loaded) != 1:
        parser.error("a roster is checked against one book: name that book alone")
    if asked.roster:
        roster = Path(asked.roster)
        loaded = {name: _with_roster(name, one, roster, day) for name, one in loaded.items()}
    loaded = {name: _beside_others(name, one, loaded) for name, one in loaded.items()}
    _say_all(loaded, as_json=asked.json)
    return 1 if not loaded or any(one.errors for one in loaded.values()) else 0


def _parser_of_check() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="deskbook check", description="Say what is wrong with books, line by line."
    )
    parser.add_argument("books", nargs="+", metavar="BOOK", help="a book, or a folder of books")
    parser.add_argument("--json", action="store_true", help="one JSON object with every finding")
    parser.add_argument(
        "--roster",
        metavar="FILE",
        help="a CSV of shifts: say when fewer are on than one book asks for",
    )
    parser.add_argument(
        "--today",
        metavar="DATE",
        type=day_as_typed,
        help="look at dates as of this day, 2026-11-22; today without it",
    )
    return parser


def day_as_typed(written: str) -> date:
    """Returns the day somebody typed. Refuses (ArgumentTypeError) one no desk works on."""
    try:
        return in_years(read_date(written))
    except ValueError as exc:
        raise argparse.ArgumentTypeError(str(exc)) from exc


def _say_all(loaded: Mapping[str, Loaded], *, as_json: bool) -> None:
    if not as_json:
        for name, one in loaded.items():
            _say(name, one)
        return
    findings = [finding.as_dict() for one in loaded.values() for finding in one.findings]
    errors = sum(len(one.errors) for one in loaded.values())
    told = {"findings": findings, "errors": errors, "is_right": not errors}
    print(json.dumps(told, ensure_ascii=False))


def _with_roster(name: str, loaded: Loaded, roster: Path, day: date | None) -> Loaded:
    return replace(loaded, findings=(*loaded.findings, *check_roster(loaded, name, roster, day)))


def _beside_others(name: str, loaded: Loaded, all_: Mapping[str, Loaded]) -> Loaded:
    """With what cannot be in force beside the books named with it; they may be drafts of one."""
    if loaded.desk is None:
        return loaded
    others = {file: one.desk.mail for file, one in all_.items() if one.desk and file != name}
    shared = shared_mailboxes(Path(name), name, loaded.desk.mail, others, level="warning")
    return replace(loaded, findings=tuple(sorted((*loaded.findings, *shared))))


def books_in(place: Path) -> list[Path]:
    """Returns the book itself, or the books of a folder."""
    if not place.is_dir():
        return [place]
    return sorted(
        f
        for f in place.iterdir()
        if f.suffix in (".yaml", ".yml") and not f.stem.endswith(".scenario")
    )


def _say(name: str, loaded: Loaded) -> None:
    for finding in loaded.findings:
        print(finding)
    errors, warnings = len(loaded.errors), len(loaded.findings) - len(loaded.errors)
    said = [counted(n, word) for n, word in ((errors, "error"), (warnings, "warning")) if n]
    print(f"{name}: {', '.join(said) or 'no findings'}")


def schema(arguments: list[str]) -> int:
    """Runs `deskbook schema`: prints the JSON Schema, or writes the reference."""
    parser = argparse.ArgumentParser(
        prog="deskbook schema",
        description="Print the JSON Schema (2020-12) of the book language, for editors.",
        epilog="in a book: # yaml-language-server: $schema=book.schema.json",
    )
    parser.add_argument("--docs", metavar="DIR", help="write the reference pages there instead")
    asked = parser.parse_args(arguments)
    if asked.docs:
        reference.write(Path(asked.docs))
        print(f"wrote {', '.join(sorted(reference.pages()))} in {asked.docs}", file=sys.stderr)
        return 0
    print(json.dumps(reference.json_schema(), indent=2, ensure_ascii=False))
    return 0
