"""The worker: runs jobs, and wakes tickets in a thread beside them."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Event, Thread
from typing import cast

from procrastinate import App, signals
from procrastinate.contrib.django import app as django_app
from procrastinate.contrib.django.django_connector import DjangoConnector

from deskbook.jobs.schedule import HEARTBEAT_S, STALLED_S, retry_stalled_jobs_for_ever, wake_until


@dataclass(frozen=True, slots=True)
class Slots:
    """So many jobs of these queues run at once."""

    queues: tuple[str, ...]
    at_once: int


SLOTS = (
    Slots(("default", "intake", "reactions"), 4),
    Slots(("mail",), 4),
    Slots(("services",), 4),
)
"""The desk's own work, what waits for the mail server, what waits for services of others (texts, WhatsApp, Jira): a
server that is slow holds up what is to leave by it, and nothing else. A queue without slots is never worked on."""


def main() -> None:
    """Runs until told to stop by SIGTERM or SIGINT; jobs under way are finished first."""
    stopped = Event()
    waking = Thread(target=wake_until, args=(stopped,), name="wake", daemon=True)
    waking.start()
    try:
        asyncio.run(_work())
    finally:
        stopped.set()
        waking.join(10)


async def _work() -> None:
    # Jobs run in the loop's own threads, of which there are otherwise few on a small machine: each slot needs one.
    threads = ThreadPoolExecutor(sum(slots.at_once for slots in SLOTS), thread_name_prefix="job")
    asyncio.get_running_loop().set_default_executor(threads)
    # A second app with the worker's own connections: what a job defers still goes through Django's, in its transaction.
    connector = cast(DjangoConnector, django_app.connector)
    app = django_app.with_connector(connector.get_worker_connector())
    async with app.open_async():
        reaping = asyncio.create_task(retry_stalled_jobs_for_ever(app.job_manager))
        try:
            await _run([_working(app, slots) for slots in SLOTS])
        finally:
            reaping.cancel()


def _working(app: App, slots: Slots) -> asyncio.Task[None]:
    return asyncio.create_task(
        app.run_worker_async(
            queues=list(slots.queues),
            concurrency=slots.at_once,
            delete_jobs="successful",
            update_heartbeat_interval=HEARTBEAT_S,
            stalled_worker_timeout=STALLED_S,
            install_signal_handlers=False,
        )
    )


async def _run(workers: list[asyncio.Task[None]]) -> None:
    """Returns when told to stop, or when one of them has ended (its connection is gone): then the others end as well.

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
