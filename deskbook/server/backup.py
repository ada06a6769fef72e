"""`deskbook backup` and `deskbook restore`: the whole desk in one file, but for the key that
signs.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import psycopg

from deskbook.config.environment import Environment, read
from deskbook.config.refusals import CommandRefused
from deskbook.server.database import available, refuse_unreachable
from deskbook.server.desk_role import let_in
from deskbook.server.postgres_files import programs

AS_IT_IS = ("--no-owner", "--no-privileges")


def backup(argv: Sequence[str]) -> int:
    """Write everything the database holds, mails and attachments too, into one new file; the desk
    may go on.
    """
    environment, file = _asked("backup", backup.__doc__, argv)
    if file.exists():
        raise CommandRefused(
            f"{file} is there already; a backup overwrites nothing. Name a new file."
        )
    with available(environment, as_owner=True) as url:
        # It holds what people wrote.
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        if _run("pg_dump", "--format=custom", *AS_IT_IS, f"--file={file}", f"--dbname={url}"):
            file.unlink()
            raise CommandRefused("The backup failed; what is printed above says why.")
    kept = "DESKBOOK_SECRET_KEY" if environment.secret_key else environment.data / "secret_key"
    sys.stdout.write(
        f"{file} holds the desk. Keep {kept} with it, at a place of its own: the file has not got"
        " it.\n"
    )
    return 0


def restore(argv: Sequence[str]) -> int:
    """Fill an empty database from a backup: all of it or nothing. Put the key of that desk into its
    place first.
    """
    environment, file = _asked("restore", restore.__doc__, argv)
    if not file.is_file():
        raise CommandRefused(f"There is no file {file}.")
    with (
        available(environment, as_owner=True) as url,
        psycopg.connect(url, autocommit=True) as connection,
    ):
        if connection.execute("select 1 from pg_tables where schemaname = 'public'").fetchone():
            raise CommandRefused(
                "The database is not empty. Set DESKBOOK_DATA to a new folder, or DATABASE_URL to a"
                " new one."
            )
        if _run("pg_restore", "--single-transaction", *AS_IT_IS, f"--dbname={url}", str(file)):
            raise CommandRefused("Nothing was restored; what is printed above says why.")
        let_in(connection)
    sys.stdout.write(
        "The desk is restored. `deskbook verify` looks at its log, `deskbook serve` runs it.\n"
    )
    return 0


def _asked(command: str, does: str | None, argv: Sequence[str]) -> tuple[Environment, Path]:
    parser = argparse.ArgumentParser(prog=f"deskbook {command}", description=does)
    parser.add_argument("file", type=Path, metavar="FILE")
    file = parser.parse_args(argv).file.absolute()
    environment = read()
    refuse_unreachable(environment)
    return environment, file


def _run(program: str, *arguments: str) -> int:
    """Run a program of the wheel's PostgreSQL: it is newer than, or as new as, the servers it is
    used on.
    """
    return subprocess.call([programs(None) / program, *arguments])
