"""What did not come along, as a list to work through."""

from collections.abc import Iterator
from typing import IO

from deskbook.moving.models import Move
from deskbook.people.lists.sheets import csv_file


def as_rows(move: Move) -> Iterator[list[str]]:
    """Yields for each of which ticket it is, where it stood, why it did not come, and what it
    was.
    """
    for one in move.left_out.order_by("pk").iterator(1_000):
        yield [one.ticket, one.place, one.sentence, one.what]


def as_csv(move: Move) -> IO[bytes]:
    """Returns them as a CSV file."""
    return csv_file(["ticket", "place", "why", "what"], as_rows(move))
