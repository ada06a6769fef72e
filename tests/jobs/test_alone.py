"""Jobs a dead worker had in hand: each in a process of its own, so that none of them stops the work
of the others.
"""

import asyncio
import sys
import time

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import connection, connections
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from deskbook.channels.email.models import InboundMail
from deskbook.channels.email.storing import ingest
from deskbook.jobs import alone
from deskbook.people.refusals import in_words
from deskbook.server import pulse
from tests.conftest import database_of_the_tests
from tests.people_factory import make_desk

DIES = ["sh", "-c", "read job; kill -SEGV $$"]
NEVER_ENDS = ["sh", "-c", "read job; exec sleep 600"]
ANSWERS = [
    sys.executable,
    "-c",
    "import json; input(); print(json.dumps('Traceback: no such case'), flush=True)",
]

DOES_ITS_JOB = ["sh", "-c", "read job; echo '\"\"'"]
DOES_JOBS = ["sh", "-c", "read job; echo '\"\"'; read job; sleep 1; echo '\"\"'; read job"]


@pytest.fixture(autouse=True)
def no_process_is_left():
    yield
    while alone._waiting:
        alone._put_down(alone._waiting.pop()[0])


def test_a_job_that_ends_its_process_is_tried_three_times_in_all_and_given_up(monkeypatch):
    monkeypatch.setattr(alone, "COMMAND", DIES)
    with pytest.raises(
        alone.GivenUp, match=r"react ended every process it ran in .exit code -11, exit code -11"
    ):
        alone.run("react", {})


def test_a_job_that_never_ends_is_ended(monkeypatch):
    monkeypatch.setattr(alone, "COMMAND", NEVER_ENDS)
    monkeypatch.setattr(alone, "LONGEST_S", 0.2)
    with pytest.raises(alone.GivenUp, match=r"no end in"):
        alone.run("react", {})


def test_a_job_that_only_fails_is_innocent_and_fails_as_any_other(monkeypatch):
    monkeypatch.setattr(alone, "COMMAND", ANSWERS)
    with pytest.raises(alone.Failed, match="no such case"):
        alone.run("react", {})


def test_a_process_that_waited_long_enough_for_another_job_leaves_no_zombie(monkeypatch):
    monkeypatch.setattr(alone, "COMMAND", DOES_ITS_JOB)
    monkeypatch.setattr(alone, "IDLE_S", 0.3)
    alone.run("react", {})
    [(process, _since)] = alone._waiting
    deadline = time.monotonic() + 10
    while pulse.session_of(process.pid) is not None:
        assert time.monotonic() < deadline, "it is still there, as a zombie"
        time.sleep(0.05)
    assert alone._waiting == []


def test_a_process_that_was_given_another_job_is_not_put_down_in_the_midst_of_it(monkeypatch):
    monkeypatch.setattr(alone, "COMMAND", DOES_JOBS)
    monkeypatch.setattr(alone, "IDLE_S", 1.0)
    alone.run("react", {})
    [(first, _since)] = alone._waiting
    time.sleep(0.3)
    alone.run("react", {})  # takes a second
    assert [process.pid for process, _since in alone._waiting] == [first.pid]


@pytest.fixture
def suspect(transactional_db, monkeypatch):
    """A mail whose job was in hand when its worker died, and has been put back."""
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 0)
    make_desk("sparkrock")
    with connection.cursor() as cursor:
        cursor.execute("delete from procrastinate_jobs")
        number = ingest(b"From: chitra@x.example\r\nSubject: The bell rings\r\n\r\nSince noon.\r\n")
        cursor.execute("update procrastinate_jobs set queue_name = %s", [alone.QUEUE])
    return number


def work():
    async def work():
        async with app.with_connector(app.connector.get_worker_connector()).open_async() as one:
            await one.run_worker_async(
                queues=[alone.QUEUE],
                wait=False,
                delete_jobs="successful",
                task_middleware=[alone.in_a_process_of_its_own],
            )
        await sync_to_async(connections.close_all)()

    asyncio.run(work())


def test_a_mail_that_ends_every_process_is_set_aside_by_itself_and_not_read_again(
    suspect, monkeypatch
):
    monkeypatch.setattr(alone, "COMMAND", DIES)
    work()
    mail = InboundMail.objects.get(pk=suspect)
    assert (mail.state, "stopped the worker three times" in in_words(mail.reason)) == (
        "held",
        True,
    )
    assert set(
        ProcrastinateJob.objects.filter(task_name="receive_mail").values_list("status", flat=True)
    ) == {"failed"}


def test_a_mail_that_was_only_in_bad_company_is_read(suspect, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", database_of_the_tests())
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", settings.SETTINGS_MODULE)
    work()
    mail = InboundMail.objects.get(pk=suspect)
    assert (mail.state, mail.reason) == ("done", "")
    assert not ProcrastinateJob.objects.filter(task_name="receive_mail").exists()


def test_what_failed_without_ending_its_process_goes_back_to_its_own_queue(suspect, monkeypatch):
    monkeypatch.setattr(alone, "COMMAND", ANSWERS)
    work()
    left = ProcrastinateJob.objects.filter(task_name="receive_mail").values_list(
        "status", "queue_name"
    )
    assert list(left) == [("todo", "intake")]
