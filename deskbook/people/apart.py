"""Work on what a stranger sent, in a process of its own, under limits of time and memory that the
kernel keeps.

A thread that has lost itself in a pattern or a library cannot be stopped, and takes the whole
worker with it. A process can be ended. It is kept for the next piece of work, so a mail costs a
pipe, not a start of Python. What we write to it is pickled; what it writes to us is read as plain
values only (people/handed_back.py).
"""

from __future__ import annotations

import atexit
import os
import pickle
import resource
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from threading import Lock, Timer
from typing import Any, BinaryIO, NamedTuple, ParamSpec, TypeVar

from structlog import get_logger

from deskbook.people.handed_back import Strange, read_answer, write_answer, write_failure
from deskbook.refusals.kept import kept

MOST_S = 5.0
"""Seconds of processor time; a busy machine makes nothing go over."""
MOST_BYTES = 100 * 1024 * 1024
"""Beside what the process takes before it has seen anything."""
LONGEST_S = 180.0
"""Seconds by the clock, for a process that does nothing at all."""
MOST_USES = 500
MOST_IDLE = 4


class Limits(NamedTuple):
    """What one piece of work may take."""

    seconds: float = MOST_S
    memory: int = MOST_BYTES
    longest_s: float = LONGEST_S


Work = Callable[..., Any]
P = ParamSpec("P")
T = TypeVar("T")
_log = get_logger(__name__)


class Over(Exception):
    """The work was ended at a limit. The text says which, as it is kept."""


class NoRoom(Exception):
    """No process could be started: the machine's fault, not that of the work. To be tried again."""


def done_apart(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Does `work` within the usual limits; see `done_within`."""
    return done_within(Limits(), work, *args, **kwargs)


def done_within(limits: Limits, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Returns what `work` returns, and raises what it raises; Over when it would take more than the
    limits, NoRoom when it could not begin.

    `work` is a function of a module, what goes in can be pickled, and what comes out are plain
    values and the classes its annotation names. An error comes out with its words alone: as itself
    where its module or Python knows it.
    """
    room = _take()
    timer = Timer(limits.longest_s, room.process.kill)
    timer.start()
    try:
        answer = room.ask(work, args, kwargs, limits)
    except (EOFError, BrokenPipeError, Strange):
        raise Over(room.why_it_ended(limits)) from None
    finally:
        timer.cancel()
        _give_back(room)
    if isinstance(answer, Exception):  # only here: an EOFError of the work is no end of its process
        raise answer
    return answer  # type: ignore[no-any-return]  # read_answer looks at it


class _Room:
    """A process that waits for work and ends when nobody is left to bring it any."""

    def __init__(self) -> None:
        self.owner, self.uses = os.getpid(), 0
        known = {
            name: os.environ[name] for name in ("PATH", "PYTHONPATH", "LANG") if name in os.environ
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "deskbook.people.apart"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=known,  # no secret of ours where a stranger's bytes are read
        )

    def ask(self, work: Work, args: tuple[Any, ...], kwargs: dict[str, Any], limits: Limits) -> Any:
        assert self.process.stdin and self.process.stdout  # pipes were asked for
        self.uses += 1
        # Apart from each other: the limits begin when the function is imported, before the bytes
        # are read.
        pickle.dump((work, tuple(limits)), self.process.stdin)
        self.process.stdin.flush()
        pickle.dump((args, kwargs), self.process.stdin, protocol=5)
        self.process.stdin.flush()
        return read_answer(work, self.process.stdout, 2 * limits.memory)

    def why_it_ended(self, limits: Limits) -> str:
        self.process.kill()
        code = self.process.wait()
        _log.warning("work was ended at a limit", code=code)
        if code == -signal.SIGPROF:
            return kept("apart.seconds", seconds=round(limits.seconds))
        if code == -signal.SIGKILL:
            return kept("apart.silent", seconds=round(limits.longest_s))
        return kept("apart.memory", megabytes=limits.memory // 1_048_576, code=str(code))

    def end(self) -> None:
        for pipe in (self.process.stdin, self.process.stdout):
            with suppress(OSError):
                pipe.close()  # type: ignore[union-attr]  # pipes were asked for
        self.process.kill()
        self.process.wait()


_idle: list[_Room] = []
_lock = Lock()


def _take() -> _Room:
    with _lock:
        while _idle:
            room = _idle.pop()
            # A fork has its parent's list, but may not use its parent's pipes.
            if room.owner == os.getpid() and room.process.poll() is None:
                return room
    try:
        return _Room()
    except OSError as failure:
        raise NoRoom(f"No process could be started to read in: {failure}.") from failure


def _give_back(room: _Room) -> None:
    with _lock:
        if room.process.poll() is None and room.uses < MOST_USES and len(_idle) < MOST_IDLE:
            _idle.append(room)
            return
    room.end()


@atexit.register
def _end_all() -> None:
    for room in _idle:
        if room.owner == os.getpid():
            room.end()


def _main() -> None:
    # Who brings the work ends the process, by closing the pipe; a signal to the whole group is for
    # the others.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Where it is installed for others' sake, spreadsheets would be read by it, and at its start it
    # takes more memory than the work may.
    sys.modules["numpy"] = None  # type: ignore[assignment]
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    while True:
        try:
            work, limits = pickle.load(sys.stdin.buffer)  # written by our own code
        except EOFError:
            return
        _answer(work, Limits(*limits), answers)


def _answer(work: Work, limits: Limits, answers: BinaryIO) -> None:
    # Whose signal, not caught, ends the process.
    signal.setitimer(signal.ITIMER_PROF, limits.seconds)
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (_taken() + limits.memory, hard))
    try:
        args, kwargs = pickle.load(sys.stdin.buffer)  # written by our own code
        write_answer(work(*args, **kwargs), answers)
    except MemoryError:
        os.abort()  # whatever is half done with: nothing of it is used
    except Exception as failure:
        write_failure(failure, answers)
    signal.setitimer(signal.ITIMER_PROF, 0)
    resource.setrlimit(resource.RLIMIT_AS, (hard, hard))


def _taken() -> int:
    """Bytes of address space in use (proc(5), statm)."""
    with open("/proc/self/statm") as pages:
        return int(pages.read().split()[0]) * resource.getpagesize()


if __name__ == "__main__":
    _main()
