"""What did not come along, as a list to work through."""

from typing import IO

from deskbook.moving.models import Move
from deskbook.people.lists.sheets import csv_file


def as_csv(move: Move) -> IO[bytes]:
    """Returns a CSV file: where each stood, why it did not come, and what it was."""
    rows = move.left_out.order_by("pk").iterator(1_000)
    return csv_file(["place", "why", "what"], ([one.place, one.sentence, one.what] for one in rows))
