"""Mails that wait together are read by one job; what fails on the way is tried by itself."""

import asyncio

import pytest
from asgiref.sync import sync_to_async
from django.db import connections
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from deskbook.channels.email.models import InboundMail
from deskbook.channels.email.storing import ingest
from deskbook.jobs.worker import SLOTS
from deskbook.tickets.models import Ticket
from tests.channels.email.test_understanding import raw
from tests.people_factory import make_desk

pytestmark = pytest.mark.django_db(transaction=True)
TO = "support@sparkrock.example"


@pytest.fixture(autouse=True)
def connections_end_with_their_job(monkeypatch):
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 0)


@pytest.fixture
def desk():
    return make_desk()


def test_mails_that_wait_become_tickets_by_one_job_in_the_order_they_came(desk):
    for number in range(1, 4):
        _mail(number)

    assert _jobs_given("intake") == ["receive_mail"]
    assert list(Ticket.objects.order_by("number").values_list("subject", flat=True)) == [
        "Case 1",
        "Case 2",
        "Case 3",
    ]
    assert set(InboundMail.objects.values_list("state", flat=True)) == {"done"}


def test_what_fails_on_the_way_leaves_nothing_and_is_tried_by_itself(desk):
    _mail(1)
    app.configure_task("receive_mail", queue="intake", priority=10).defer(inbound_id=0)
    _mail(2)

    assert _jobs_given("intake") == ["receive_mail", "receive_mail", "receive_mail"]
    assert Ticket.objects.count() == 2
    assert ("receive_mail", 1) in _waiting()  # put off, its try counted


def test_what_is_more_urgent_and_of_another_kind_is_not_overtaken(desk):
    _mail(1)
    app.configure_task("fold", queue="intake", priority=20).defer(timestamp=0)
    _mail(2)

    assert _jobs_given("intake") == ["fold", "receive_mail"]


def _mail(number):
    ingest(raw(To=TO, Message_ID=f"<{number}@customer.example>", Subject=f"Case {number}"), TO)


def _waiting():
    return ProcrastinateJob.objects.filter(status="todo").values_list("task_name", "attempts")


def _jobs_given(queue):
    """Works off a queue as the desk's own worker does; returns the jobs it was given one by one."""
    given = []

    def noted(call_next, context, worker):
        given.append(context.job.task_name)
        call_next()

    async def work():
        async with app.with_connector(app.connector.get_worker_connector()).open_async() as one:
            await one.run_worker_async(
                queues=[queue],
                wait=False,
                concurrency=1,
                delete_jobs="successful",
                task_middleware=[noted, *SLOTS[0].around],
            )
        # The thread that deferred what is periodic lives on.
        await sync_to_async(connections.close_all)()

    asyncio.run(work())
    return given
