"""Proofs over a whole book."""

from datetime import date

from deskbook.book.compile import Compiled


def prove(compiled: Compiled, today: date | None) -> None:
    """Adds what can be proved wrong, or worth a look, to the book's remarks."""
