"""The visits of the demo, made by the product's own verbs on any day of the year."""

from datetime import UTC, datetime, timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from deskbook.book.shelf import book_text
from deskbook.demo.desk_files import cast_of
from deskbook.demo.past.people import invite, seat
from deskbook.demo.past.visits import make_visits
from deskbook.people.books import apply_book
from deskbook.tickets.models import Ticket
from deskbook.tickets.verify import broken_links
from deskbook.tickets.visit_models import DatedVisit

pytestmark = pytest.mark.django_db
THURSDAY = datetime(2026, 11, 19, 16, 0, tzinfo=UTC)


@pytest.mark.parametrize("day", [0, 1, 2, 3, 33])
def test_spark_has_one_request_undecided_one_dated_and_one_reported(day):
    at = THURSDAY + timedelta(days=day)
    desk = apply_book("spark", book_text("spark"), at=at - timedelta(days=31), by=None)
    seat(desk, cast_of("spark"))
    make_visits(desk, invite(desk, cast_of("spark")), cast_of("spark"), at=at)
    assert list(DatedVisit.objects.order_by("from_at").values_list("state", flat=True)) == [
        "reported",
        "dated",
    ]
    assert [t.state["site_visit_approved"] for t in Ticket.objects.order_by("pk")] == [
        None,
        True,
        True,
    ]
    over, ahead = DatedVisit.objects.order_by("from_at")
    assert over.until_at < at < ahead.from_at
    assert (over.attended, ahead.suits) == (11, True)
    assert list(broken_links(Ticket.objects.all())) == []
    assert not ProcrastinateJob.objects.filter(task_name="react").exists()


def test_a_desk_that_sends_nobody_has_none():
    desk = apply_book("mukta", book_text("mukta"), at=THURSDAY, by=None)
    make_visits(desk, invite(desk, cast_of("mukta")), cast_of("mukta"), at=THURSDAY)
    assert not Ticket.objects.exists()
