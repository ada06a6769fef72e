"""Asks django-helpdesk the same as ours, in turns, on the same tickets and the same PostgreSQL.

    DESKBOOK_DATA=… python -m bench.peers [--out docs/peers.md]

The first time it makes an environment of its own for the peer (beside the data) and fills a second
database from the data set of bench.dataset. Each has one process for pages and one for its
database's connection; for each act the two are asked one round after the other, so that what else
the machine does weighs on both.
"""

import argparse
import os
import subprocess
import sys
import time
import venv
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

from bench import pages
from bench.dataset import database, is_ours
from bench.django_helpdesk import acts, tables
from bench.load import free_port, memory, part, samples, signed_in, wait_for
from bench.timing import Bounds, Timed, alone, sixteen

WANTED = ("django-helpdesk==2.6.1", "gunicorn", "psycopg[binary]")
NAME = "peer_django_helpdesk"
ROUNDS = 3


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=6.0)
    parser.add_argument("--requests", type=int, default=100)
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    bounds = Bounds(arguments.requests, arguments.seconds)
    with database() as url:
        if not is_ours():
            sys.exit("This database is no data set of bench.dataset.")
        given = samples(url)
        with Peer(Path(os.environ["DESKBOOK_DATA"]) / "peers", url).running() as theirs:
            report = _both(given, theirs, bounds)
    sys.stdout.write(report)
    if arguments.out:
        arguments.out.write_text(report)


def _both(given, theirs, bounds):
    with part("web", {"DESKBOOK_WEB_PROCESSES": "1"}) as (address, process):
        ours = given | {"address": address, "cookie": signed_in()}
        lines = [
            f"{given['size']} Load average at the start: {os.getloadavg()[0]:.1f}.",
            "",
            "| act | ours: p50 / p95 ms | django-helpdesk: p50 / p95 ms | times |"
            " 16 clients: ours, django-helpdesk, requests/s | errors |",
            "|---|--:|--:|--:|--:|--:|",
        ]
        lines += [_row(act, ours, given | theirs, bounds) for act in pages.ACTS]
        lines += [
            "",
            f"Memory (PSS): ours {memory(process.pid):.0f} MB, django-helpdesk"
            f" {memory(theirs['process']):.0f} MB.",
        ]
    return "\n".join(lines) + "\n"


def _row(act, ours, theirs, bounds):
    sys.stderr.write(f"{act} …\n")
    one, other = [], []
    for _ in range(ROUNDS):
        one.append(alone(pages.ACTS[act](ours), bounds))
        other.append(alone(acts.ACTS[act](theirs), bounds))
    mine, peer = _together(one), _together(other)
    many, peers = (
        sixteen(pages.ACTS[act], ours, bounds),
        sixteen(acts.ACTS[act], theirs, bounds),
    )
    errors = sum(timed.errors for timed in (mine, peer, many, peers))
    return (
        f"| {act} | {mine.percentile(0.5):.1f} / {mine.percentile(0.95):.1f} |"
        f" {peer.percentile(0.5):.1f} / {peer.percentile(0.95):.1f} |"
        f" {peer.percentile(0.5) / mine.percentile(0.5):.1f} × |"
        f" {many.per_second:.0f}, {peers.per_second:.0f} | {errors} |"
    )


def _together(rounds):
    taken = [ms for timed in rounds for ms in timed.milliseconds]
    return Timed(taken, sum(timed.errors for timed in rounds), 0.0)


class Peer:
    """django-helpdesk in an environment, a folder and a database of its own."""

    def __init__(self, folder, ours):
        self.folder, self.ours = folder, ours
        self.python = folder / "environment" / "bin" / "python"
        self.theirs = self._at(NAME)

    filling = f"{NAME}_being_filled"

    def _at(self, name):
        return urlunsplit(urlsplit(self.ours)._replace(path=f"/{name}"))

    @contextmanager
    def running(self):
        """Yields what its acts want to know, with one process that answers."""
        if not self.python.exists():
            self._install()
        if not self._is_filled():
            self._fill()
        port = free_port()
        command = ["-m", "gunicorn", "bench.django_helpdesk.wsgi", "--bind", f"127.0.0.1:{port}"]
        more = ["--workers", "1", "--threads", "8", "--keep-alive", "30"]
        with subprocess.Popen(
            [self.python, *command, *more], env=self._environment(self.theirs)
        ) as process:
            try:
                wait_for(port, process)
                yield {
                    "address": f"http://127.0.0.1:{port}",
                    "cookie": f"sessionid={self._run('-m', 'bench.django_helpdesk.sign_in')}",
                    "process": process.pid,
                    "ids": self._ids("true"),
                    "answerable_ids": self._ids("status = 1")[:400],
                }
            finally:
                process.terminate()

    def _install(self):
        venv.create(self.python.parent.parent, with_pip=True)
        subprocess.run([self.python, "-m", "pip", "install", "-q", *WANTED], check=True)

    def _is_filled(self):
        with psycopg.connect(self.ours, autocommit=True) as connection:
            known = connection.execute("select from pg_database where datname = %s", [NAME])
            return known.fetchone() is not None

    def _fill(self):
        began = time.monotonic()
        with psycopg.connect(self.ours, autocommit=True) as connection:
            connection.execute(f"drop database if exists {self.filling}")
            connection.execute(f"create database {self.filling}")
        mails = self.folder / "mails"
        mails.mkdir(parents=True, exist_ok=True)
        filling = self._at(self.filling)
        self._run("-m", "django", "migrate", "-v", "0", at=filling)
        tables.fill(self.ours, filling, f"{mails}/")
        with psycopg.connect(self.ours, autocommit=True) as connection:
            connection.execute(f"alter database {self.filling} rename to {NAME}")
        sys.stderr.write(f"its tables were filled in {time.monotonic() - began:.0f} s\n")

    def _ids(self, which):
        with psycopg.connect(self.theirs) as connection:
            sql = f"select id from helpdesk_ticket where {which} order by random() limit 2000"
            return [row[0] for row in connection.execute(sql)]

    def _run(self, *command, at=""):
        done = subprocess.run(
            [self.python, *command],
            env=self._environment(at or self.theirs),
            check=True,
            stdout=subprocess.PIPE,
        )
        return done.stdout.decode().strip()

    def _environment(self, at):
        known = psycopg.conninfo.conninfo_to_dict(at)
        return {
            **os.environ,
            "PYTHONPATH": str(Path(__file__).parent.parent),
            "DJANGO_SETTINGS_MODULE": "bench.django_helpdesk.settings",
            "PEER_DATABASE_URL": at,
            "PEER_DATABASE_HOST": str(known.get("host", "")),
            "PEER_DATABASE_PORT": str(known.get("port", "")),
            "PEER_FILES": str(self.folder / "files"),
        }


if __name__ == "__main__":
    main()
