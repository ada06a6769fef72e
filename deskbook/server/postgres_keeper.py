"""The process that owns an embedded PostgreSQL: makes the cluster, runs the server, stops it after
its last user.

Started by embedded_postgres as `python -m deskbook.server.postgres_keeper HOME [throw-away]`; never
by hand.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

from deskbook.server.lifeline import dies_with_parent
from deskbook.server.postgres_files import (
    ANOTHER_KEEPER,
    PATIENCE_S,
    SUPERUSER,
    as_account,
    owner_of,
    programs,
    socket_directory,
)

#: Sized for one machine that also runs the desk: the whole of Deskbook stays under 400 MB.
SERVER = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "64MB",
    "work_mem": "8MB",
    "maintenance_work_mem": "32MB",
    "effective_cache_size": "512MB",
    "random_page_cost": "1.1",
    "io_method": "sync",
    "jit": "off",
    "autovacuum_max_workers": "2",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_messages": "warning",
    "log_checkpoints": "off",
}
THROW_AWAY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
}
LARGEST_LOG = 10_000_000
QUICK_DEATHS = 5
STARTING_PATIENCE_S = 5.0
PUTTING_DOWN = ((signal.SIGINT, 15.0), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 5.0))
"""What a server hears that its killed keeper left, and for how many seconds: told to stop while it
recovers, one may stop for ever. A hard stop loses nothing that was committed.
"""


class Keeper:
    """One server and the locks that say who keeps it and who uses it."""

    def __init__(self, home: Path, *, throw_away: bool) -> None:
        self.home = home.resolve()
        self.link = home
        self.throw_away = throw_away
        self.account = owner_of(self.home)
        self.programs = programs(self.account)
        self.users = os.open(self.home / "users.lock", os.O_RDWR | os.O_CREAT, 0o600)
        self.stopping = False

    def run(self) -> int:
        """Keep the server until nobody uses it; return the exit code."""
        if not _alone(os.open(self.home / "keeper.lock", os.O_RDWR | os.O_CREAT, 0o600)):
            return ANOTHER_KEEPER
        signal.signal(signal.SIGTERM, self._stop)
        if (self.home / "postgres.log").stat().st_size > LARGEST_LOG:
            os.truncate(self.home / "postgres.log", 0)
        self._make_cluster()
        self._put_down_leftover()
        sockets = socket_directory(self.home, self.account)
        try:
            return self._keep(sockets)
        finally:
            self._tidy(sockets)

    def _keep(self, sockets: Path) -> int:
        """Run the server, again after each death: it may have been killed. Give up when it dies at
        once each time.
        """
        deaths = 0
        while deaths < QUICK_DEATHS:
            began = time.monotonic()
            server = self._start(sockets)
            while server.poll() is None:
                if self.stopping or _alone(self.users):
                    self._end(server)
                    return 0
                time.sleep(0.25)
            deaths = deaths + 1 if time.monotonic() - began < 5 else 0
            time.sleep(min(deaths, 3))
        return 1

    def _start(self, sockets: Path) -> subprocess.Popen[bytes]:
        options = {
            **SERVER,
            "unix_socket_directories": f'"{sockets}"',
            **(THROW_AWAY if self.throw_away else {}),
        }
        arguments = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        # Nobody else serves this folder: what a copy or a crash left names a process that is none
        # of ours.
        (sockets / ".s.PGSQL.5432.lock").unlink(missing_ok=True)
        # SIGINT is PostgreSQL's fast shutdown: if the keeper is killed, the server goes down
        # cleanly by itself.
        return subprocess.Popen(
            [self.programs / "postgres", "-D", self.home / "data", *arguments],
            cwd=self.home,
            # This process has one thread.
            preexec_fn=dies_with_parent(signal.SIGINT),  # noqa: PLW1509
            **as_account(self.account),
        )

    def _end(self, server: subprocess.Popen[bytes]) -> None:
        server.send_signal(signal.SIGQUIT if self.throw_away else signal.SIGINT)
        try:
            # One that still recovers may be deaf for minutes, and has nothing a hard stop could
            # lose.
            server.wait(PATIENCE_S if self._takes_connections() else STARTING_PATIENCE_S)
        except subprocess.TimeoutExpired:
            server.send_signal(signal.SIGQUIT)
            server.wait()

    def _takes_connections(self) -> bool:
        try:
            return (self.home / "data" / "postmaster.pid").read_text().splitlines()[
                7
            ].strip() == "ready"
        except (OSError, IndexError):
            return False

    def _make_cluster(self) -> None:
        """Run initdb beside the place and rename, so that a start killed half-way leaves no half a
        cluster.
        """
        data, half = self.home / "data", self.home / "data.new"
        if data.exists():
            return
        shutil.rmtree(half, ignore_errors=True)
        command = [
            str(self.programs / "initdb"),
            "-D",
            str(half),
            "-U",
            SUPERUSER,
            "--auth=trust",
            "--encoding=UTF8",
        ]
        locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        subprocess.run(
            [*command, *locale, *(["--no-sync"] * self.throw_away)],
            cwd=self.home,
            check=True,
            stdout=subprocess.DEVNULL,
            preexec_fn=dies_with_parent(signal.SIGKILL),
            **as_account(self.account),
        )
        half.rename(data)

    def _put_down_leftover(self) -> None:
        """Stop a server whose keeper was killed; forget one whose number now belongs to something
        else.

        PostgreSQL alone refuses to start while any process has the number in its stale
        postmaster.pid.
        """
        pid_file = self.home / "data" / "postmaster.pid"
        if not pid_file.exists():
            return
        first, _, _ = pid_file.read_text(errors="replace").partition("\n")
        pid = int(first) if first.isdecimal() else 0  # 0: a full disk or a lost one left it empty
        for signum, patience in PUTTING_DOWN:
            deadline = time.monotonic() + patience
            while self._is_ours(pid) and time.monotonic() < deadline:
                os.kill(pid, signum)
                time.sleep(0.2)
        if not self._is_ours(pid):
            pid_file.unlink(missing_ok=True)

    def _is_ours(self, pid: int) -> bool:
        if not pid:
            return False
        try:
            return str(self.home / "data").encode() in Path(
                f"/proc/{pid}/cmdline"
            ).read_bytes().split(b"\0")
        except FileNotFoundError:
            if Path("/proc/self").exists():
                return False
        command = subprocess.run(
            ["ps", "-p", str(pid), "-o", "command="], check=False, capture_output=True
        )
        return str(self.home / "data").encode() in command.stdout

    def _stop(self, signum: int, frame: FrameType | None) -> None:
        self.stopping = True

    def _tidy(self, sockets: Path) -> None:
        if self.throw_away:
            shutil.rmtree(sockets, ignore_errors=True)
            shutil.rmtree(self.home, ignore_errors=True)
            if self.link.is_symlink():
                self.link.unlink()


def _alone(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


if __name__ == "__main__":
    sys.exit(Keeper(Path(sys.argv[1]), throw_away="throw-away" in sys.argv[2:]).run())
