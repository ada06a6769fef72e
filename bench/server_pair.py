"""Two PostgreSQL servers of which one follows the other in step: nothing is committed on the
primary before the standby has it.
"""

import os
import shutil
import signal
import subprocess
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg

from deskbook.server.postgres_files import as_account, give, programs, server_account
from tests.stories.running_desk import RunningDesk, free_port, patiently, processes

WAITS = "connect_timeout=3&tcp_user_timeout=5000"


class ServerPair:
    """A primary and its synchronous standby on this machine; each commit waits for both."""

    def __init__(self, home):
        self.home, self.account = home, server_account()
        self.programs = programs(self.account)
        self.ports, self.running = (free_port(), free_port()), []

    @property
    def url(self):
        """Where the primary is, whichever of the two that is (libpq tries one after the other)."""
        hosts = ",".join(f"127.0.0.1:{port}" for port in self.ports)
        told = f"target_session_attrs=read-write&{WAITS}"
        return f"postgresql://deskbook@{hosts}/deskbook?{told}"

    def start(self):
        """Make both and the database of a desk."""
        first, second = (self.home / name for name in ("first", "second"))
        self._run("initdb", "-D", first, "-U", "deskbook", "-A", "trust", "--no-sync")
        self._serve(first, self.ports[0], "-c", "synchronous_standby_names=*")
        told = f"host=127.0.0.1 port={self.ports[0]} user=deskbook"
        copied = ("-D", second, "-d", told, "-R", "-X", "stream", "-c", "fast", "--no-sync")
        patiently(lambda: self._answers(self.ports[0]), "the primary")
        self._run("pg_basebackup", *copied)
        self._serve(second, self.ports[1])
        patiently(self.is_in_step, "the standby in step")
        with psycopg.connect(f"{told} dbname=postgres", autocommit=True) as primary:
            primary.execute("create database deskbook")

    def is_in_step(self):
        """Whether commits of the primary wait for the standby now."""
        told = f"host=127.0.0.1 port={self.ports[0]} user=deskbook dbname=postgres"
        with psycopg.connect(told, autocommit=True) as primary:
            rows = primary.execute("select sync_state from pg_stat_replication").fetchall()
        return rows == [("sync",)]

    def lose_the_primary(self):
        """End it and all that it runs with SIGKILL, as when a machine is lost."""
        pid = self.running[0].pid
        children = [child for child, parent, _command in processes() if parent == pid]
        for one in (pid, *children):
            with suppress(ProcessLookupError):
                os.kill(one, signal.SIGKILL)
        self.running[0].wait()

    def promote(self):
        """Make the standby the primary, as whoever watches over a cluster does."""
        self._run("pg_ctl", "promote", "-D", self.home / "second", "-w")

    def stop(self):
        for server in self.running:
            server.send_signal(signal.SIGQUIT)
            server.wait(30)

    def _serve(self, folder, port, *more):
        settings = {
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "fsync": "off",
            "log_min_messages": "fatal",
        }
        told = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        command = [self.programs / "postgres", "-D", folder, "-p", str(port), *told, *more]
        with open(self.home / "servers.log", "ab") as log:
            self.running.append(
                subprocess.Popen(
                    command,
                    cwd="/",
                    stdout=log,
                    stderr=log,
                    **as_account(self.account),
                )
            )

    def _run(self, program, *words):
        command = [self.programs / program, *words]
        done = subprocess.run(
            command,
            check=False,
            cwd="/",
            capture_output=True,
            text=True,
            **as_account(self.account),
        )
        assert done.returncode == 0, done.stdout + done.stderr

    def _answers(self, port):
        told = f"host=127.0.0.1 port={port} user=deskbook dbname=postgres"
        with suppress(psycopg.OperationalError):
            psycopg.connect(told).close()
            return True
        return False


class DeskOnAPair(RunningDesk):
    """A desk whose database is a cluster of the operator's."""

    def database_url(self, role="deskbook"):
        return self.environment["DATABASE_URL"]


@contextmanager
def server_pair():
    """Yield a pair that runs; nothing of it is left afterwards."""
    home = Path(tempfile.mkdtemp(prefix="deskbook-pair-"))
    give(home, server_account())
    pair = ServerPair(home)
    try:
        pair.start()
        yield pair
    finally:
        pair.stop()
        shutil.rmtree(home, ignore_errors=True)
