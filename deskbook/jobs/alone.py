"""Jobs that a dead worker had in hand, each tried in a process of its own: it is known then which
of them kills it.

A dozen jobs run in one worker, and it may also have been killed by an operator or a full machine:
its death says nothing about any of them. They go to a queue of their own, where nothing else stands
still while one is tried.
"""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import time
import traceback
from contextlib import suppress
from threading import Timer
from typing import Any

from django.db import close_old_connections
from procrastinate.job_context import JobContext
from procrastinate.middleware import SyncCallNext
from procrastinate.worker import Worker
from structlog import get_logger

from deskbook.channels.all import connections

QUEUE = "suspects"
TRIES = 2
"""With the worker that died that makes three."""
LONGEST_S = 1_800.0
IDLE_S = 20.0
COMMAND = [sys.executable, "-m", "deskbook.server.lone_jobs"]
_log = get_logger(__name__)
_waiting: list[tuple[subprocess.Popen[bytes], float]] = []


class Failed(Exception):
    """The job came to its end and failed as any job may; the text is its traceback."""


class GivenUp(Exception):
    """The job killed every process it was tried in: it is not tried again."""


def in_a_process_of_its_own(call_next: SyncCallNext, context: JobContext, worker: Worker) -> None:
    """Run the job of the context elsewhere, instead of here; what is kept of it is set aside when
    it is given up.
    """
    try:
        run(context.job.task_name, context.job.task_kwargs)
    except GivenUp:
        _set_aside(context.job.task_name, context.job.task_kwargs)
        raise


def _set_aside(task: str, arguments: dict[str, Any]) -> None:
    """Lets people find in a list of their own, with a sentence, what no process could read or
    send.
    """
    jobs = (job for connection in connections() for job in connection.jobs)
    set_aside = next((job.set_aside for job in jobs if job.name == task), None)
    if set_aside:
        close_old_connections()
        try:
            set_aside(**arguments)
        finally:
            close_old_connections()


def run(task: str, arguments: dict[str, Any]) -> None:
    """Run a job in a process of its own. Raises Failed with its traceback, GivenUp when it died or
    never ended.
    """
    ends = []
    for _ in range(TRIES):
        died, answer = _tried({"task": task, "arguments": arguments})
        if answer is not None:
            if answer:
                raise Failed(answer)
            return
        ends.append(died)
        _log.error("a job ended the process it ran in", task=task, arguments=arguments, ended=died)
    raise GivenUp(
        f"{task} ended every process it ran in ({', '.join(ends)}); it is not tried again."
    )


def _tried(job: dict[str, Any]) -> tuple[str, str | None]:
    """How the process ended, or what the job answered: nothing when it was done, a traceback when
    it failed.
    """
    process = _process()
    given, told = process.stdin, process.stdout
    assert given and told
    with suppress(BrokenPipeError):  # it died just now: the answer says so
        given.write(json.dumps(job).encode() + b"\n")
        given.flush()
    heard, _, _ = select.select([told], [], [], LONGEST_S)
    line = told.readline() if heard else b""
    if line.endswith(b"\n"):
        _keep(process)
        return "", str(json.loads(line))
    code = _put_down(process)
    return (f"exit code {code}" if heard else f"no end in {LONGEST_S:.0f} s"), None


def _process() -> subprocess.Popen[bytes]:
    """Return a process that waits for a job: one that did its last one lately, or a new one, which
    takes a second.
    """
    while _waiting:
        with suppress(IndexError):  # another thread took it
            process, since = _waiting.pop()
            if time.monotonic() - since < IDLE_S / 2 and process.poll() is None:
                return process
            _put_down(process)
    return subprocess.Popen(COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def _keep(process: subprocess.Popen[bytes]) -> None:
    """Keep it for the next job; once it has waited long enough it is put down, lest it stay a
    zombie.
    """
    kept = process, time.monotonic()
    _waiting.append(kept)
    later = Timer(IDLE_S, _let_go, [kept])
    later.daemon = True
    later.start()


def _let_go(kept: tuple[subprocess.Popen[bytes], float]) -> None:
    with suppress(ValueError):  # it was given another job
        _waiting.remove(kept)
        _put_down(kept[0])


def _put_down(process: subprocess.Popen[bytes]) -> int:
    process.kill()
    for pipe in (process.stdin, process.stdout):
        if pipe:
            with suppress(BrokenPipeError):
                pipe.close()
    return process.wait()


def main() -> None:
    """Do the jobs of standard input, one a line, until none has come for a while; answer each with
    a line.
    """
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a job prints is no answer
    while select.select([sys.stdin], [], [], IDLE_S)[0] and (line := sys.stdin.readline()):
        answers.write(json.dumps(_done(json.loads(line))) + "\n")
        answers.flush()


def _done(job: dict[str, Any]) -> str:
    from procrastinate.contrib.django import app

    try:
        app.tasks[job["task"]](**job["arguments"])
    except Exception:
        return traceback.format_exc()
    return ""
