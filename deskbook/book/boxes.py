"""Sets of cases as boxes: for each facet the values still possible. Subtracted, never counted out.

Ten facets of ten values are ten thousand million cases; the rules of a book cut them into a few
boxes.
"""

from collections.abc import Iterable, Mapping

Box = dict[str, frozenset[str]]
MOST_BOXES = 20_000


class TooManyBoxes(Exception):
    """The lines overlap in so many ways that nothing can be proved in reasonable time."""


def meets(box: Mapping[str, frozenset[str]], other: Mapping[str, frozenset[str]]) -> bool:
    """Returns whether any case is in both. A facet not named may have any value."""
    return all(values & other[facet] for facet, values in box.items() if facet in other)


def without(boxes: Iterable[Box], taken: Mapping[str, frozenset[str]]) -> list[Box]:
    """Returns disjoint boxes of every case in `boxes` and not in `taken`. Raises TooManyBoxes."""
    left: list[Box] = []
    for box in boxes:
        left.extend(_cut(box, taken))
        if len(left) > MOST_BOXES:
            raise TooManyBoxes
    return left


def _cut(box: Box, taken: Mapping[str, frozenset[str]]) -> list[Box]:
    if not meets(box, taken):
        return [box]
    pieces: list[Box] = []
    rest = dict(box)
    for facet, values in taken.items():
        if outside := rest[facet] - values:
            pieces.append({**rest, facet: outside})
        rest[facet] = rest[facet] & values
    return pieces
