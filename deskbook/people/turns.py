"""What two must not do at once, where no row is there yet to be locked, or none may be so long."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


def take_turns(about: str) -> None:
    """Waits until no other transaction is at this, and has others wait until this one ends.

    What they did is seen by the statements after this one only.
    """
    _asked("pg_advisory_xact_lock", about)


@contextmanager
def in_turn(about: str) -> Iterator[None]:
    """Waits until no other connection is at this, and has others wait until the block ends. For
    what asks the network: no transaction is open meanwhile, and the turn of who dies ends with the
    connection.
    """
    _asked("pg_advisory_lock", about)
    try:
        yield
    finally:
        end_turn(about)


def begin_turn(about: str) -> bool:
    """Does as `in_turn` where no other is at this, and waits for nobody: returns whether it did."""
    return _asked("pg_try_advisory_lock", about)


def end_turn(about: str) -> None:
    """Ends a turn that a connection began."""
    _asked("pg_advisory_unlock", about)


def _asked(function: str, about: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"select {function}(hashtextextended(%s, 0))", [about])
        return bool(cursor.fetchone()[0])
