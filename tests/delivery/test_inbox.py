"""What came is understood once; what cannot be is held, and dropped by somebody who is named."""

import pytest
from django.db import OperationalError
from django.utils import timezone

from deskbook.channels.sms.models import IncomingText
from deskbook.delivery.inbox import NotTakenIn, drop, take_back, understand
from deskbook.delivery.states import Taken
from deskbook.people.refusals import in_words
from deskbook.refusals.refusal import Refusal, Refused
from tests.people_factory import make_agent, make_desk


@pytest.fixture
def came(db):
    return IncomingText.objects.create(
        desk=make_desk("mukta"),
        provider_id="m1",
        number="+919437012345",
        text="Help",
        came_at=timezone.now(),
    )


def texts():
    return IncomingText.objects.all()


def test_what_came_is_understood_once(came):
    done = []
    for _twice in range(2):
        row = understand(texts(), came.pk, lambda row: done.append(row.pk))
    assert (row.state, done) == (Taken.DONE, [came.pk])


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        (Refused(Refusal("closed for good")), "open a new one"),
        (NotTakenIn("No such number here."), "No such number here."),
        (ValueError("odd"), "ValueError"),
    ],
)
def test_what_cannot_be_taken_in_is_held_with_the_reason_and_nothing_of_it_happened(
    came, failure, words
):
    def fail(row):
        IncomingText.objects.filter(pk=row.pk).update(number="+910000000000")
        raise failure

    row = understand(texts(), came.pk, fail)
    row.refresh_from_db()
    assert (row.state, row.number) == (Taken.HELD, "+919437012345")
    assert words in in_words(row.reason)
    assert understand(texts(), came.pk, lambda row: None).state == Taken.DONE  # tried again


def test_a_database_that_fails_holds_nothing(came):
    def fail(row):
        raise OperationalError("the disk is full")

    with pytest.raises(OperationalError):
        understand(texts(), came.pk, fail)
    came.refresh_from_db()
    assert came.state == Taken.NEW


def test_what_is_held_is_dropped_once_by_somebody_who_is_named_and_may_be_taken_back(came):
    asha = make_agent(came.desk, "Asha")
    assert drop(texts(), by=asha) == []
    texts().update(state=Taken.HELD, reason="No such number here.")
    assert (drop(texts(), by=asha), drop(texts(), by=asha)) == ([came.pk], [])
    came.refresh_from_db()
    assert (came.state, came.dropped_by) == (Taken.DROPPED, f"agent:{asha.pk}")
    assert take_back(texts()) == [came.pk]
    came.refresh_from_db()
    assert (came.state, came.dropped_by, came.reason) == (Taken.HELD, "", "No such number here.")
