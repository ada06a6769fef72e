"""The commands that need the database: the parts of a running desk, and what an operator does by
hand.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import Enum, auto

from deskbook.config.environment import Environment, read
from deskbook.config.logs import configure_logs, say
from deskbook.config.refusals import CommandRefused
from deskbook.server.database import (
    available,
    has_tables,
    refuse_a_folder_without_desk,
    refuse_unreachable,
    wait_until_reachable,
)
from deskbook.server.lifeline import PARENT, stop_when_orphaned, tell_init_system
from deskbook.server.loading import staying
from deskbook.server.ports import refuse_taken_ports
from deskbook.server.pulse import follow_loop, only_while
from deskbook.server.warnings import warn_of_forgery, warn_of_unknown

#: Asked for by the mail server that hands a mail to `deskbook ingest`: keep it and try again later
#: (EX_TEMPFAIL).
TRY_AGAIN = 75


class Version(Enum):
    """Which version of the database a command works on: its own; its own, made when there is none
    yet, for what begins a desk; also an older one, or any, which are for the owner of the tables.
    """

    SAME = auto()
    MADE = auto()
    OLDER = auto()
    ANY = auto()


@contextmanager
def desk(version: Version = Version.SAME) -> Iterator[Environment]:
    """Yield the environment with the database up and Django loaded, for as long as the context
    lasts.

    Raises CommandRefused when the database is of another version than `version` says, is not there
    or cannot be reached; with ANY what is in it is not looked at.
    """
    stop_when_orphaned()
    environment = read()
    warn_of_unknown()
    if version in (Version.SAME, Version.ANY):
        refuse_a_folder_without_desk(environment)
    if version is not Version.ANY:
        refuse_unreachable(environment)
    with available(environment, as_owner=version in (Version.OLDER, Version.ANY)) as url:
        if version is Version.MADE and not has_tables(url):
            if environment.database_url is None:
                say(f"No desk was here yet: one begins in {environment.data.absolute()}.")
            _make_tables(environment)
        import django

        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "deskbook.config.settings")
        with staying():
            django.setup()
        if version is not Version.ANY:
            from deskbook.server import migration

            check = (
                migration.refuse_newer_database
                if version is Version.OLDER
                else migration.refuse_another_version
            )
            check()
        yield environment


def _make_tables(environment: Environment) -> None:
    """Make the tables of an empty database, as their owner and so in a process of its own; leave
    any other alone.
    """
    as_owner = dict(os.environ)
    if environment.database_url is None:  # what stands there is of the role that makes none
        as_owner.pop("DATABASE_URL", None)
    command = [sys.executable, "-m", "deskbook", "migrate", "--empty"]
    if code := subprocess.call(command, env=as_owner):
        raise SystemExit(code)  # it said why


def part() -> Environment:
    """Return the environment of a process that runs for long: it logs, and goes when its supervisor
    does.

    Below a supervisor it begins when the database is back: that one would count the wait as a
    failure and pause longer.
    """
    supervised = PARENT in os.environ
    stop_when_orphaned()
    environment = read()
    configure_logs(environment.log_level, part=True)
    if supervised:
        wait_until_reachable(environment)
    return environment


def web(argv: Sequence[str]) -> int:
    """Collect the static files and serve pages and streams until stopped."""
    parser = argparse.ArgumentParser(prog="deskbook web", description=web.__doc__)
    parser.add_argument(
        "--prepare", action="store_true", help="only collect the files and look at the database"
    )
    if parser.parse_args(argv).prepare:
        return _prepare()
    environment = part()
    warn_of_unknown()
    refuse_a_folder_without_desk(environment)
    refuse_taken_ports(environment, {"DESKBOOK_PORT"})
    with available(environment):
        # In a process of its own: this one only minds the server's processes and stays small.
        if code := subprocess.call([sys.executable, "-m", "deskbook", "web", "--prepare"]):
            return code
        from deskbook.server.web_server import serve

        serve(environment)
    return 0


def _prepare() -> int:
    with desk() as environment:
        from deskbook.web.static_files import collect

        try:
            collect()
        except OSError as problem:
            raise CommandRefused(
                f"{environment.data} cannot be written to ({problem.strerror})."
            ) from problem
    return 0


def worker(argv: Sequence[str]) -> int:
    """Run jobs and wake tickets until stopped."""
    argparse.ArgumentParser(prog="deskbook worker", description=worker.__doc__).parse_args(argv)
    part()
    with desk():
        from deskbook.jobs.worker import main, none_runs_for_ever
        from deskbook.server.migration import stop_when_moved

        stop_when_moved(os.getpid())
        only_while(none_runs_for_ever)
        tell_init_system()
        return 0 if main(at_start=follow_loop) else 1


def mail(argv: Sequence[str], *, strangers_write: bool = True) -> int:
    """Take mail by SMTP, LMTP and IMAP until stopped."""
    argparse.ArgumentParser(prog="deskbook mail", description=mail.__doc__).parse_args(argv)
    environment = part()
    if strangers_write:
        warn_of_forgery(environment)
    refuse_taken_ports(environment, {"DESKBOOK_SMTP_LISTEN", "DESKBOOK_LMTP_LISTEN"})
    with desk():
        from deskbook.channels.email.listener import main
        from deskbook.server.migration import stop_when_moved

        stop_when_moved(os.getpid())
        tell_init_system()
        main(at_start=follow_loop)
    return 0


def migrate(argv: Sequence[str]) -> int:
    """Bring the database up to this version; two at once wait for each other."""
    parser = argparse.ArgumentParser(prog="deskbook migrate", description=migrate.__doc__)
    parser.add_argument(
        "--empty", action="store_true", help="only a database that has no tables at all"
    )
    only_empty = parser.parse_args(argv).empty
    with desk(Version.OLDER):
        from deskbook.server.migration import applied, migrate_alone

        if not (only_empty and applied()):
            migrate_alone()
    return 0


def ingest(argv: Sequence[str]) -> int:
    """Store one mail from standard input and print its number; it becomes a ticket when a worker
    reads it.
    """
    parser = argparse.ArgumentParser(prog="deskbook ingest", description=ingest.__doc__)
    parser.add_argument(
        "--mailbox", help="the address it was sent to (default: the mail's own recipients decide)"
    )
    arguments = parser.parse_args(argv)
    from django.db import DatabaseError

    raw = sys.stdin.buffer.read()
    try:
        with desk():
            from deskbook.channels.email.storing import ingest as take

            sys.stdout.write(f"{take(raw, arguments.mailbox)}\n")
    except (CommandRefused, DatabaseError) as reason:
        sys.stderr.write(f"deskbook: the mail was not taken; try again later: {reason}\n")
        return TRY_AGAIN
    return 0


def verify(argv: Sequence[str]) -> int:
    """Work every hash of every log out again and play every ticket from its log; exit 1 if anything
    was changed.
    """
    argparse.ArgumentParser(prog="deskbook verify", description=verify.__doc__).parse_args(argv)
    with desk():
        from deskbook.tickets.models import Ticket
        from deskbook.tickets.verify import broken_links

        broken = 0
        for link in broken_links(
            Ticket.objects.select_related("desk").order_by("pk").iterator(1000)
        ):
            broken += 1
            sys.stdout.write(f"{link}\n")
        checked = Ticket.objects.count()
        sys.stdout.write(
            f"{checked} tickets checked, {broken or 'nothing'} changed after the fact\n"
        )
    return 1 if broken else 0


def manage(argv: Sequence[str]) -> int:
    """Run a management command of Django."""
    with desk(Version.ANY):  # some need no database
        from django.core.management import execute_from_command_line

        execute_from_command_line(["deskbook manage", *argv])
    return 0
