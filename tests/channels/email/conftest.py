from datetime import UTC, datetime
from pathlib import Path

import pytest

from deskbook.people.books import apply_book
from deskbook.tickets.models import LogEntry

BOOK = Path(__file__).parents[3] / "books" / "small.yaml"
MONDAY = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)


def apply_small_book():
    """The five-person desk of books/small.yaml, at it@harbour.example."""
    return apply_book("small", BOOK.read_text(), at=MONDAY, by=None)


@pytest.fixture
def desk(db):
    return apply_small_book()


@pytest.fixture
def entry(desk):
    from tests.channels.email.test_understanding import raw, take

    ticket = take(raw()).ticket
    return LogEntry.objects.select_related("ticket__desk").get(ticket=ticket, seq=1)
