"""Files with a declared shape, such as a village list: every row is checked, and what is wrong is
said by its line.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from deskbook.engine.procedure_parts import Column
from deskbook.people.lists.quoting import named, short
from deskbook.people.lists.sheets import IN_A_PAGE, UnreadableList, looks_like_formula, open_sheet
from deskbook.people.refusals import in_words

MOST_TOLD = 50


@dataclass(frozen=True, slots=True)
class WrongCell:
    """One thing that is wrong with a file. `line` is 0 for the file as a whole."""

    line: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What checking a file found: how many rows it has, how many are wrong, and the first of what
    is wrong.
    """

    rows: int
    wrong_rows: int
    told: tuple[WrongCell, ...]
    notes: tuple[str, ...] = ()

    @property
    def good(self) -> bool:
        return not self.told


def check_rows(columns: Sequence[Column], data: bytes) -> Checked:
    """Returns what is wrong with a file (CSV or XLSX) that must have these columns, at most
    MOST_TOLD sentences.

    Columns are found by their title or key, in any order and case; others are left alone. A file
    that cannot be read as a list is one wrong thing without a line. Raises NoRoom where no process
    can be started to read it in.
    """
    try:
        return _checked(columns, data)
    except UnreadableList as unreadable:
        return Checked(0, 0, (WrongCell(0, in_words(unreadable)),))


def _checked(columns: Sequence[Column], data: bytes) -> Checked:
    sheet = open_sheet(data, most_tags=IN_A_PAGE)
    places = {column: _place(column, sheet.header) for column in columns}
    missing = [
        column.title for column, place in places.items() if place is None and column.required
    ]
    if missing:
        words = _("The column %(names)s is missing; the file has: %(found)s.")
        what = {
            "names": ", ".join(f"“{name}”" for name in missing),
            "found": named(sheet.header, "{}"),
        }
        return Checked(
            0, 0, (WrongCell(1, words % what),), tuple(in_words(note) for note in sheet.notes)
        )
    known = {column: place for column, place in places.items() if place is not None}
    seen: dict[tuple[str, str], int] = {}
    whole: dict[tuple[str, ...], int] = {}
    rows, wrong_rows = 0, 0
    told: list[WrongCell] = []
    for line, cells in sheet.rows:
        rows += 1  # the number beside a row is its line in the file
        found = [
            *_repeated(cells, whole, line),
            *_wrong(known, cells, seen, line, len(sheet.header)),
        ]
        wrong_rows += bool(found)
        told += [WrongCell(line, sentence) for sentence in found[: MOST_TOLD - len(told)]]
    return Checked(rows, wrong_rows, tuple(told), tuple(in_words(note) for note in sheet.notes))


def _place(column: Column, header: Sequence[str]) -> int | None:
    names = (column.title.casefold(), column.key.casefold())
    return next((n for n, name in enumerate(header) if name.casefold() in names), None)


def _repeated(cells: Sequence[str], whole: dict[tuple[str, ...], int], line: int) -> Iterator[str]:
    before = whole.setdefault(tuple(cells), line)
    if before != line:
        yield _("The whole row stands in line %(line)s already.") % {"line": before}


def _wrong(
    known: dict[Column, int],
    cells: Sequence[str],
    seen: dict[tuple[str, str], int],
    line: int,
    width: int,
) -> Iterator[str]:
    if len(cells) > width:
        yield _(
            "It has more cells than the first line has names: a text with a comma needs quotes."
        )
    for column, place in known.items():
        cell = cells[place]
        problem = _cell_problem(column, cell)
        if problem:
            yield problem
        elif column.unique and cell:
            before = seen.setdefault((column.key, cell.casefold()), line)
            if before != line:
                words = _("%(column)s: “%(cell)s” stands in line %(line)s already.")
                yield words % {"column": column.title, "cell": short(cell), "line": before}


def _cell_problem(column: Column, cell: str) -> str | None:
    if not cell:
        return _("%(column)s is empty.") % {"column": column.title} if column.required else None
    if looks_like_formula(cell):
        return _("%(column)s holds a formula: put the value itself.") % {"column": column.title}
    if column.values and cell.casefold() not in {value.casefold() for value in column.values}:
        words = _("%(column)s: “%(cell)s” is none of %(values)s.")
        return words % {
            "column": column.title,
            "cell": short(cell),
            "values": ", ".join(column.values),
        }
    return None
