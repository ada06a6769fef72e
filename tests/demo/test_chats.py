"""Whenever somebody looks at a demo, people wait for a chat."""

from datetime import UTC, datetime, timedelta

import pytest
from procrastinate.contrib.django import app

from deskbook.channels.chat.models import ChatSession
from deskbook.demo.desk_files import cast_of
from deskbook.demo.past.chats import keep_fresh, make_chats
from deskbook.demo.past.people import invite
from deskbook.jobs import chats
from tests.people_factory import make_desk

NOW = datetime(2026, 11, 19, 7, 0, tzinfo=UTC)
MORNING = NOW + timedelta(hours=14)


@pytest.fixture
def desk(db):
    desk = make_desk("spark")
    make_chats(desk, invite(desk, cast_of("spark")), at=NOW)
    return desk


def waiting():
    return ChatSession.objects.filter(state="waiting").order_by("queued_at")


def test_a_demo_begins_with_people_in_the_queue_who_are_there(desk):
    assert waiting().count() == 3
    chats.tend(NOW + timedelta(minutes=2))
    assert waiting().count() == 3


def test_nobody_has_waited_longer_than_a_quarter_of_an_hour(desk):
    keep_fresh(at=NOW + timedelta(minutes=40))
    assert waiting()[0].queued_at > NOW + timedelta(minutes=25)


def test_after_a_night_without_a_demo_there_are_people_again_at_once(desk):
    chats.tend(MORNING)  # the desk's own job may be the first to look
    assert not waiting()
    keep_fresh(at=MORNING)
    assert waiting().count() == 2


def test_the_clock_keeps_them_fresh_as_often_as_chats_are_tended():
    asked = {
        name: periodic.cron
        for (name, _id), periodic in app.periodic_registry.periodic_tasks.items()
    }
    assert asked["demo_chats"] == asked["tend_chats"] == "* * * * *"
    assert app.tasks["demo_whatsapp_tell"].queue == "services"
