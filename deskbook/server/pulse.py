"""The pulse of the parts: each tells its supervisor twice a second that it is well; one that falls
silent is ended.

A datagram to this machine: nothing to clean up, nothing that blocks, and it comes from a process of
the web server as well as from a part. The thread that sends it stands still when the process does,
and when a call into C keeps the interpreter to itself (a regular expression that never ends), which
no signal gets through to either.
"""

from __future__ import annotations

import asyncio
import faulthandler
import os
import secrets
import signal
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

PULSE = "DESKBOOK_PULSE"
NOTIFY = "NOTIFY_SOCKET"
"""Where systemd wants to hear of its service (sd_notify(3)): a part run alone is watched by it."""
STOPPED_S = 5.0
BUSY_S = 15.0
SILENT_S = 120.0
"""How long a process may be silent: when it stands still (SIGSTOP), in seconds it computed
meanwhile, and at all.

A busy machine gives a process no time; silence alone says little there, and computing without a
word says much.
"""
SAY_WHERE = signal.SIGUSR1
ENDED = "Z"
"""The state of a zombie: there is nothing left to end."""
_well: list[Callable[[], bool]] = []


def only_while(check: Callable[[], bool]) -> None:
    """Let this process count as well only while the check says so as well."""
    _well.append(check)


def follow_loop() -> None:
    """Let this process count as well only while the running event loop turns."""
    loop, turned = asyncio.get_running_loop(), [time.monotonic()]

    def turn() -> None:
        turned[0] = time.monotonic()
        loop.call_later(1, turn)

    turn()
    only_while(lambda: loop.is_closed() or time.monotonic() - turned[0] < SILENT_S / 4)


def say_where_on_request() -> None:
    """Let SAY_WHERE print what every thread is doing, even where no Python runs any more."""
    faulthandler.register(SAY_WHERE, all_threads=True)


def beat() -> None:
    """Tell the supervisor, and the init system, if there is one, that this process is well."""
    port, _, token = os.environ.get(PULSE, "").partition(":")
    init = os.environ.get(NOTIFY, "")
    if not (token or init) or not all(check() for check in _well):
        return
    if init:
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as mouth:
            mouth.setblocking(False)
            # Sd_notify(3).
            mouth.sendto(b"READY=1\nWATCHDOG=1", "\0" + init[1:] if init.startswith("@") else init)
    if token:
        with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as mouth:
            mouth.setblocking(False)  # a full queue: the supervisor is busy, not we
            mouth.sendto(f"{token} {os.getpid()}".encode(), ("127.0.0.1", int(port)))


@dataclass
class Beat:
    """When a process was last heard of, and what it had computed until then, in seconds."""

    at: float
    computed: float


@dataclass
class Listener:
    """The supervisor's end: which processes of its parts are alive, and which have fallen
    silent.
    """

    token: str = field(default_factory=secrets.token_hex)
    beats: dict[int, Beat] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.ear = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.ear.bind(("127.0.0.1", 0))
        self.ear.setblocking(False)
        self.address = f"{self.ear.getsockname()[1]}:{self.token}"

    def expect(self, process: int) -> None:
        """Count from now, as if the process had just been heard of."""
        self.beats[process] = Beat(time.monotonic(), computed(process) or 0.0)

    def close(self) -> None:
        self.ear.close()

    def silent(self, sessions: set[int]) -> dict[int, str]:
        """Return the processes of these sessions that fell silent, each with how it shows; others
        are forgotten, and so is who ended and waits for whoever started it to hear of it.
        """
        self._hear()
        found = {}
        for process, last in list(self.beats.items()):
            if session_of(process) not in sessions or state(process) == ENDED:
                del self.beats[process]
            elif sign := _sign(process, last, time.monotonic()):
                found[process] = sign
        return found

    def _hear(self) -> None:
        with suppress(BlockingIOError):
            while True:
                token, _, process = self.ear.recv(200).decode("ascii", "replace").partition(" ")
                if (
                    secrets.compare_digest(token.encode(), self.token.encode())
                    and process.isdecimal()
                ):
                    self.expect(int(process))


def _sign(process: int, last: Beat, now: float) -> str:
    silent, spent = now - last.at, (computed(process) or last.computed) - last.computed
    if silent > STOPPED_S and state(process) == "T":
        return f"it stands still for {silent:.0f} s"
    if spent > BUSY_S:
        return f"it says nothing and computed for {spent:.0f} s"
    return f"it says nothing for {silent:.0f} s" if silent > SILENT_S else ""


def end(process: int) -> None:
    """Kill the process, after a moment to say where it is."""
    with suppress(ProcessLookupError):
        os.kill(process, SAY_WHERE)
        time.sleep(0.2)
        os.kill(process, signal.SIGKILL)


def session_of(process: int) -> int | None:
    try:
        return os.getsid(process)
    except (ProcessLookupError, PermissionError):
        return None


def state(process: int) -> str:
    """Return the state's letter as Linux tells it; empty elsewhere and when the process has
    gone.
    """
    return (_facts(process) or [""])[0]


def computed(process: int) -> float | None:
    """Return the seconds of a processor the process has had, where the system tells (Linux)."""
    facts = _facts(process)
    return (int(facts[11]) + int(facts[12])) / os.sysconf("SC_CLK_TCK") if facts else None


def _facts(process: int) -> list[str]:
    """The third and later fields of proc(5)'s stat: the second, a name, may hold anything."""
    if not sys.platform.startswith("linux"):
        return []
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []
