"""The version of the database: brought up once at a time whoever starts first, and the same as the
code's or refused.

Old code on new tables, and new code on old ones, reads mail it cannot keep and puts it aside one
after the other.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib import import_module
from pkgutil import iter_modules

from django.apps import apps
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.recorder import MigrationRecorder
from structlog import get_logger

from deskbook.config.refusals import CommandRefused
from deskbook.server.desk_role import let_in

#: Any fixed number that nothing else in this database locks by.
LOCK = 0x6465736B  # "desk"
SECONDS_BETWEEN_LOOKS = 10.0
#: Made all tables of a new database once, and gave way to what makes those of later: a desk that
#: began with it has every step it stood for noted as taken.
FORMER = frozenset(
    ("deskbook", f"0001_tables_at_{step}") for step in ("0016", "0061", "0070", "0078", "0086")
)
Migrations = frozenset[tuple[str, str]]
_log = get_logger(__name__)


class AnotherVersion(CommandRefused):
    """The database is not of this version of Deskbook; the text says which of the two is newer and
    what to do.
    """


def migrate_alone() -> None:
    """Run the migrations holding a lock that a second `migrate` waits for; it then finds nothing to
    do.

    Raises AnotherVersion when the database is newer than this code.
    """
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_lock(%s)", [LOCK])
        try:
            refuse_newer_database()
            taken = applied()
            is_new = not taken
            if known() - taken:  # else it would work all models out, for a second, to do nothing
                call_command("migrate", interactive=False, verbosity=0)
            let_in(connection.connection)
            _work_out_anew(is_new=is_new)
        finally:
            cursor.execute("select pg_advisory_unlock(%s)", [LOCK])


def _work_out_anew(*, is_new: bool) -> None:
    """Whoever was killed over it, or failed, left it undone: the next start does it."""
    from deskbook.tickets.anew import (
        FOLLOWED_SINCE,
        counted_by,
        counting,
        mark_counted,
        work_out_anew,
    )
    from deskbook.tickets.older_merges import follow_older_merges

    mark, last, at = counting(), counted_by(), datetime.now(UTC)
    if last == mark:
        return
    moved = 0 if is_new else work_out_anew(at=at)
    # It reads the log from end to end.
    following = 0 if is_new or last >= FOLLOWED_SINCE else follow_older_merges(at=at)
    mark_counted(mark, at=at)
    if moved:
        _log.warning(
            "due times of open tickets were worked out anew; their logs say so", tickets=moved
        )
    if following:
        _log.warning(
            "people whose cases were merged follow what these go on as; the logs say so",
            people=following,
        )


def refuse_newer_database() -> None:
    """Raise AnotherVersion when the database went through migrations this code does not know."""
    if unknown := applied() - known():
        raise AnotherVersion(
            "The database is newer than this version of Deskbook, which does not know"
            f" {_names(unknown)}. Start the version that ran last, or restore the backup made"
            " before it was started."
        )


def refuse_another_version() -> None:
    """Raise AnotherVersion when the migrations in the database are not those of this code."""
    refuse_newer_database()
    if missing := known() - applied():
        if not applied():
            raise AnotherVersion(
                "The database is empty. Run `deskbook serve`, or `deskbook migrate` for the tables."
            )
        raise AnotherVersion(
            "The database is older than this version of Deskbook: it has not seen"
            f" {_names(missing)}. Make a backup and run `deskbook migrate`; `deskbook serve` does"
            " that by itself."
        )


def stop_when_moved(process: int) -> None:
    """From now on look now and then, and ask `process` to stop once the database is of another
    version.

    It is started again by whoever looks after it, with the code of that version if that is
    installed by then.
    """
    ours = known()

    def watch() -> None:
        while not (moved := _moved(ours)):
            time.sleep(SECONDS_BETWEEN_LOOKS)
        _log.error("the database is of another version now: stopping", unlike=_names(moved))
        os.kill(process, signal.SIGTERM)

    threading.Thread(target=watch, daemon=True, name="version").start()


def _moved(ours: Migrations) -> Migrations:
    try:
        return applied() ^ ours
    except DatabaseError:
        return frozenset()  # away for a while
    finally:
        connection.close()


def applied() -> Migrations:
    """Return the migrations the database went through; of applications this code does not have none
    are told, nor what gave way.
    """
    labels = {application.label for application in apps.get_app_configs()}
    taken = MigrationRecorder(connection).applied_migrations()
    return frozenset(key for key in taken if key[0] in labels) - FORMER


def known() -> Migrations:
    """Return the migrations of this code, by the names of their files: importing all of them takes
    a second.
    """
    found = set()
    for application in apps.get_app_configs():
        try:
            package = import_module(f"{application.name}.migrations")
        except ModuleNotFoundError:
            continue
        found |= {(application.label, module.name) for module in iter_modules(package.__path__)}
    return frozenset(found)


def _names(migrations: Iterable[tuple[str, str]]) -> str:
    first, *others = sorted(".".join(key) for key in migrations)
    return f"{first} and {len(others)} more" if others else first
