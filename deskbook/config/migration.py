"""Migrations, once at a time whoever starts first."""

from __future__ import annotations

from django.core.management import call_command
from django.db import connection

#: Any fixed number that nothing else in this database locks by.
LOCK = 0x6465736B  # "desk"


def migrate_alone() -> None:
    """Run the migrations holding a lock that a second `migrate` waits for; it then finds nothing to do."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_lock(%s)", [LOCK])
        try:
            call_command("migrate", interactive=False, verbosity=0)
        finally:
            cursor.execute("select pg_advisory_unlock(%s)", [LOCK])
