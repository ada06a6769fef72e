"""JSON as systems export it: an array, a line an object, or pages one after the other; read an
object at a time, so that memory stays flat and one that is broken costs no other.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TextIO

from deskbook.moving.parts import MovingRefused, Parts, placed, text_in
from deskbook.moving.shelf import Shelf
from deskbook.refusals.refusal import Refusal

MOST_OF_AN_OBJECT = 50_000_000
"""Characters: a record with files of 35 MB in it, as base64."""
MOST_VALUES = 1_000_000
"""Of one object: each takes some hundred bytes of memory, however few it has in the file."""
_PIECE = 262_144
_SIGNS = re.compile(r'["\\{}]')
Row = dict[str, Any]


def all_objects(
    parts: Parts, shelf: Shelf | None, *, last: str = "(?!)"
) -> Iterator[tuple[str, str, Row]]:
    """Yields file, place and object of all JSON files of an export, in the order of the archive;
    those whose names `last` (a pattern) finds after the others.
    """
    names = [name for name in parts.names() if name.lower().endswith((".json", ".jsonl"))]
    names.sort(key=lambda name: bool(re.search(last, name.lower())))
    for name in names or parts.names()[:1]:
        with text_in(parts, name) as text:
            for place, row in objects_in(text, name, shelf):
                yield name, place, row


def objects_in(text: TextIO, name: str, shelf: Shelf | None) -> Iterator[tuple[str, Row]]:
    """Yields each outermost object with its place; one that cannot be read is left out, in silence
    where no shelf is given: what is read twice is said once.
    """
    for place, said in placed(_cut(text, name), name):
        found = _object_in(said)
        if not isinstance(found, Refusal):
            yield place, found
        elif shelf:
            shelf.left_out(place, found, said)


def _object_in(said: str) -> Row | Refusal:
    if sum(map(said.count, ",[{")) > MOST_VALUES:
        return Refusal("moving: overfull", most=MOST_VALUES)
    try:
        found: Row = json.loads(said)
    except RecursionError:
        return Refusal("moving: deep")
    except ValueError as wrong:
        return Refusal("moving: broken", why=str(wrong)[:200])
    return found


def _cut(text: TextIO, name: str) -> Iterator[tuple[int, str]]:
    """Yields the outermost objects as text, with the lines they begin in."""
    cutter = _Cutter()
    while piece := text.read(_PIECE):
        yield from cutter.cut(piece)
        if cutter.size > MOST_OF_AN_OBJECT:
            most = MOST_OF_AN_OBJECT // 1_000_000
            begun = str(cutter.begun_in)
            raise MovingRefused("moving: endless object", name=name, number=begun, most=most)
    if cutter.kept:
        yield cutter.begun_in, "".join(cutter.kept)


@dataclass(slots=True)
class _Cutter:
    """Knows where in an object a text stands that comes in pieces."""

    kept: list[str] = field(default_factory=list)
    """The beginning of the object that has not ended."""
    size: int = 0
    depth: int = 0
    quoted: bool = False
    escaped: bool = False
    """The next piece begins behind a backslash."""
    line: int = 1
    begun_in: int = 1

    def cut(self, piece: str) -> Iterator[tuple[int, str]]:
        start, skipped = 0, 0 if self.escaped else -1
        for sign in _SIGNS.finditer(piece):
            at = sign.start()
            if at == skipped:
                continue
            if sign[0] == "\\":
                skipped = at + 1
            elif sign[0] == '"':
                self.quoted = self.depth > 0 and not self.quoted
            elif not self.quoted:
                was, self.depth = self.depth, self._deeper(sign[0])
                if not was and self.depth:
                    start, self.begun_in = at, self.line + piece.count("\n", 0, at)
                elif was and not self.depth:
                    yield self.begun_in, "".join([*self.kept, piece[start : at + 1]])
                    self.kept, self.size = [], 0
        self._end(piece, start, skipped)

    def _deeper(self, sign: str) -> int:
        return self.depth + 1 if sign == "{" else max(self.depth - 1, 0)

    def _end(self, piece: str, start: int, skipped: int) -> None:
        self.escaped = skipped == len(piece)
        self.line += piece.count("\n")
        if self.depth:
            self.kept.append(piece[start:])
            self.size += len(piece) - start
