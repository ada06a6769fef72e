"""What two must not do at once, where no row is there yet to be locked."""

from django.db import connection


def take_turns(about: str) -> None:
    """Waits until no other transaction is at this, and has others wait until this one ends.

    What they did is seen by the statements after this one only.
    """
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [about])
