"""One of two books that are compared: what was read, as it is written, and where it stands."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path as File
from typing import Any

from deskbook.book.document import Node, UnreadableBook, read_document
from deskbook.book.findings import Finding, Path
from deskbook.book.load import WrongBook, load_document, text_of
from deskbook.book.schema import Book
from deskbook.book.schema.section import Section
from deskbook.book.words import fold
from deskbook.engine.amounts import format_amount
from deskbook.engine.desk import Desk
from deskbook.engine.money import Money, Part
from deskbook.engine.service_level_parts import Fee


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something stands; line and column count from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Side:
    """A book without errors."""

    file: str
    document: Node
    desk: Desk
    book: Book

    def place(self, path: Path, *, at_key: bool = False) -> Place:
        """Returns where a path stands, or its nearest part that the book has."""
        return Place(self.file, *self.document.place(path, at_key=at_key))

    def spelled(self, facet: str) -> dict[str, str]:
        """Returns the values of a facet as the owner wrote them, by how the engine keeps them."""
        book = self.book
        own: dict[str, Iterable[str]] = {
            "severity": book.severities or book.priorities or {},
            "plan": book.plans,
            "team": book.teams,
            "channel": self.desk.channels,
            "type": book.types.values if book.types else {},
            "category": book.categories.values if book.categories else {},
            "site": book.sites,
        }
        named = next((entry for name, entry in book.facets.items() if fold(name) == facet), None)
        return {fold(name): name for name in own.get(facet) or (named.values if named else ())}


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is otherwise in the new book, in one sentence."""

    section: str
    said: str
    old: Place
    new: Place

    def __str__(self) -> str:
        return f"{self.said}  [{self.old} → {self.new}]"

    def as_dict(self) -> dict[str, Any]:
        """Returns the change for `--json`."""
        return {
            "section": self.section,
            "said": self.said,
            "old": place_as_dict(self.old),
            "new": place_as_dict(self.new),
        }


def place_as_dict(place: Place) -> dict[str, Any]:
    return {"file": place.file, "line": place.line, "column": place.column}


def read_side(source: str | File, name: str | None = None) -> Side:
    """Returns a book to be compared. Raises WrongBook with every finding where it has errors."""
    shown = name or str(source)
    try:
        document = read_document(text_of(source))
    except UnreadableBook as exc:
        wrong = Finding(shown, exc.line, exc.column, "error", exc.message, exc.code)
        raise WrongBook((wrong,)) from None
    loaded = load_document(document, shown)
    desk = loaded.desk_or_raise()
    assert loaded.book is not None
    return Side(shown, document, desk, loaded.book)


@dataclass(frozen=True, slots=True)
class Spot:
    """One value of a book, with its place."""

    side: Side
    path: Path
    value: Any

    def below(self, step: str | int, value: Any) -> "Spot":
        return Spot(self.side, (*self.path, step), value)

    def shown(self) -> str:
        """Returns the value as its owner wrote it, or in words where it was left unsaid."""
        node = node_at(self.side.document, self.path)
        return in_words(self.value) if node is None or node.value is None else _written(node)


def node_at(document: Node, path: Path) -> Node | None:
    """Returns what stands at a path, None where nothing does. A short form stands for its parts."""
    here = document
    for step in path:
        if isinstance(here.value, dict):
            if str(step) not in here.value:
                if step == "values" or isinstance(step, int):
                    continue
                return None
            here = here.value[str(step)]
        elif isinstance(here.value, list):
            found = _of_list(here.value, step)
            if found is None and step != "values":
                return None
            here = found or here
    return here


def _of_list(items: list[Node], step: str | int) -> Node | None:
    if isinstance(step, int):
        return items[step] if step < len(items) else None
    named = (n for n in items if isinstance(n.value, str) and fold(n.value) == fold(step))
    return next(named, None)


def _written(node: Node) -> str:
    if isinstance(node.value, dict):
        parts = (f"{k} {_written(v)}" if v.value else k for k, v in node.value.items())
        return "; ".join(parts) or "nothing"
    if isinstance(node.value, list):
        return ", ".join(_written(item) for item in node.value) or "nothing"
    return short(node.value or "nothing")


def short(text: str, most: int = 120) -> str:
    """Returns a text short enough for a sentence about it."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def in_words(value: Any) -> str:
    """Returns a value that nobody wrote, as somebody would."""
    if value is None or value in ([], {}, "", ()):
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple | frozenset | set):
        return ", ".join(in_words(item) for item in value)
    if isinstance(value, Mapping):
        return "; ".join(f"{key} {in_words(item)}" for key, item in value.items())
    if isinstance(value, str | int | Fraction | Decimal | date | datetime | Money | Part | Fee):
        return short(str(value))
    if isinstance(value, Section):
        return in_words(value.model_dump(by_alias=True, exclude_unset=True))
    return format_amount(value)
