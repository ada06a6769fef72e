"""The demo's queue at one site: people wait now, and every call was in turn."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from deskbook.channels.walk_in.models import Kiosk, SiteDay, Token
from deskbook.channels.walk_in.queue import queue_at
from deskbook.channels.walk_in.report import out_of_order
from deskbook.channels.walk_in.sites import sites_of
from deskbook.demo.desk_files import cast_of
from deskbook.demo.past.people import invite, seat
from deskbook.demo.past.walk_in import make_queue, visitors_all_day
from deskbook.tickets.models import Ticket
from tests.people_factory import BOOKS, make_desk

NOON = datetime(2026, 3, 2, 6, 30, tzinfo=UTC)
AFTER_MIDNIGHT = datetime(2026, 3, 1, 18, 45, tzinfo=UTC)
"""00:15 in Kerala: the day's numbers have just begun again."""


def spark(at):
    desk = make_desk("spark", visitors_all_day((BOOKS / "spark.yaml").read_text()))
    make_queue(desk, seat(desk, cast_of("spark")), invite(desk, cast_of("spark")), at=at)
    return desk


@pytest.mark.django_db
@pytest.mark.parametrize("at", [NOON, AFTER_MIDNIGHT])
def test_people_wait_some_were_served_and_nobody_was_passed_by(at):
    desk = spark(at)
    queue = queue_at(next(sites_of(desk)), at=at)
    assert sum(queue.waiting.values()) >= 5
    assert len(queue.busy) == 1
    assert (
        Token.objects.filter(state="served", ticket__isnull=False).count()
        == Ticket.objects.count()
        == 7
    )
    assert out_of_order(SiteDay.objects.get()) == []


def test_a_book_without_visitor_hours_stays_as_it_is():
    text = (BOOKS / "salama.yaml").read_text()
    assert visitors_all_day(text) == text


@pytest.mark.django_db
def test_outside_a_demo_no_browser_is_let_in_without_a_code():
    spark(NOON)
    assert Client().post("/demo/walk-in/spark/", {"kind": "kiosk"}).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["kiosk", "display", "phone"])
def test_in_the_demo_a_browser_is_let_in_as_what_it_likes(demo, kind):
    desk = spark(NOON)
    answer = Client().post("/demo/walk-in/spark/", {"kind": kind}, follow=True)
    assert answer.status_code == 200
    assert "not let in yet" not in answer.content.decode()
    assert Kiosk.objects.filter(desk=desk).count() == 2
    assert Client().post("/demo/walk-in/mukta/", {"kind": kind}).status_code == 404
