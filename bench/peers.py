"""django-helpdesk beside the data set: an environment of its own, and a second database of the same
PostgreSQL with the same tickets. `bench.load --beside-peer` asks both in turns.

    DESKBOOK_DATA=… python -m bench.peers

makes both, if they are not there, and asks nothing. The peer has one process for pages.
"""

import os
import subprocess
import sys
import time
import venv
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

from bench.dataset import data_set
from bench.django_helpdesk import tables
from bench.running import free_port, wait_for

WANTED = ("django-helpdesk==2.6.1", "gunicorn", "psycopg[binary]")
NAME = "peer_django_helpdesk"


def main():
    with data_set() as url, Peer(Path(os.environ["DESKBOOK_DATA"]) / "peers", url).running():
        sys.stdout.write("django-helpdesk is there and answers.\n")


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
