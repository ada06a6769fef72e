"""What a new mail costs from the listener to its acknowledgement: jobs, and statements of each.
None of it depends on what else a machine does.
"""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob

from deskbook.channels.email.models import OutboundMail
from deskbook.channels.email.storing import ingest
from deskbook.tasks import JOBS
from tests.channels.email.test_understanding import raw
from tests.people_factory import make_desk

pytestmark = pytest.mark.django_db
TO = "support@sparkrock.example"
AT_MOST = {"receive_mail": 28, "react": 20, "deliver_mail": 19}
"""Statements of each job. At a hundred mails a second on two cores there is no room for more."""


def test_a_mail_of_somebody_known_is_three_jobs_of_few_statements(sink):
    make_desk()
    ingest(raw(To=TO, Message_ID="<first@customer.example>"))
    _work()  # makes the contact, and whatever is kept for good

    ingest(raw(To=TO, Message_ID="<second@customer.example>", Subject="Another"))
    spent = _work()

    assert OutboundMail.objects.filter(state="sent").count() == len(sink.got) == 2
    assert set(spent) == set(AT_MOST)
    assert {name: count for name, count in spent.items() if count > AT_MOST[name]} == {}


def _work() -> dict[str, int]:
    """Does what is queued, and what that queues; returns the statements of each job by its name."""
    spent: dict[str, int] = {}
    while job := ProcrastinateJob.objects.filter(status="todo").order_by("-priority", "pk").first():
        connection.cursor().execute("delete from procrastinate_jobs where id = %s", [job.pk])
        with CaptureQueriesContext(connection) as asked:
            JOBS[job.task_name].run(**job.args)
        assert job.task_name not in spent, "a job of each kind"
        # A test is a transaction, in which each of the job's own is a savepoint.
        spent[job.task_name] = sum("SAVEPOINT" not in one["sql"] for one in asked)
    return spent
