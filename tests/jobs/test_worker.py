"""Jobs run by a real worker on a real queue."""

import asyncio
from datetime import timedelta

import pytest
from asgiref.sync import sync_to_async
from django.db import connection, connections
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from deskbook.jobs import schedule
from deskbook.tickets.intake import NewCase, open_ticket
from deskbook.tickets.messages import Written
from deskbook.tickets.models import LogEntry
from tests.people_factory import MONDAY, make_contact, make_desk

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def connections_end_with_their_job(monkeypatch):
    """The threads of a worker keep theirs for the next job; here there is none, and the database is to go."""
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 0)


@pytest.fixture
def case():
    chitra = make_contact(make_desk("sparkrock"))
    return open_ticket(chitra, NewCase("Empty report", Written("Help"), "portal"), at=MONDAY, by=chitra).ticket


def work_once(queue):
    async def work():
        async with app.with_connector(app.connector.get_worker_connector()).open_async() as worker:
            await worker.run_worker_async(queues=[queue], wait=False, concurrency=1)
        await sync_to_async(connections.close_all)()  # the thread that deferred what is periodic lives on

    asyncio.run(work())


def put_back():
    async def look():
        async with app.with_connector(app.connector.get_worker_connector()).open_async() as worker:
            return await schedule.retry_stalled_jobs(worker.job_manager)

    return asyncio.run(look())


def test_what_a_failed_job_queued_goes_with_it(case):
    last = LogEntry.objects.filter(ticket=case).latest("seq")
    LogEntry.objects.create(
        ticket=case, seq=last.seq + 1, kind="Unheard of", actor="system", at=MONDAY, data={},
        previous_hash=last.hash, hash=bytes(32),
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("delete from procrastinate_jobs")
    app.configure_task("react", queue="reactions").defer(ticket_id=case.pk, first_seq=1, last_seq=last.seq + 1)
    work_once("reactions")
    left = ProcrastinateJob.objects.filter(queue_name="reactions").values_list("task_name", "attempts")
    assert list(left) == [("react", 1)]


@pytest.mark.parametrize(("silent_for", "expected"), [(timedelta(seconds=1), "doing"), (timedelta(minutes=1), "todo")])
def test_the_jobs_of_a_dead_worker_are_put_back_and_those_of_a_live_one_left(case, silent_for, expected):
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into procrastinate_workers (last_heartbeat) values (%s) returning id",
            [timezone.now() - silent_for],
        )
        cursor.execute("update procrastinate_jobs set status = 'doing', worker_id = %s", cursor.fetchone())
    put_back()
    assert set(ProcrastinateJob.objects.values_list("status", flat=True)) == {expected}
