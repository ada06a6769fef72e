"""The worker: runs jobs, and wakes tickets in a thread beside them."""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Event, Thread
from typing import cast

from procrastinate import App, signals
from procrastinate.contrib.django import app as django_app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.job_context import JobContext
from procrastinate.middleware import SyncCallNext, SyncTaskMiddleware
from procrastinate.worker import Worker
from structlog import get_logger

from deskbook.jobs import alone
from deskbook.jobs.along import with_what_waits
from deskbook.jobs.failures import keep_why
from deskbook.jobs.schedule import HEARTBEAT_S, STALLED_S, retry_stalled_jobs_for_ever, wake_until


@dataclass(frozen=True, slots=True)
class Slots:
    """So many jobs of these queues run at once."""

    queues: tuple[str, ...]
    at_once: int
    around: tuple[SyncTaskMiddleware, ...] = ()


SLOTS = (
    Slots(("default", "intake", "reactions"), 4, (with_what_waits,)),
    Slots(("mail",), 4),
    Slots(("services",), 4),
    Slots(("moves",), 1),
    Slots((alone.QUEUE,), 2, (alone.in_a_process_of_its_own,)),
)
"""The desk's own work, what waits for the mail server, what waits for services of others (texts,
WhatsApp, Jira): a server that is slow holds up what is to leave by it, and nothing else. What comes
from another system takes minutes and much memory: one at a time. A queue without slots is never
worked on.
"""

_running: dict[int, float] = {}
_log = get_logger(__name__)


def main(at_start: Callable[[], None] = lambda: None) -> bool:
    """Runs until told to stop by SIGTERM or SIGINT; jobs under way are finished first. `at_start`
    is called in its event loop. Returns False when it ended untold, its connections lost: it is to
    be started again.
    """
    stopped = Event()
    waking = Thread(target=wake_until, args=(stopped,), name="wake", daemon=True)
    waking.start()
    try:
        return asyncio.run(_work(at_start))
    finally:
        stopped.set()
        waking.join(10)


async def _work(at_start: Callable[[], None] = lambda: None) -> bool:
    at_start()
    # Jobs run in the loop's own threads, of which there are otherwise few on a small machine: each
    # slot needs one.
    threads = ThreadPoolExecutor(sum(slots.at_once for slots in SLOTS), thread_name_prefix="job")
    asyncio.get_running_loop().set_default_executor(threads)
    # A second app with the worker's own connections: what a job defers still goes through Django's,
    # in its transaction.
    connector = cast(DjangoConnector, django_app.connector)
    app = django_app.with_connector(connector.get_worker_connector())
    async with app.open_async():
        reaping = asyncio.create_task(retry_stalled_jobs_for_ever(app.job_manager))
        try:
            return await _run([_working(app, slots) for slots in SLOTS])
        finally:
            reaping.cancel()


def _working(app: App, slots: Slots) -> asyncio.Task[None]:
    return asyncio.create_task(
        app.run_worker_async(
            queues=list(slots.queues),
            concurrency=slots.at_once,
            delete_jobs="successful",
            task_middleware=[_timed, keep_why, *slots.around],
            update_heartbeat_interval=HEARTBEAT_S,
            stalled_worker_timeout=STALLED_S,
            install_signal_handlers=False,
        )
    )


def _timed(call_next: SyncCallNext, context: JobContext, worker: Worker) -> None:
    """Note since when each job runs: one that never ends is what the worker is ended and started
    again for.
    """
    _running[id(context)] = time.monotonic()
    try:
        call_next()
    finally:
        del _running[id(context)]


def none_runs_for_ever() -> bool:
    """Whether every job at work began lately; one that does not may wait for something that never
    comes.
    """
    return all(time.monotonic() - began < alone.LONGEST_S for began in tuple(_running.values()))


async def _run(workers: list[asyncio.Task[None]]) -> bool:
    """Returns True when told to stop, False when one of them has ended untold: then the others end
    as well.

    Cancelled, a worker ends what it has in hand first.
    """
    told = asyncio.Event()
    # One handler for all of them: those the workers bring along replace each other.
    with signals.on_stop(told.set):
        waiting = asyncio.create_task(told.wait())
        await asyncio.wait([*workers, waiting], return_when=asyncio.FIRST_COMPLETED)
    for task in (*workers, waiting):
        task.cancel()
    for ended in await asyncio.gather(*workers, return_exceptions=True):
        if isinstance(ended, Exception):
            raise ended
    if not told.is_set():
        _log.error(
            "the worker lost its connection to the database and ends; it is to be started again"
        )
    return told.is_set()
