"""XML as Rails writes it: an array of records, read a record at a time into what JSON would say."""

import re
from collections.abc import Iterator
from typing import IO, Any
from xml.parsers import expat

from deskbook.moving.parts import MovingRefused, placed
from deskbook.refusals.refusal import Refusal

MOST_OF_A_RECORD = 100_000_000
"""Characters."""
_OF_AN_ELEMENT = 100
"""What an element costs beside its text: an empty one takes memory too."""
_PIECE = 262_144
_INTEGER = re.compile(r"-?[0-9]{1,40}")
_DEEPEST = 40


class _Records:
    """What a parser tells, as records: the children of the outermost element."""

    def __init__(self) -> None:
        self.done: list[tuple[int, dict[str, Any]]] = []
        self.size = 0
        self.open: list[tuple[str, str, Any, list[str]]] = []
        """Name, type, children so far and text so far of each element that has not ended."""
        self.line = 0
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._begin
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        # An entity may stand for more text than any memory holds.
        self.parser.StartDoctypeDeclHandler = _refuse_doctype

    def _begin(self, name: str, said: dict[str, str]) -> None:
        if len(self.open) == 1:
            self.size, self.line = 0, self.parser.CurrentLineNumber
        self._grow(_OF_AN_ELEMENT + len(name))
        if len(self.open) > _DEEPEST:
            raise MovingRefused("moving: broken", why="XML")
        kind = said.get("type", "nil" if said.get("nil") == "true" else "")
        children: Any = [] if kind == "array" else {}
        self.open.append((name.replace("-", "_"), kind, children, []))

    def _text(self, text: str) -> None:
        self._grow(len(text))
        if self.open:
            self.open[-1][3].append(text)

    def _grow(self, more: int) -> None:
        self.size += more
        if self.size > MOST_OF_A_RECORD:
            most, line = MOST_OF_A_RECORD // 1_000_000, str(self.line)
            raise MovingRefused("moving: endless object", name="XML", number=line, most=most)

    def _end(self, _name: str) -> None:
        name, kind, children, texts = self.open.pop()
        value = _value(kind, children, "".join(texts))
        if len(self.open) == 1:
            self.done.append((self.line, {name: value}))
        elif self.open:
            _put(self.open[-1][2], name, value)


def records_in(file: IO[bytes], name: str) -> Iterator[tuple[str, dict[str, Any] | Refusal]]:
    """Yields each record with its place, by its element's name; where it is no XML any more, why,
    and no other after it.
    """
    return placed(_lines_of(file), name)


def _lines_of(file: IO[bytes]) -> Iterator[tuple[int, dict[str, Any] | Refusal]]:
    records = _Records()
    while piece := file.read(_PIECE):
        try:
            records.parser.Parse(piece, False)
        except expat.ExpatError as wrong:
            why = expat.ErrorString(wrong.code)
            yield wrong.lineno, Refusal("moving: broken", why=why)
            return
        yield from records.done
        records.done.clear()


def _value(kind: str, children: Any, text: str) -> Any:
    if children or kind == "array":
        return children
    said = text.strip()
    if kind == "integer" and _INTEGER.fullmatch(said):
        return int(said)
    return said == "true" if kind == "boolean" else text if said else None


def _put(into: Any, name: str, value: Any) -> None:
    if isinstance(into, list):
        into.append(value)
    else:
        into[name] = value


def _refuse_doctype(*_said: object) -> None:
    raise MovingRefused("moving: doctype")
