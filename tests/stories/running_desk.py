"""A desk started as a person starts it, looked at from outside: mail in and out, pages over HTTP,
processes to kill.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import psycopg

from deskbook.server.desk_role import ROLE
from deskbook.server.embedded_postgres import database_url
from tests.stories.kept_commands import KeptCommands
from tests.stories.mail_sink import Sink

BOOK = Path(__file__).parent / "night.yaml"
PATIENCE_S = 60
STAYS = {"django_migrations", "django_content_type", "auth_permission", "procrastinate_workers"}
"""Tables of what runs, not of what it is used for."""


def patiently(found, what, seconds=PATIENCE_S):
    """Return the first true answer of `found`; fail with `what` when it takes too long."""
    deadline = time.monotonic() + seconds
    while not (answer := found()):
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        time.sleep(0.05)
    return answer


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def processes():
    """Yield the process id, the parent's and the command line of everything that runs."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = (folder / "stat").read_text().rpartition(")")[2].split()[1]
            command = (folder / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        yield int(folder.name), int(parent), command


class RunningDesk:
    """`deskbook serve` in a folder of its own, and the mail server it hands its mail to."""

    patience_s = PATIENCE_S
    """How long its database is waited for when it is asked something."""

    def __init__(self, data: Path, sink: Sink, sink_url: str, settings=None) -> None:
        self.data, self.sink = data, sink
        self.smtp_port, self.web_port = free_port(), free_port()
        self.site = f"http://127.0.0.1:{self.web_port}"
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("DESKBOOK_", "DJANGO_"))
        }
        kept.pop("DATABASE_URL", None)
        self.environment = {
            **kept,
            "PYTHONPATH": str(Path(__file__).parents[2]),
            "DESKBOOK_DATA": str(data),
            "DESKBOOK_PORT": str(self.web_port),
            "DESKBOOK_SMTP_LISTEN": f"127.0.0.1:{self.smtp_port}",
            "DESKBOOK_LMTP_LISTEN": "off",
            "DESKBOOK_SMTP_URL": sink_url,
            "DESKBOOK_LOG_LEVEL": "WARNING",
            "DESKBOOK_UNDO": "0",
            **(settings or {}),
        }
        self.process = self.commands = None

    def start(self):
        with open(self.data / "serve.log", "ab") as log:
            self.process = subprocess.Popen(
                self._command("serve"),
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def wait_until_up(self):
        for port in (self.web_port, self.smtp_port):
            told = f"port {port} of the desk\n{self.words()}"
            patiently(lambda port=port: self._answers(port), told, seconds=5 * PATIENCE_S)

    def run(self, *command):
        """Run another `deskbook` command on the same data; return what it printed."""
        return self._ran(self._command(*command))

    def run_all(self, commands):
        """Run `deskbook` commands one after the other in a fork of a process that is kept for them,
        which is faster; return what they printed.
        """
        if self.commands is None:
            environment = {**self.environment, "DATABASE_URL": self.database_url(ROLE)}
            self.commands = KeptCommands(environment, self.data / "commands.txt")
        return self.commands.run(commands)

    def run_python(self, program):
        """Run a few lines of Python on the same data, for what only the clock asks for."""
        return self._ran([sys.executable, "-c", program])

    def _ran(self, command):
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def apply(self, key, text):
        """Put a book into force, given as text."""
        return self.run_all([["apply", self.keep_book(key, text)]])

    def keep_book(self, key, text):
        """Write a book beside the data and return its path."""
        book = self.data / f"{key}.yaml"
        book.write_text(text, encoding="utf-8")
        return str(book)

    def kill(self, part):
        """Kill -9 one part, the database server, its keeper or, as "serve", the supervisor."""
        os.kill(self.pid_of(part), signal.SIGKILL)
        if part == "serve":
            self.process.wait()

    def pid_of(self, part):
        return patiently(lambda: self.running(part), f"a process of the part {part}")

    def running(self, part):
        """Return the process id of a part, None while it does not run."""
        if part == "serve":
            return self.process.pid if self.process.poll() is None else None
        if part == "postgres":
            return self._server()
        return self._process(part)

    def select(self, question, *values, role="deskbook"):
        """Return what the desk's own database says, as soon as it is there to be asked, to this
        role of it.
        """
        deadline = time.monotonic() + self.patience_s
        while True:
            try:
                with psycopg.connect(self.database_url(role), connect_timeout=10) as connection:
                    return connection.execute(question, values).fetchall()
            except (
                OSError,
                IndexError,
                UnicodeError,
                psycopg.OperationalError,
            ):
                # Half a postmaster.pid, or none.
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)

    def begin_anew(self):
        """Empty it as if it had never been used, between two jobs of its worker; and forget the
        mails.
        """
        patiently(self._emptied, "a moment at which the worker does nothing")
        self.sink.forget()

    def _emptied(self):
        with psycopg.connect(self.database_url()) as connection:
            try:
                connection.execute("lock table procrastinate_jobs in exclusive mode")
                if connection.execute(
                    "select from procrastinate_jobs where status = 'doing'"
                ).fetchone():
                    return False
                names = connection.execute(
                    "select tablename from pg_tables where schemaname = 'public'"
                ).fetchall()
                # No guard of the log's.
                connection.execute("set local session_replication_role = replica")
                connection.execute(
                    "truncate " + ", ".join(f'"{name}"' for (name,) in names if name not in STAYS)
                )
            except psycopg.errors.DeadlockDetected:  # with a page that is still being answered
                return False
        return True

    def words(self):
        return (self.data / "serve.log").read_text(errors="replace")[-6000:]

    def stop(self):
        if self.commands:
            self.commands.end()
        if self.process is None:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
        patiently(
            lambda: not (self.data / "postgres/data/postmaster.pid").exists(),
            "the end of the database server",
        )

    def _command(self, *words):
        return [sys.executable, "-m", "deskbook", *words]

    def database_url(self, role="deskbook"):
        """Return where its database answers to a role of it."""
        return database_url(Path(self._postmaster()[4]), role=role)

    def _postmaster(self):
        return (self.data / "postgres/data/postmaster.pid").read_text().splitlines()

    def _server(self):
        """The number may be that of a server that is gone, and by now of somebody else's
        process.
        """
        try:
            pid = int(self._postmaster()[0])
            command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except (OSError, IndexError, ValueError):
            return None
        return pid if str((self.data / "postgres/data").resolve()).encode() in command else None

    def _process(self, part):
        home = str(self.data / "postgres").encode()
        for pid, parent, command in processes():
            ours = parent == self.process.pid and command[3:4] == [part.encode()]
            keeps = part == "keeper" and command[2:4] == [b"deskbook.server.postgres_keeper", home]
            if ours or keeps:
                return pid
        return None

    def at_work(self):
        """Whether it answers at both its doors."""
        return self.is_open(self.web_port) and self.is_open(self.smtp_port)

    def _answers(self, port):
        assert self.process.poll() is None, f"the desk ended by itself\n{self.words()}"
        return self.is_open(port)

    def is_open(self, port):
        """Return whether anything listens there."""
        with socket.socket() as attempt:
            return attempt.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def running_desk():
    """Yield a desk that runs by night.yaml, with Asha as its agent; nothing of it is left
    afterwards.

    The book is put into force before the desk ever ran, as people do who read the first page only.
    """
    with desk_without_book(first=["apply", str(BOOK)]) as desk:
        desk.run("invite", "asha@night.example", "--desk", "night", "--name", "Asha")
        yield desk


@contextmanager
def desk_without_book(settings=None, first=(), sink=None, of=RunningDesk):
    """Yield a running desk that has no book yet; nothing of it is left afterwards.

    `settings` are further variables, `first` a command that is run before the desk is, `sink`
    another mail server, `of` another sort of desk.
    """
    data = Path(tempfile.mkdtemp(prefix="deskbook-story-"))
    data.chmod(0o755)  # root's database server runs under another account, which has to get in
    sink, port = sink or Sink(), free_port()
    server = sink.server(port)
    server.start()
    desk = of(data, sink, sink.url(port), settings)
    try:
        if first:
            desk.run(*first)
        desk.start()
        desk.wait_until_up()
        yield desk
    finally:
        desk.stop()
        server.stop()
        shutil.rmtree((data / "postgres").resolve(), ignore_errors=True)
        shutil.rmtree(data, ignore_errors=True)
