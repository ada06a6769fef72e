"""Two versions of a text, line by line."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a comparison: `sign` is "+", "-" or empty."""

    sign: str
    words: str


def compared(old: str, new: str) -> Iterator[Line]:
    """Yields the lines of two texts: those of the old that went, those of the new that came, those
    in both.
    """
    left, right = old.splitlines(), new.splitlines()
    for _tag, from_left, to_left, from_right, to_right in SequenceMatcher(
        None, left, right, False
    ).get_opcodes():
        if left[from_left:to_left] == right[from_right:to_right]:
            yield from (Line("", line) for line in left[from_left:to_left])
        else:
            yield from (Line("-", line) for line in left[from_left:to_left])
            yield from (Line("+", line) for line in right[from_right:to_right])
