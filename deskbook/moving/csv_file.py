"""Plain CSV: a line a ticket or a message (docs/operating/moving-in.md has the columns)."""

import csv
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from itertools import zip_longest
from typing import TextIO

from deskbook.moving.nouns import Case, File, Kind, Organisation, Person, Said
from deskbook.moving.parts import (
    MovingRefused,
    Parts,
    lines_in,
    outermost,
    refuse_endless,
    text_in,
    type_of,
)
from deskbook.moving.records import Reading, Record, Row, take_all
from deskbook.moving.shelf import Shelf
from deskbook.moving.values import Unread, address_in, name_in
from deskbook.refusals.refusal import Refusal

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "number": ("ticket", "ticket id", "id", "ticket number", "key"),
    "subject": ("title", "summary"),
    "requester": ("requester address", "requester email", "email", "contact"),
    "requester name": ("contact name",),
    "organisation": ("organization", "company", "customer"),
    "opened": ("created", "created at", "opened at", "created time"),
    "closed": ("closed at", "resolved", "resolved at", "closed time", "ended"),
    "stage": ("status", "state"),
    "severity": ("priority", "urgency"),
    "team": ("group", "queue", "department"),
    "owner": ("assigned to", "assignee", "agent"),
    "cc": ("copied", "cc emails", "followers"),
    "tags": ("labels",),
    "channel": ("source",),
    "kind": (),
    "from": ("author",),
    "at": ("written", "written at", "date"),
    "text": ("description", "body", "message"),
    "html": (),
    "files": ("attachments",),
}
"""Column → what else it may be called."""
_KINDS: Mapping[str, Kind] = {
    "": "request",
    "request": "request",
    "answer": "answer",
    "reply": "answer",
    "note": "note",
    "private": "note",
}
_WORDS = ("stage", "severity", "team", "tags")
MOST_OF_A_FIELD = 20_000_000
"""Characters; a quote that is never closed makes one field of all that follows."""


class Line(dict[str, list[str]]):
    """The cells of a line that say something, by their columns, which may come several times."""

    def __str__(self) -> str:
        """As one text, to find it again by."""
        return " | ".join(cell for cells in self.values() for cell in cells)


def read(parts: Parts, shelf: Shelf, zone: str) -> None:
    """Puts on the shelf what the CSV files of `parts` say; the files of messages lie beside
    them.
    """
    records = records_of(parts, shelf, (".csv", ".tsv"), _header, number="number")
    take_all(Reading(shelf, zone), records, {"line": _line, "long": too_long})


def records_of(
    parts: Parts,
    shelf: Shelf,
    endings: tuple[str, ...],
    header_of: Callable[[list[str]], list[str]],
    *,
    number: str,
) -> Iterator[Record]:
    """Yields the lines of CSV files by the columns that `header_of` makes of the first, with their
    cells in the column `number`: "line", or "long" for one with more cells than columns.
    """
    for name in outermost(parts, *endings):
        with text_in(parts, name) as text:
            lines = rows_of(text, name, shelf)
            header = header_of(next(lines, (0, []))[1])
            for line, cells in lines:
                said = Line()
                for column, cell in zip_longest(header, cells, fillvalue=""):
                    if cell.strip():
                        said.setdefault(column, []).append(cell)
                sort = "line" if len(cells) <= len(header) else "long"
                of = next(iter(said.get(number, ())), "").strip()[:100]
                yield Record(f"{name}, line {line}", sort, said, of)


def too_long(_reading: Reading, _row: Row) -> None:
    """Leaves out a line whose cells cannot be told apart by columns."""
    raise Unread("moving: many cells")


def _header(cells: list[str]) -> list[str]:
    header = [_column(cell) for cell in cells]
    if "number" not in header:
        raise MovingRefused("moving: no number", columns=tuple(cell[:40] for cell in header[:20]))
    return header


def rows_of(text: TextIO, name: str, shelf: Shelf) -> Iterator[tuple[int, list[str]]]:
    """Yields the lines of a CSV file that are not empty, each with its number; what the library
    cannot read is left out. Raises MovingRefused where a text never ends.
    """
    csv.field_size_limit(MOST_OF_A_FIELD)
    first = text.readline(100_000)
    text.seek(0)
    delimiter = max(",", ";", "\t", key=first.count)
    given = _Given(text, name)
    reader = csv.reader(given, delimiter=delimiter)
    line = 1
    while True:
        given.begins_in(line)
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as wrong:
            if "field limit" in str(wrong):
                raise MovingRefused("moving: endless", number=str(line)) from wrong
            shelf.left_out(f"{name}, line {line}", Refusal("moving: broken", why=str(wrong)))
            cells = []
        if any(cell.strip() for cell in cells):
            yield line, cells
        line = reader.line_num + 1


class _Given:
    """The lines of a file as the library takes them; those of one record are counted together: a
    quote may open again in the line in which it was closed.
    """

    def __init__(self, text: TextIO, name: str) -> None:
        self.name, self.lines = name, lines_in(text, name)

    def begins_in(self, line: int) -> None:
        self.line, self.size = line, 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self.lines)
        self.size += len(line)
        refuse_endless(self.size, self.name, self.line)
        return line.replace("\x00", "\ufffd")


def _column(cell: str) -> str:
    said = " ".join(cell.replace("_", " ").split())
    known = (key for key, names in COLUMNS.items() if said.lower() in (key, *names))
    return next(known, said)


def _line(reading: Reading, row: Row) -> None:
    values = {column: str(cells[-1]) for column, cells in row.items()}
    number, shelf = reading.record.number, reading.shelf
    if not number:
        raise Unread("moving: number empty")
    kind = _kind_of(values)
    is_first = not values.keys().isdisjoint(("subject", "opened", "requester"))
    opened_at, at = reading.at(values, "opened"), reading.at(values, "at")
    case = _case(values, opened_at or at, reading) if is_first else None
    said = _said(values, kind, at or opened_at, shelf, case)
    if case and not shelf.has(number):
        shelf.ticket(number, case, reading.place)
    elif case and said is None:
        reading.leave_out(Refusal("moving: ticket twice", number=number), case.subject)
    if said:
        shelf.said(number, said, reading.place)


def _kind_of(values: Mapping[str, str]) -> Kind:
    kind = _KINDS.get(values.get("kind", "").strip().lower())
    if kind is None:
        raise Unread("moving: kind", text=values["kind"][:60])
    return kind


def _case(values: Mapping[str, str], opened_at: datetime | None, reading: Reading) -> Case:
    shelf, company = reading.shelf, values.get("organisation", "").strip()[:200]
    if company:
        shelf.organisation(Organisation(company, company))
    requester = _person(values.get("requester", ""), shelf, values.get("requester name", ""))
    if requester and company:
        shelf.person(Person(requester, organisation=company))
    return Case(
        reading.record.number,
        subject=values.get("subject", ""),
        requester=requester,
        opened_at=opened_at,
        ended_at=reading.at(values, "closed"),
        owner=_person(values.get("owner", ""), shelf, works_there=True),
        copied=tuple(_person(one, shelf) for one in _listed(values.get("cc", ""))),
        tags=tuple(_listed(values.get("tags", ""))),
        channel=values.get("channel", ""),
        words={
            key: said.strip() for key, said in values.items() if key in _WORDS or key not in COLUMNS
        },
    )


def _said(
    values: Mapping[str, str], kind: Kind, at: datetime | None, shelf: Shelf, case: Case | None
) -> Said | None:
    text, html, files = (values.get(name, "") for name in ("text", "html", "files"))
    if not (text or html or files):
        return None
    by = _person(values.get("from", ""), shelf, works_there=kind != "request")
    if not by and case and kind == "request":
        by = case.requester
    lying = [name.strip() for name in files.split(";") if name.strip()]
    return Said(
        kind,
        by,
        at,
        text,
        html,
        tuple(File(name.rsplit("/")[-1], type_of(name), (name,)) for name in lying),
    )


def _listed(cell: str) -> list[str]:
    return [one.strip() for one in re.split("[,;]", cell) if one.strip()]


def _person(said: str, shelf: Shelf, name: str = "", *, works_there: bool = False) -> str:
    """Keeps who is named, by address or else by name, and returns their key."""
    said = said.strip()
    address = address_in(said)
    key = address or said[:200]
    if key:
        called = name.strip() or (name_in(said) if address else said)
        shelf.person(Person(key, called[:200], address, works_there=works_there))
    return key
