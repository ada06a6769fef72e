"""A dump of MySQL as `mysqldump` and phpMyAdmin write it: the rows of its INSERT statements, by the
columns that its CREATE TABLE statements name.
"""

import re
from collections.abc import Iterator
from typing import TextIO

from deskbook.moving.parts import MovingRefused, lines_in, placed

MOST_OF_A_STATEMENT = 100_000_000
"""Characters; mysqldump begins a new one after 1 MB unless it is told otherwise."""
Row = dict[str, str]
_CREATE = re.compile(r"CREATE TABLE (?:IF NOT EXISTS )?`?(\w++)`?\s*+\(", re.IGNORECASE)
_COLUMN = re.compile(r"\s*+`(\w++)`\s")
_INSERT = re.compile(
    r"INSERT (?:IGNORE )?INTO `?(\w++)`?\s*+(?:\(([^()]*+)\)\s*+)?VALUES\s*+", re.IGNORECASE
)
_CELL = re.compile(
    r"\s*+(?:_binary\s++)?+(?:'((?:[^'\\]++|\\.|'')*+)'|([^\s,()']++))\s*+([,)])", re.DOTALL
)
_BETWEEN = re.compile(r"\s*+[,;]?+\s*+(\(?)")
_ESCAPED = re.compile(r"\\(.)|''", re.DOTALL)
_MEANT = {"n": "\n", "r": "\r", "t": "\t", "0": "", "Z": ""}


def rows_in(text: TextIO, name: str) -> Iterator[tuple[str, tuple[str, Row]]]:
    """Yields the place, the table and the columns of each row; NULL is left out. Raises
    MovingRefused for a line or a statement that does not end.
    """
    return placed(_lines_of(text, name), name)


def _lines_of(text: TextIO, name: str) -> Iterator[tuple[int, tuple[str, Row]]]:
    columns = dict[str, list[str]]()
    for line, statement in _statements(text, name):
        if found := _CREATE.match(statement):
            columns[found[1]] = _named(statement[found.end() :])
        elif found := _INSERT.match(statement):
            stated = _stated(found[2] or "") or columns.get(found[1], [])
            for cells in _tuples(statement, found.end()):
                row = zip(stated, cells, strict=False)
                kept = {column: cell for column, cell in row if cell is not None}
                yield line, (found[1], kept)


def _named(lines: str) -> list[str]:
    """Returns the columns that a CREATE TABLE names."""
    return [found[1] for line in lines.splitlines() if (found := _COLUMN.match(line))]


def _stated(names: str) -> list[str]:
    """Returns the columns that an INSERT names; none where it has all."""
    return [name.strip(" `\r\n") for name in names.split(",") if name.strip()]


def _statements(text: TextIO, name: str) -> Iterator[tuple[int, str]]:
    """Yields the statements that make tables and fill them, each with its first line."""
    kept, begun, size = list[str](), 0, 0
    for number, line in enumerate(lines_in(text, name), 1):
        if not kept and not line.upper().startswith(("CREATE TABLE", "INSERT ")):
            continue
        begun = begun if kept else number
        kept.append(line)
        size += len(line)
        if size > MOST_OF_A_STATEMENT:
            most = MOST_OF_A_STATEMENT // 1_000_000
            begun_in = str(begun)
            raise MovingRefused("moving: endless object", name=name, number=begun_in, most=most)
        if line.rstrip().endswith(";"):
            yield begun, "".join(kept)
            kept, size = [], 0


def _tuples(statement: str, at: int) -> Iterator[list[str | None]]:
    """Yields the cells of each row of an INSERT; ends where it is none any more."""
    while (opened := _BETWEEN.match(statement, at)) and opened[1]:
        at, cells = opened.end(), list[str | None]()
        while cell := _CELL.match(statement, at):
            at = cell.end()
            cells.append(_value(cell[1], cell[2]))
            if cell[3] == ")":
                yield cells
                break
        else:
            return


def _value(quoted: str | None, plain: str | None) -> str | None:
    if quoted is not None:
        return _ESCAPED.sub(lambda one: _MEANT.get(one[1], one[1]) if one[1] else "'", quoted)
    return None if str(plain).upper() == "NULL" else plain
