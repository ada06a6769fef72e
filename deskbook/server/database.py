"""The database the desk runs on: an outside server by DATABASE_URL, or the embedded one."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from deskbook.config.database_url import django_database
from deskbook.config.environment import Environment
from deskbook.config.refusals import CommandRefused, WrongSetting
from deskbook.config.secret_key import secret_key

if TYPE_CHECKING:
    from psycopg import Connection

OLDEST_SERVER = 15
RECOVERS_WITHIN_S = 60.0


@contextmanager
def available(environment: Environment, *, as_owner: bool = False) -> Iterator[str]:
    """Yield the URL of a database that stays up until the context is left, and put it into
    DATABASE_URL.

    On the embedded server it is that of a role that alters no table, unless `as_owner`. Children
    started inside find it there. Raises NotStarted when the embedded server cannot run, WrongKey
    when the key that belongs to its data is missing.
    """
    if environment.database_url:
        yield environment.database_url
        return
    from deskbook.server import embedded_postgres

    keep_data(environment)
    with embedded_postgres.running(environment.data / "postgres") as owners_url:
        url = owners_url if as_owner else embedded_postgres.as_desk(owners_url)
        os.environ["DATABASE_URL"] = url
        try:
            yield url
        finally:
            os.environ.pop("DATABASE_URL", None)


def refuse_a_folder_without_desk(environment: Environment) -> None:
    """Raise CommandRefused where the embedded database would have to be made first: the command was
    run in a folder of something else, and would work on a desk that holds nothing.
    """
    if environment.database_url is None and not (environment.data / "postgres").is_dir():
        raise CommandRefused(
            f"There is no desk in {environment.data.absolute()}. Run this in the folder where"
            " deskbook.env is, or set DESKBOOK_DATA; `deskbook new` begins a desk."
        )


def keep_data(environment: Environment) -> None:
    """Make the data folder and the key in it, before the database that the key belongs to."""
    try:
        environment.data.mkdir(parents=True, exist_ok=True)
        if environment.secret_key is None:
            secret_key(environment.data)
    except OSError as problem:
        raise WrongSetting(
            f"DESKBOOK_DATA is “{environment.data}”, which cannot be made or written to"
            f" ({problem.strerror})."
        ) from None


def refuse_unreachable(environment: Environment) -> None:
    """Raise WrongSetting when the outside server of DATABASE_URL does not answer, lets nobody in,
    is too old, or stands behind a pooler that gives each transaction another connection.
    """
    if environment.database_url is None:
        return
    django_database(environment.database_url)  # refuses what is no address at all
    from psycopg import OperationalError, connect

    try:
        with connect(environment.database_url, connect_timeout=10, autocommit=True) as connection:
            _refuse_old(connection)
            _refuse_pooled_transactions(connection, environment.database_url)
    except OperationalError as problem:
        why = str(problem).strip().partition("\n")[0]
        raise WrongSetting(
            f"The database of DATABASE_URL cannot be reached: {why}. Start it or correct the"
            " address; without DATABASE_URL Deskbook runs a database of its own."
        ) from None


def has_tables(url: str) -> bool:
    """Return whether a database was ever brought up: asked here, it costs no process with Django in
    it.
    """
    from psycopg import connect
    from psycopg.errors import InsufficientPrivilege, UndefinedTable

    with connect(url) as connection:
        try:
            row = connection.execute("select exists (select from django_migrations)").fetchone()
        except (InsufficientPrivilege, UndefinedTable):
            return False
    return bool(row and row[0])


def wait_until_reachable(environment: Environment) -> None:
    """Return when the database takes connections, or after a minute: then whoever needs it says
    what is wrong.
    """
    from psycopg import OperationalError, connect

    deadline = time.monotonic() + RECOVERS_WITHIN_S
    while environment.database_url and time.monotonic() < deadline:
        try:
            connect(environment.database_url, connect_timeout=10).close()
            return
        except OperationalError:
            time.sleep(0.2)


def _refuse_old(connection: Connection[Any]) -> None:
    version = connection.info.server_version
    if version < OLDEST_SERVER * 10_000:
        raise WrongSetting(
            f"The database of DATABASE_URL is PostgreSQL {version // 10_000}; Deskbook needs"
            f" {OLDEST_SERVER} or newer."
        )


def _refuse_pooled_transactions(connection: Connection[Any], url: str) -> None:
    """Pages and parts keep locks, LISTEN and prepared statements of a session, of which each
    transaction of such a pooler (PgBouncer with pool_mode = transaction) may find another.
    """
    if _served_by(connection) == connection.info.backend_pid:
        return  # nothing stands between: a pooler tells a number of its own
    from psycopg import DatabaseError, connect

    try:
        first = _served_by(connection)
        with connect(url, connect_timeout=10) as another:
            changes = first in (_served_by(another), -1) or _served_by(connection) != first
    except DatabaseError:
        changes = True
    if changes:
        raise WrongSetting(
            "DATABASE_URL leads to a pooler that gives each transaction another connection"
            " (PgBouncer with pool_mode = transaction). Deskbook keeps its connections: name the"
            " server itself, or a pool with pool_mode = session."
        )


def _served_by(connection: Connection[Any]) -> int:
    row = connection.execute("select pg_backend_pid()").fetchone()
    return int(row[0]) if row else -1


def keep_up(environment: Environment) -> None:
    """See to it that the embedded server has a keeper; an outside server is its own operator's
    business.
    """
    if environment.database_url is None:
        from deskbook.server import embedded_postgres

        embedded_postgres.keep_up(environment.data / "postgres")
