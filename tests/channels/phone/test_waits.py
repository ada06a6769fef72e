"""How long callers waited, as a simulation learns it."""

from datetime import timedelta

import pytest

from deskbook.channels.phone.models import Call
from deskbook.channels.phone.waits import waits
from deskbook.people.books import desk_in_force
from tests.people_factory import MONDAY

MINUTE = timedelta(minutes=1)


@pytest.fixture
def rings(desk):
    def ring(minute=0, answered=None, ended=None, **more):
        at = MONDAY + minute * MINUTE
        ends = {"answered_at": answered, "ended_at": ended}
        at_ends = {name: at + MINUTE * after for name, after in ends.items() if after is not None}
        call_id = str(Call.objects.count())
        Call.objects.create(
            desk=desk, provider="pbx", call_id=call_id, started_at=at, **at_ends, **more
        )

    return ring


def waited(desk):
    book = desk_in_force(desk)
    found = waits(desk, book, MONDAY, MONDAY + timedelta(hours=1))
    return [(wait.channel, wait.time / MINUTE, wait.gave_up) for wait in found]


def test_a_call_waits_until_it_is_answered_or_the_caller_hangs_up(desk, rings):
    rings(answered=1, ended=9, state="ended")
    rings(ended=2, state="missed")
    assert waited(desk) == [("phone", 1, False), ("phone", 2, True)]


def test_calls_of_other_hours_of_the_closed_desk_and_of_the_desk_itself_say_nothing(desk, rings):
    rings(minute=90, ended=2, state="missed")
    rings(ended=2, state="missed", opens_at=MONDAY + timedelta(hours=1))
    rings(answered=1, direction="outbound")
    rings(state="ringing")
    assert waited(desk) == []
