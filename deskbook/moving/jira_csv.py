"""Jira: the CSV of a search with all fields. Columns come several times there (Comment, Attachment,
Labels), and one cell of a comment has its time, its writer and its words.
<https://support.atlassian.com/jira-software-cloud/docs/export-your-issues/>
"""

from collections.abc import Iterator, Mapping, Sequence

from deskbook.moving.csv_file import records_of, too_long
from deskbook.moving.nouns import Case, File, Kind, Person, Said, attached
from deskbook.moving.parts import MovingRefused, Parts, type_of
from deskbook.moving.records import Reading, Row, take_all
from deskbook.moving.shelf import Shelf
from deskbook.moving.values import Unread, address_in, instant_of

Values = Mapping[str, Sequence[str]]
_STATED = {"stage": "status", "severity": "priority", "team": "component/s", "type": "issue type"}
"""Part of the book → the column it is read from; components are called so by Jira's server."""
_KNOWN = ("issue key", "summary", "description", "reporter", "created", "comment", "attachment")


def read(parts: Parts, shelf: Shelf, zone: str) -> None:
    """Puts on the shelf what a search that was saved as CSV says."""
    records = records_of(parts, shelf, (".csv",), _header, number="issue key")
    take_all(Reading(shelf, zone), records, {"line": _issue, "long": too_long})


def _header(cells: list[str]) -> list[str]:
    header = [" ".join(cell.split()) for cell in cells]
    if "issue key" not in map(str.lower, header):
        raise MovingRefused("moving: no issue key", columns=tuple(one[:40] for one in header[:20]))
    return [column.lower() for column in header]


def _issue(reading: Reading, row: Row) -> None:
    values: Values = {column: [cell.strip() for cell in cells] for column, cells in row.items()}
    key, shelf = reading.record.number, reading.shelf
    if not key:
        raise Unread("moving: number empty")
    first = {column: cells[0] for column, cells in values.items()}
    opened_at = reading.at(first, "created")
    requester = _person(values, "reporter", shelf)
    owner = _person(values, "assignee", shelf, works_there=True)
    case = Case(
        key,
        subject=_one(values, "summary"),
        requester=requester,
        opened_at=opened_at,
        ended_at=reading.at(first, "resolved"),
        changed_at=reading.at(first, "updated"),
        owner=owner,
        copied=tuple(_kept(one, shelf) for one in values.get("watchers", ()) if address_in(one)),
        tags=tuple(values.get("labels", ())),
        words=_words(values),
    )
    shelf.ticket(key, case, reading.place)
    opening = Said(
        "request", requester, opened_at, _one(values, "description"), files=_files(values)
    )
    shelf.said(key, opening, reading.place, key="opening")
    for number, cell in enumerate(values.get("comment", ()), 1):
        _comment(cell, (key, number, requester), reading)


def _comment(cell: str, of: tuple[str, int, str], reading: Reading) -> None:
    """Keeps a comment: when; by whom; what. One without them is a note with all of the cell."""
    (key, number, requester), shelf, place = of, reading.shelf, reading.place
    when, _first, rest = cell.partition(";")
    by, second, text = rest.partition(";")
    try:
        at = instant_of(when, reading.zone) if second else None
    except Unread:
        at = None
    if at is None:
        shelf.said(key, Said("note", "", None, cell), place, key=f"comment {number}")
        return
    kind: Kind = "request" if by == requester else "answer"
    _kept(by, shelf, works_there=kind == "answer")
    shelf.said(key, Said(kind, by, at, text), place, key=f"comment {number}")


def _person(values: Values, column: str, shelf: Shelf, *, works_there: bool = False) -> str:
    """Keeps who stands in a column and returns their key: their id, by which comments name them,
    where the export has one.
    """
    said = _one(values, column)
    key = _one(values, f"{column} id") or said
    return _kept(key, shelf, said, works_there=works_there)


def _kept(key: str, shelf: Shelf, name: str = "", *, works_there: bool = False) -> str:
    key = key[:200]
    if key:
        address = address_in(name) or address_in(key)
        called = name[:200] if name != key else ""
        shelf.person(Person(key, called, address, works_there=works_there))
    return key


def _files(values: Values) -> tuple[File, ...]:
    return tuple(_file(cell) for cell in values.get("attachment", ()))


def _file(cell: str) -> File:
    """A cell has when; by whom; the file's name; its address."""
    _when, _by, name, address = (cell.split(";", 3) + [""] * 4)[:4]
    named = name or cell[:200]
    id_ = address.rstrip("/").rpartition("/")[0].rpartition("/")[2]
    return File(named, type_of(named), attached(id_, named), address)


def _words(values: Values) -> dict[str, str]:
    """What Jira says of it: first what the book's parts are read from, then all other columns."""
    words = {part: _one(values, column) for part, column in _STATED.items()}
    words |= dict(_others(values))
    words["team"] = words["team"] or _one(values, "components")
    words["tags"] = ", ".join(values.get("labels", ()))
    return {name: said for name, said in words.items() if said}


def _others(values: Values) -> Iterator[tuple[str, str]]:
    for column, cells in values.items():
        if column not in (*_KNOWN, *_STATED.values(), "labels"):
            called = column.removeprefix("custom field (").removesuffix(")")
            yield called, ", ".join(cells)


def _one(values: Values, column: str) -> str:
    return next(iter(values.get(column, ())), "")
