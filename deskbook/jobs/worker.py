"""The worker: runs jobs, and wakes tickets in a thread beside them."""

import asyncio
from threading import Event, Thread
from typing import cast

from procrastinate.contrib.django import app as django_app
from procrastinate.contrib.django.django_connector import DjangoConnector

from deskbook.jobs.schedule import HEARTBEAT_S, STALLED_S, retry_stalled_jobs_for_ever, wake_until

CONCURRENCY = 4


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
    # A second app with the worker's own connections: what a job defers still goes through Django's, in its transaction.
    connector = cast(DjangoConnector, django_app.connector)
    app = django_app.with_connector(connector.get_worker_connector())
    async with app.open_async():
        reaping = asyncio.create_task(retry_stalled_jobs_for_ever(app.job_manager))
        try:
            await app.run_worker_async(
                concurrency=CONCURRENCY,
                delete_jobs="successful",
                update_heartbeat_interval=HEARTBEAT_S,
                stalled_worker_timeout=STALLED_S,
            )
        finally:
            reaping.cancel()
