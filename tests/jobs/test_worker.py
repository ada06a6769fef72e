"""Jobs run by a real worker on a real queue."""

import asyncio
import os
import re
import signal
import socket
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from asgiref.sync import sync_to_async
from django.db import connection, connections
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

import deskbook
from deskbook.channels.email.models import OutboundMail
from deskbook.channels.email.queueing import Post, queue_letter
from deskbook.jobs import schedule, worker
from deskbook.jobs.failure_models import JobFailure
from deskbook.jobs.worker import SLOTS
from deskbook.tickets.messages import Written
from deskbook.tickets.models import LogEntry
from deskbook.tickets.opening import NewCase, open_ticket
from tests.people_factory import MONDAY, make_contact, make_desk

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def connections_end_with_their_job(monkeypatch):
    """The threads of a worker keep theirs for the next job; here there is none, and the database is
    to go.
    """
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 0)


@pytest.fixture
def case():
    chitra = make_contact(make_desk("sparkrock"))
    return open_ticket(
        chitra, NewCase("Empty report", Written("Help"), "portal"), at=MONDAY, by=chitra
    ).ticket


def work_once(queue):
    async def work():
        async with app.with_connector(app.connector.get_worker_connector()).open_async() as one:
            await one.run_worker_async(queues=[queue], wait=False, concurrency=1)
        # The thread that deferred what is periodic lives on.
        await sync_to_async(connections.close_all)()

    asyncio.run(work())


def put_back():
    async def look():
        async with app.with_connector(app.connector.get_worker_connector()).open_async() as one:
            return await schedule.retry_stalled_jobs(one.job_manager)

    return asyncio.run(look())


def test_what_a_failed_job_queued_goes_with_it(case):
    last = LogEntry.objects.filter(ticket=case).latest("seq")
    LogEntry.objects.create(
        ticket=case,
        seq=last.seq + 1,
        kind="Unheard of",
        actor="system",
        at=MONDAY,
        data={},
        previous_hash=last.hash,
        hash=bytes(32),
    )
    with connection.cursor() as cursor:
        cursor.execute("delete from procrastinate_jobs")
    app.configure_task("react", queue="reactions").defer(
        ticket_id=case.pk, first_seq=1, last_seq=last.seq + 1
    )
    work_once("reactions")
    left = ProcrastinateJob.objects.filter(queue_name="reactions").values_list(
        "task_name", "attempts"
    )
    assert list(left) == [("react", 1)]


def test_why_a_job_failed_is_kept_with_it_until_it_is_done(case):
    last = LogEntry.objects.filter(ticket=case).latest("seq")
    strange = {"ticket": case, "kind": "Unheard of", "actor": "system", "at": MONDAY, "data": {}}
    LogEntry.objects.create(seq=last.seq + 1, previous_hash=last.hash, hash=bytes(32), **strange)
    with connection.cursor() as cursor:
        cursor.execute("delete from procrastinate_jobs")
    app.configure_task("react", queue="reactions").defer(
        ticket_id=case.pk, first_seq=1, last_seq=last.seq + 1
    )
    asyncio.run(worked_on(until=JobFailure.objects.exists, then=lambda: None))
    job = ProcrastinateJob.objects.get(task_name="react")
    kept = JobFailure.objects.get()
    assert (kept.job, "Unheard of" in kept.words) == (job.pk, True)
    with connection.cursor() as cursor:
        now = (
            "update procrastinate_jobs set scheduled_at = null, args = jsonb_set(args,"
            " '{last_seq}', to_jsonb(%s))"
        )
        cursor.execute(f"{now} where id = %s", [last.seq, job.pk])
    asyncio.run(worked_on(until=lambda: not JobFailure.objects.exists(), then=lambda: None))


def test_what_is_done_by_the_clock_leaves_its_thread_no_connection_that_is_too_old(case):
    def left(job):
        job.func(timestamp=0)
        return connection.connection is not None

    by_the_clock = [one.task for one in app.periodic_registry.periodic_tasks.values()]
    assert "fold" in {job.name for job in by_the_clock}
    with ThreadPoolExecutor() as threads:
        assert [
            job.name
            for job, open_ in zip(by_the_clock, threads.map(left, by_the_clock), strict=True)
            if open_
        ] == []


@pytest.mark.parametrize(
    ("silent_for", "expected"), [(timedelta(seconds=1), "doing"), (timedelta(minutes=1), "todo")]
)
def test_the_jobs_of_a_dead_worker_are_put_back_and_those_of_a_live_one_left(
    case, silent_for, expected
):
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into procrastinate_workers (last_heartbeat) values (%s) returning id",
            [timezone.now() - silent_for],
        )
        cursor.execute(
            "update procrastinate_jobs set status = 'doing', worker_id = %s", cursor.fetchone()
        )
    put_back()
    assert set(ProcrastinateJob.objects.values_list("status", flat=True)) == {expected}


def test_every_queue_that_is_named_anywhere_has_slots():
    named = {
        queue
        for file in Path(deskbook.__file__).parent.rglob("*.py")
        for queue in re.findall(r'queue="(\w+)"', file.read_text())
    }
    given = {task.queue for task in app.tasks.values() if not task.name.startswith("builtin:")}
    served = {queue for slots in SLOTS for queue in slots.queues}
    assert named | given <= served
    assert {"mail", "services", "reactions"} <= named | given


def test_a_mail_server_that_says_nothing_holds_up_mail_and_nothing_else(case, settings):
    with connection.cursor() as cursor:
        cursor.execute("delete from procrastinate_jobs")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        # Takes connections into its backlog and never greets.
        settings.EMAIL_HOST, settings.EMAIL_PORT = silent.getsockname()
        entry = LogEntry.objects.get(ticket=case, seq=1)
        for number in range(8):
            queue_letter(
                entry,
                case,
                Post(f"notice {number}", "chitra@x.example", "Hello"),
                at=timezone.now(),
            )
        app.configure_task("react", queue="reactions").defer(
            ticket_id=case.pk, first_seq=1, last_seq=case.seq
        )
        asyncio.run(
            worked_on(
                until=lambda: not ProcrastinateJob.objects.filter(task_name="react").exists(),
                then=silent.close,
            )
        )
    assert OutboundMail.objects.filter(purpose__startswith="notice", state="queued").count() == 8


async def worked_on(until, then):
    """Run a whole worker until something is so; `then` lets its jobs end."""
    working = asyncio.create_task(worker._work())
    try:
        async with asyncio.timeout(30):
            while not await sync_to_async(until)():
                await asyncio.sleep(0.05)
    finally:
        then()
        if not working.done():
            os.kill(os.getpid(), signal.SIGTERM)
        await working
        await sync_to_async(connections.close_all)()
