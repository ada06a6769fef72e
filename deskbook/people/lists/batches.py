"""A list is judged and written so many lines at a time: it may be longer than memory holds."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

BATCH = 2_000
One = TypeVar("One")


def in_batches(each: Iterable[One]) -> Iterator[list[One]]:
    """Yields the first BATCH of them, then the next."""
    left = iter(each)
    while batch := list(islice(left, BATCH)):
        yield batch
