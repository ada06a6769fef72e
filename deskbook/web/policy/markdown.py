"""A policy as Markdown, as GitHub and most editors read it."""

import re
from collections.abc import Iterable, Iterator

from deskbook.web.policy.parts import (
    Block,
    Cell,
    Entries,
    Entry,
    Heading,
    Line,
    Linked,
    Picture,
    Points,
    Said,
    Section,
    Table,
)

_SPECIAL = re.compile(r"([\\`*_\[\]<>|])")


def markdown(title: str, about: Iterable[str], sections: Iterable[Section], printed: str) -> str:
    """Returns the whole page; nothing that the book says becomes mark-up."""
    paragraphs = [f"# {_plain(title)}", *map(_plain, about)]
    for section in sections:
        paragraphs.append(f"## {_plain(section.title)}")
        paragraphs += ("\n".join(_block(block)) for block in section.blocks)
    return "\n\n".join([*paragraphs, _plain(printed)]) + "\n"


def _block(block: Block) -> Iterator[str]:
    match block:
        case Heading(text):
            yield f"### {_plain(text)}"
        case Said(text):
            yield _line(text)
        case Entries(found):
            yield from (line for entry in found for line in _entry(entry))
        case Points(points, ordered):
            yield from _list(map(_line, points), ordered=ordered)
        case Table():
            yield from _table(block)
        case Picture():
            yield from _list(map(_plain, block.points), ordered=True)


def _entry(entry: Entry) -> Iterator[str]:
    yield f"- **{_plain(entry.title)}**" + "".join(f"  \n  {_line(line)}" for line in entry.lines)
    yield from (f"  - {_plain(point)}" for point in entry.points)


def _list(points: Iterable[str], *, ordered: bool) -> Iterator[str]:
    for number, point in enumerate(points, start=1):
        yield f"{number}. {point}" if ordered else f"- {point}"


def _table(table: Table) -> Iterator[str]:
    yield _row(map(_plain, table.head))
    yield _row("---" for _head in table.head)
    yield from (_row(map(_cell, row)) for row in table.rows)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(cell: Cell) -> str:
    return "<br>".join(map(_line, cell))


def _line(line: Line) -> str:
    return f"[{_plain(line.text)}]({line.href})" if isinstance(line, Linked) else _plain(line)


def _plain(text: str) -> str:
    """Returns text that stands for itself; a line break in it is a space."""
    escaped = _SPECIAL.sub(r"\\\1", " ".join(text.split()))
    return re.sub(r"^(\d*)([#+.)-])", r"\1\\\2", escaped)
