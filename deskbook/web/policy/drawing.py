"""Boxes one below the other with numbered ways beside them: a drawing as narrow as a telephone."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from deskbook.web.policy.parts import Arrow, Box, Picture

RIGHT = 240.0  # where the boxes end
WORDS = 212.0  # what is left of a box for words
LANE = 24.0
GAP = 18.0
TITLE_SIZE, NOTE_SIZE = 13.0, 12.0
ENDS = 16.0  # between two ends of ways on one box


@dataclass(frozen=True, slots=True)
class Node:
    """What becomes a box."""

    key: str
    title: str
    notes: tuple[str, ...] = ()
    tone: str = "desk"


@dataclass(frozen=True, slots=True)
class Way:
    """What becomes an arrow, and its line in the list."""

    leaves: str
    arrives: str
    words: str
    by_itself: bool = False


def drawn(key: str, title: str, means: str, nodes: Sequence[Node], ways: Sequence[Way]) -> Picture:
    """Returns the drawing. Ways between boxes it does not have are in its list alone."""
    shown = [
        (number, way)
        for number, way in enumerate(ways, start=1)
        if {way.leaves, way.arrives} <= {node.key for node in nodes}
    ]
    boxes = _boxes(nodes, [way for _number, way in shown])
    arrows = _arrows({node.key: box for node, box in zip(nodes, boxes, strict=True)}, shown)
    last = boxes[-1] if boxes else None
    height = last.top + last.height + 2 if last else 0
    width = max([RIGHT, *(arrow.lane for arrow in arrows)]) + 14
    words = tuple(way.words for way in ways)
    return Picture(key, title, means, width, height, tuple(boxes), tuple(arrows), words)


def _boxes(nodes: Sequence[Node], ways: Sequence[Way]) -> list[Box]:
    boxes, top = list[Box](), 2.0
    for node in nodes:
        title = tuple(wrapped(node.title, TITLE_SIZE * 1.06))
        notes = tuple(line for note in node.notes for line in wrapped(note, NOTE_SIZE))
        ends = sum((way.leaves == node.key) + (way.arrives == node.key) for way in ways)
        height = max(16.0 * len(title) + 15.0 * len(notes) + 16.0, ends * ENDS + 8.0)
        boxes.append(Box(top, height, title, notes, node.tone))
        top += height + GAP
    return boxes


def _arrows(boxes: dict[str, Box], shown: Sequence[tuple[int, Way]]) -> list[Arrow]:
    ends = _ends(boxes, shown)
    found = list[Arrow]()
    taken = list[list[tuple[float, float]]]()
    short_first = sorted(shown, key=lambda one: abs(ends[one[0], 1] - ends[one[0], 0]))
    for number, way in short_first:
        leaves, arrives = ends[number, 0], ends[number, 1]
        lane = _free_lane(taken, min(leaves, arrives) - 4, max(leaves, arrives) + 4)
        found.append(Arrow(number, leaves, arrives, RIGHT + LANE * (lane + 1), way.by_itself))
    return sorted(found, key=lambda arrow: arrow.number)


def _ends(boxes: dict[str, Box], shown: Sequence[tuple[int, Way]]) -> dict[tuple[int, int], float]:
    """Returns where each way leaves (0) and arrives (1): on each box those that lead up above those
    that lead down, so that few cross.
    """
    at: dict[tuple[int, int], float] = {}
    for key, box in boxes.items():
        here = [
            (boxes[(way.arrives, way.leaves)[end]].top - box.top, number, end)
            for number, way in shown
            for end in (0, 1)
            if (way.leaves, way.arrives)[end] == key
        ]
        for place, (_far, number, end) in enumerate(sorted(here)):
            at[number, end] = box.top + box.height * (place + 1) / (len(here) + 1)
    return at


def _free_lane(taken: list[list[tuple[float, float]]], first: float, last: float) -> int:
    """Returns the lane nearest to the boxes where nothing runs between two heights, and takes
    it.
    """
    for lane, runs in enumerate(taken):
        if all(last < start or first > end for start, end in runs):
            runs.append((first, last))
            return lane
    taken.append([(first, last)])
    return len(taken) - 1


def wrapped(text: str, size: float) -> Iterable[str]:
    """Yields the lines of a text that fit a box; a drawing wraps nothing by itself."""
    line = ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if line and wide(longer, size) > WORDS:
            yield line
            longer = word
        line = longer
    if line:
        yield line


def wide(text: str, size: float) -> float:
    """Returns about how wide a text is drawn: letters of India are wider, their signs stand above
    or below.
    """
    return size * sum(_letter(letter) for letter in text)


def _letter(letter: str) -> float:
    if unicodedata.category(letter) == "Mn":
        return 0.0
    return 0.56 if letter.isascii() or letter < "\u0300" else 0.85
