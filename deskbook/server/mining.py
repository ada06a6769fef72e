"""`deskbook log`: what happened at a desk, for those who mine processes."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime, time
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from deskbook.book.commands import day_as_typed
from deskbook.server.log_files import FILE_HELP, log_file
from deskbook.server.processes import desk

if TYPE_CHECKING:
    from deskbook.people.models import HelpDesk
    from deskbook.simulation.event_logs import Case


def log(argv: Sequence[str]) -> int:
    """Write what happened to the cases opened since a day as an event log, XES or OCEL 2.0: what
    the book names and when, no words, names or addresses. Nothing of the desk is changed.
    """
    parser = argparse.ArgumentParser(prog="deskbook log", description=log.__doc__)
    parser.add_argument(
        "book", type=Path, metavar="BOOK", help="its file name without .yaml is the desk's key"
    )
    parser.add_argument("file", type=log_file, metavar="FILE", help=FILE_HELP)
    parser.add_argument("--since", required=True, type=day_as_typed, metavar="DATE")
    asked = parser.parse_args(argv)
    with desk():
        count = _written(asked)
    sys.stdout.write(f"{count} cases are in {asked.file}; {_NOT_IN_IT}.\n")
    return 0


_NOT_IN_IT = "those that came from another system are not: what happened to them was not here"


def _written(asked: argparse.Namespace) -> int:
    from deskbook.people.books import desk_in_force
    from deskbook.server.replaying import helpdesk_of
    from deskbook.simulation.event_logs import write_log
    from deskbook.tickets.replaying import nothing_is_written

    helpdesk = helpdesk_of(asked.book)
    book = desk_in_force(helpdesk)
    since_at = datetime.combine(asked.since, time(), tzinfo=ZoneInfo(book.zone))
    with nothing_is_written():
        return write_log(asked.file, book, _cases(helpdesk, since_at))


def _cases(helpdesk: HelpDesk, since_at: datetime) -> Iterator[Case]:
    from deskbook.simulation.event_logs import Case
    from deskbook.tickets.replaying import opened_since

    for number, ticket, entries in opened_since(helpdesk, since_at):
        yield Case(number, ticket, entries)
