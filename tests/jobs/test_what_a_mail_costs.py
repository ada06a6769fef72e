"""What a new mail costs from the listener to its acknowledgement: jobs, and statements and calls of
functions of each. None of it depends on what else a machine does.
"""

from collections.abc import Callable

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from deskbook.channels.email.models import OutboundMail
from deskbook.channels.email.storing import ingest
from deskbook.tasks import JOBS
from tests.channels.email.test_understanding import raw
from tests.costs import calls_of, statements_of
from tests.people_factory import make_desk

pytestmark = pytest.mark.django_db
TO = "support@sparkrock.example"
STORING = "storing"
MOST_STATEMENTS = {STORING: 4, "receive_mail": 23, "react": 20, "deliver_mail": 19}
MOST_CALLS = {STORING: 1_700, "receive_mail": 8_400, "react": 12_400, "deliver_mail": 5_800}
"""At a hundred mails a second on two cores there is no room for more."""


def test_a_mail_of_somebody_known_is_three_jobs_of_few_statements_and_calls(sink):
    make_desk()
    _spent(1, calls_of)  # makes the contact, and whatever is kept for good

    statements, calls = _spent(2, _asked), _spent(3, calls_of)

    assert OutboundMail.objects.filter(state="sent").count() == len(sink.got) == 3
    assert set(statements) == set(calls) == set(MOST_STATEMENTS)
    assert _over(statements, MOST_STATEMENTS) == _over(calls, MOST_CALLS) == {}, (statements, calls)


def _over(spent: dict[str, int], most: dict[str, int]) -> dict[str, int]:
    return {name: count for name, count in spent.items() if count > most[name]}


def _asked(work: Callable[[], object]) -> int:
    # A test is a transaction, in which each of the job's own is a savepoint.
    return sum("SAVEPOINT" not in one for one in statements_of(work))


def _spent(number: int, count: Callable[[Callable[[], object]], int]) -> dict[str, int]:
    """Stores a mail, does what it queues and what that queues; returns what `count` says of each by
    its name.
    """
    mail = raw(To=TO, Message_ID=f"<{number}@customer.example>", Subject=f"Case {number}")
    spent = {STORING: count(lambda: ingest(mail, TO))}
    while job := ProcrastinateJob.objects.filter(status="todo").order_by("-priority", "pk").first():
        connection.cursor().execute("delete from procrastinate_jobs where id = %s", [job.pk])
        assert job.task_name not in spent, "a job of each kind"
        spent[job.task_name] = count(lambda job=job: JOBS[job.task_name].run(**job.args))
    return spent
