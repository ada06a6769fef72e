"""Two versions of a text, line by line."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

MOST_LINES = 20_000
"""More would keep a page waiting for seconds; the largest book we know has a thousand."""
FEW_LINES = 4_000


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a comparison: `sign` is "+", "-" or empty."""

    sign: str
    words: str


def compared(old: str, new: str) -> Iterator[Line]:
    """Yields the lines of two texts: those of the old that went, those of the new that came, those
    in both. Of more than MOST_LINES together none is compared.
    """
    left, right = old.splitlines(), new.splitlines()
    if len(left) + len(right) > MOST_LINES:
        return
    often = len(left) + len(right) > FEW_LINES  # what stands everywhere says little, and costs most
    for _tag, from_left, to_left, from_right, to_right in SequenceMatcher(
        None, left, right, often
    ).get_opcodes():
        if left[from_left:to_left] == right[from_right:to_right]:
            yield from (Line("", line) for line in left[from_left:to_left])
        else:
            yield from (Line("-", line) for line in left[from_left:to_left])
            yield from (Line("+", line) for line in right[from_right:to_right])
