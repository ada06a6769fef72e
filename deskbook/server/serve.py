"""`deskbook serve`: the whole desk under one supervising process."""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from pwd import struct_passwd
from threading import Thread
from types import FrameType
from typing import IO, Any

from structlog import get_logger

from deskbook.config.environment import Environment, read
from deskbook.config.logs import configure_logs, relayed, say
from deskbook.config.refusals import CommandRefused
from deskbook.server.database import available, keep_up, refuse_unreachable
from deskbook.server.lifeline import PARENT
from deskbook.server.ports import refuse_taken_ports, wait_until_served
from deskbook.server.postgres_files import as_account
from deskbook.server.pulse import PULSE, Listener, end, session_of
from deskbook.server.unprivileged import StaysRoot, account_of_parts, must_stay_root
from deskbook.server.warnings import warn_of_unknown

LONGEST_PAUSE_S = 30.0
STEADY_S = 60.0
SECONDS_TO_STOP = 20.0
_log = get_logger(__name__)


def how_to_sign_in(environment: Environment) -> list[str]:
    return [f"Sign in at {environment.site_url}/account/login/code/ with your e-mail address."]


@dataclass(frozen=True)
class Opening:
    """What an application on top of the desk does differently while it is opened: commands to run
    once the database is up to date, each with the sentence that says so, and the lines of the
    welcome that say how to sign in.
    """

    steps: Sequence[tuple[str, str]] = ()
    how_to_sign_in: Callable[[Environment], list[str]] = how_to_sign_in


def main(argv: Sequence[str], opening: Opening = Opening()) -> int:
    """Start the database, bring it up to date, start the parts, keep them running until told to
    stop.
    """
    argparse.ArgumentParser(prog="deskbook serve", description=__doc__).parse_args(argv)
    environment = read()
    configure_logs(environment.log_level, part=True)
    warn_of_unknown()
    refuse_taken_ports(environment)
    refuse_unreachable(environment)
    tell("Starting the database.")
    with available(environment):
        take_step(
            "migrate",
            "Bringing the database up to date.",
            database_url=environment.database_url or "",
        )
        for command, sentence in opening.steps:
            take_step(command, sentence)
        tell(f"Starting {', '.join(dict.fromkeys(parts(environment)))}.")
        had_data = environment.data.is_dir()
        supervisor = Supervisor(made(environment), partial(keep_desk_up, environment, had_data))
        supervisor.listen_for_signals()
        supervisor.start()
        Thread(target=greet, args=(environment, opening), daemon=True).start()
        supervisor.run()
    return 0


def keep_desk_up(environment: Environment, had_data: bool) -> None:
    """See to what all parts stand on. Raises CommandRefused once a data folder that was there was
    taken away: none of them can run without it, and starting them over and over would keep a core
    busy.
    """
    if had_data and not environment.data.is_dir():
        raise CommandRefused(
            f"{environment.data} was taken away while the desk was running, so it stops. Put the"
            " folder back, or restore a backup, and start it again."
        )
    keep_up(environment)


def tell(sentence: str) -> None:
    """Say what happens to who waits at the terminal, or to the log."""
    if sys.stdout.isatty():
        print(sentence, flush=True)
    else:
        _log.info(sentence)


def take_step(command: str, sentence: str, **variables: str) -> None:
    """Run another command of ours to its end, with these variables set besides. Raises
    CommandRefused when it fails.
    """
    tell(sentence)
    settings = {**os.environ, **{name.upper(): value for name, value in variables.items()}}
    with subprocess.Popen(part_command(command), env=settings, **to_log()) as step:
        if step.stdout:
            relay(step.stdout, command)
    if step.returncode != 0:
        raise CommandRefused(f"`deskbook {command}` failed; what it printed above says why.")


def made(environment: Environment) -> list[Part]:
    """Return the parts, each with the user it runs as; says so when one has to stay root."""
    try:
        account = account_of_parts(environment)
    except StaysRoot as reason:
        account = None
        say(f"warning: {reason}")
    found = []
    for name in parts(environment):
        bound = account is not None and must_stay_root(environment, name)
        if bound:
            say(
                f"warning: {name} runs as root: it listens below port 1024. Put a server in front,"
                " or raise the port."
            )
        found.append(Part(name, part_command(name), None if bound else account, environment.data))
    return found


def parts(environment: Environment) -> list[str]:
    """Return the names of the processes that make up a desk."""
    return ["web", *["worker"] * environment.worker_processes, "mail"]


def greet(environment: Environment, opening: Opening) -> None:
    """Print the welcome when the desk can be reached, not before: who reads it opens the page at
    once.
    """
    wait_until_served(environment)
    tell(welcome(environment, opening))


def part_command(name: str) -> list[str]:
    """Return the command line that runs one part as a process of its own."""
    return [sys.executable, "-m", "deskbook", name]


def welcome(environment: Environment, opening: Opening = Opening()) -> str:
    """Return what the person who started the desk needs to know: where it is and how to sign in."""
    lines = [f"Deskbook is at {environment.site_url}", *opening.how_to_sign_in(environment)]
    if environment.smtp_listen:
        lines.append("Mail is taken by SMTP at {}:{}.".format(*environment.smtp_listen))
    return "\n".join([*lines, "Stop with Ctrl-C."])


@dataclass
class Part:
    """A process that is started again whenever it ends, sooner the longer it had run."""

    name: str
    command: Sequence[str]
    account: struct_passwd | None = None
    data: Path | None = None
    process: subprocess.Popen[bytes] | None = None
    pause: float = 0.0
    next_start: float = field(default_factory=time.monotonic)
    began: float = 0.0
    pulse: Listener | None = None
    relay: Thread | None = None

    def start(self, now: float) -> None:
        environment = {
            **os.environ,
            PARENT: str(os.getpid()),
            PULSE: self.pulse.address if self.pulse else "",
            "PYTHONPATH": str(Path(__file__).parents[2]),
        }
        # A group of its own: Ctrl-C reaches the supervisor alone, and killing the group leaves
        # nothing behind.
        if self.data:
            # Which may be relative to a folder the account cannot enter.
            environment["DESKBOOK_DATA"] = str(self.data)
        self.process = subprocess.Popen(
            self.command,
            env=environment,
            start_new_session=True,
            cwd=self.data if self.account else None,
            **to_log(),
            **as_account(self.account),
        )
        if self.process.stdout:
            self.relay = Thread(target=relay, args=(self.process.stdout, self.name), daemon=True)
            self.relay.start()
        if self.pulse:
            self.pulse.expect(self.process.pid)
        self.began = now

    def look_after(self, now: float) -> None:
        """Start the process if its time has come; plan its next start if it has ended."""
        if self.process is None:
            if now >= self.next_start:
                self.start(now)
        elif self.process.poll() is not None:
            self.signal(signal.SIGKILL)  # what the dead process itself had started
            self.pause = (
                0.5
                if now - self.began > STEADY_S
                else min(max(self.pause * 2, 0.5), LONGEST_PAUSE_S)
            )
            self.next_start = now + self.pause
            _log.warning(
                "a part ended", part=self.name, code=self.process.returncode, again_in_s=self.pause
            )
            self.process = None

    def signal(self, signum: signal.Signals) -> None:
        """Send the signal to the process (a kill: to its whole group), if there is one."""
        if self.process is None:
            return
        try:
            if signum is signal.SIGKILL:
                os.killpg(self.process.pid, signum)
            else:
                self.process.send_signal(signum)
        except ProcessLookupError:
            pass

    def ended(self) -> bool:
        return self.process is None or self.process.poll() is not None


def to_log() -> dict[str, Any]:
    """Return what makes subprocess hand over the words of a process; on a terminal it speaks for
    itself.
    """
    return {} if sys.stderr.isatty() else {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}


def relay(lines: IO[bytes], part: str) -> None:
    """Write what a part writes to the log, line by line, until it has ended and all it started with
    it.
    """
    with lines:
        for line in relayed(lines, part):
            with suppress(OSError):  # the log is full or gone: the part must not stop for that
                sys.stderr.write(f"{line}\n")  # one write: lines of two parts do not mix
                sys.stderr.flush()


class Supervisor:
    """Keeps the parts running until SIGTERM or Ctrl-C, then stops them all."""

    def __init__(self, parts: list[Part], look_after_database: Callable[[], None]) -> None:
        self.parts = parts
        self.look_after_database = look_after_database
        self.pulse = Listener()
        for part in parts:
            part.pulse = self.pulse
        self.stopping = False

    def listen_for_signals(self) -> None:
        for signum in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(signum, self._stop)

    def _stop(self, signum: int, frame: FrameType | None) -> None:
        self.stopping = True

    def start(self) -> None:
        for part in self.parts:
            part.look_after(time.monotonic())

    def run(self) -> None:
        """Look after the parts until told to stop; return when all have ended."""
        try:
            while not self.stopping:
                self.look_after()
                time.sleep(0.2)
        finally:
            self.end()

    def look_after(self) -> None:
        """See to the database and the parts once: end what hangs, start what ended."""
        self.look_after_database()
        self.end_silent()
        for part in self.parts:
            part.look_after(time.monotonic())

    def end_silent(self) -> None:
        """End the processes that fell silent; what started them starts them again."""
        sessions = {part.process.pid: part.name for part in self.parts if part.process}
        for process, sign in self.pulse.silent(set(sessions)).items():
            name = sessions.get(session_of(process) or 0, "")
            _log.error(
                "a process of a part hangs and was ended", part=name, process=process, why=sign
            )
            end(process)
            self.pulse.expect(process)  # the system may take its time: not to be said each round

    def end(self) -> None:
        """Ask every part to stop, wait, and kill what did not."""
        for part in self.parts:
            part.signal(signal.SIGTERM)
        deadline = time.monotonic() + SECONDS_TO_STOP
        while time.monotonic() < deadline and not all(part.ended() for part in self.parts):
            time.sleep(0.05)
        for part in self.parts:
            part.signal(signal.SIGKILL)
            if part.relay:
                part.relay.join(1)  # its last words
        self.pulse.close()
