"""`deskbook backup` and `deskbook restore`: the whole desk in one file sealed with a passphrase.

What is in it: a length of four bytes, that many of JSON (what stands beside the database: the key
that signs, settings, books), then what pg_dump writes.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psycopg
from psycopg.pq import Conninfo

from deskbook.config.environment import Environment, read
from deskbook.config.refusals import CommandRefused
from deskbook.config.secret_key import secret_key
from deskbook.delivery.restored import hold_what_waited
from deskbook.server.database import available, refuse_a_folder_without_desk, refuse_unreachable
from deskbook.server.desk_role import let_in
from deskbook.server.passphrase import passphrase
from deskbook.server.postgres_files import programs
from deskbook.server.restored_files import (
    keep_key,
    refuse_another_key,
    settings_along,
    write_what_stands_beside,
)
from deskbook.server.sealed_file import is_sealed, read_sealed, write_sealed
from deskbook.server.surroundings import LAST_BACKUP

AS_IT_IS = ("--no-owner", "--no-privileges")
BOOKS = """
select distinct on (desk.key) desk.key, book.text
from deskbook_bookversion book join deskbook_helpdesk desk on desk.id = book.desk_id
order by desk.key, book.number desc
"""


def backup(argv: Sequence[str]) -> int:
    """Write everything of the desk, mails, attachments, the key that signs, settings and books too,
    into one new file sealed with a passphrase; the desk may go on.
    """
    environment, file = _where(_parser("backup", backup.__doc__).parse_args(argv))
    if file.exists():
        raise CommandRefused(
            f"{file} is there already; a backup overwrites nothing. Name a new file."
        )
    refuse_a_folder_without_desk(environment)
    words = passphrase(environment, twice=True)
    with available(environment, as_owner=True) as url:
        along = _along(environment, url)
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with open(descriptor, "wb") as written:
                write_sealed(written, words, _pieces(along, url))
                written.flush()
                os.fsync(descriptor)
        except BaseException:
            file.unlink()
            raise
    environment.data.mkdir(parents=True, exist_ok=True)
    (environment.data / LAST_BACKUP).touch()
    sys.stdout.write(
        f"{file} holds the desk, sealed. Keep it on another machine, and the passphrase at a place"
        " of its own: nobody can open the file without it.\n"
    )
    return 0


def restore(argv: Sequence[str]) -> int:
    """Fill an empty database from a backup: all of it or nothing. Beside it the key, and in this
    folder the settings and books, where there are none.
    """
    parser = _parser("restore", restore.__doc__)
    parser.add_argument(
        "--unsealed",
        action="store_true",
        help="take a file of an older version, which proves not who wrote it",
    )
    asked = parser.parse_args(argv)
    environment, file = _where(asked)
    if not file.is_file():
        raise CommandRefused(f"There is no file {file}.")
    if asked.unsealed == is_sealed(file):
        raise CommandRefused(_OTHERWISE_SEALED[asked.unsealed].format(file=file))
    if asked.unsealed:
        return _restored_unsealed(environment, file)
    opened = partial(read_sealed, file, passphrase(environment, twice=False))
    _read_to_the_end(opened())
    along, dump = _apart(opened())
    refuse_another_key(environment, along["secret_key"])
    keep_key(environment, along["secret_key"])
    _fill(environment, dump)
    for sentence in write_what_stands_beside(along):
        sys.stdout.write(f"{sentence}\n")
    sys.stdout.write(f"The desk of {along['made_at']} is restored. {_NEXT}")
    return 0


_OTHERWISE_SEALED = {
    False: "{file} is not sealed: whoever can write there may have put another in its place, and"
    " what stands in it is run as the owner of the database. If an older version of Deskbook wrote"
    " it and nobody else could: deskbook restore --unsealed.",
    True: "{file} is sealed: leave --unsealed away.",
}
_NEXT = "`deskbook verify` looks at its log, `deskbook serve` runs it.\n"


def _restored_unsealed(environment: Environment, file: Path) -> int:
    """Of an older version: the database alone, and its key was to be put into place by hand."""
    with open(file, "rb") as dump:
        _fill(environment, iter(partial(dump.read, 1 << 20), b""))
    sys.stdout.write(f"The desk is restored. {_NEXT}")
    return 0


def _parser(command: str, does: str | None) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=f"deskbook {command}",
        description=does,
        epilog="The passphrase is asked for; where nobody is there to ask, it is that of"
        " DESKBOOK_BACKUP_PASSPHRASE.",
    )
    parser.add_argument("file", type=Path, metavar="FILE")
    return parser


def _where(asked: argparse.Namespace) -> tuple[Environment, Path]:
    environment = read()
    refuse_unreachable(environment)
    return environment, asked.file.absolute()


def _along(environment: Environment, url: str) -> dict[str, Any]:
    with psycopg.connect(url) as connection:
        books: dict[str, str] = dict(connection.execute(BOOKS).fetchall())
    return {
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "version": version("deskbook"),
        "secret_key": environment.secret_key or secret_key(environment.data),
        "settings": settings_along(),
        "books": books,
    }


def _pieces(along: dict[str, Any], url: str) -> Iterator[bytes]:
    beside = json.dumps(along).encode()
    yield len(beside).to_bytes(4, "big") + beside
    command = [str(programs(None) / "pg_dump"), "--format=custom", *AS_IT_IS]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=_told_to(url)) as dumping:
        assert dumping.stdout
        yield from iter(partial(dumping.stdout.read, 1 << 20), b"")
    if dumping.returncode:
        raise CommandRefused("The backup failed; what is printed above says why.")


def _read_to_the_end(pieces: Iterator[bytes]) -> None:
    """Before a database is touched: whether the file is whole is known at its end."""
    for _piece in pieces:
        pass


def _apart(pieces: Iterator[bytes]) -> tuple[dict[str, Any], Iterator[bytes]]:
    """What stands beside the database, and the rest: the database."""
    held = next(pieces)
    length = int.from_bytes(held[:4], "big")
    while len(held) < 4 + length:
        held += next(pieces)
    along: dict[str, Any] = json.loads(held[4 : 4 + length])

    def rest() -> Iterator[bytes]:
        yield held[4 + length :]
        yield from pieces

    return along, rest()


def _fill(environment: Environment, dump: Iterator[bytes]) -> None:
    with (
        available(environment, as_owner=True) as url,
        psycopg.connect(url, autocommit=True) as connection,
    ):
        if connection.execute("select 1 from pg_tables where schemaname = 'public'").fetchone():
            raise CommandRefused(
                "The database is not empty. Set DESKBOOK_DATA to a new folder, or DATABASE_URL to a"
                " new one."
            )
        if not _poured_into(url, dump):
            raise CommandRefused("Nothing was restored; what is printed above says why.")
        let_in(connection)
        _hold(connection)


def _hold(connection: psycopg.Connection[Any]) -> None:
    """The old desk may have gone on after the backup: what it sent then is not sent once more
    unless somebody wants it.
    """
    held = hold_what_waited(connection)
    if held:
        sys.stdout.write(
            f"Held since they may have left after the backup: {held} letters and texts. Send or"
            " discard them in the console, under Left over.\n"
        )


def _poured_into(url: str, dump: Iterator[bytes]) -> bool:
    """By a program of the wheel's PostgreSQL: it is newer than, or as new as, the servers it is
    used on.
    """
    told = _told_to(url)
    into = f"--dbname={told['PGDATABASE']}"
    command = [str(programs(None) / "pg_restore"), "--single-transaction", *AS_IT_IS, into]
    with subprocess.Popen(command, stdin=subprocess.PIPE, env=told) as filling:
        assert filling.stdin
        try:
            for piece in dump:
                filling.stdin.write(piece)
            filling.stdin.close()
        except BrokenPipeError:  # it said why
            filling.wait()
            return False
        except BaseException:
            filling.kill()  # before it sees an end: nothing is kept
            raise
    return filling.returncode == 0


def _told_to(url: str) -> dict[str, str]:
    """What tells a program of PostgreSQL where to connect, its password too: what stands on a
    command line everybody on the machine can read.
    """
    parts = Conninfo.parse(url.encode())
    said = {one.envvar.decode(): one.val.decode() for one in parts if one.envvar and one.val}
    return {**os.environ, "PGDATABASE": "deskbook", **said}
