"""How long visitors waited for their turn, as a simulation learns it."""

import pytest

from deskbook.channels.walk_in.calling import call_next, recall, set_aside
from deskbook.channels.walk_in.taking import give_back
from deskbook.channels.walk_in.waits import waits
from deskbook.people.books import desk_in_force
from tests.channels.walk_in.queue_desk import MINUTE, NOON, counter, counter_desk, pmu, take

pytestmark = pytest.mark.django_db


def test_a_token_waits_until_it_is_called_or_given_back_and_who_is_not_there_has_gone():
    desk = counter_desk()
    site = pmu(desk)
    for minute in (0, 1, 2, 3):
        take(site, at=NOON + minute * MINUTE)
    seat = counter(site)
    first = call_next(seat, at=NOON + 4 * MINUTE, by=seat.agent)
    for n in (1, 2):
        recall(first, seat, at=NOON + (4 + n) * MINUTE, by=seat.agent)
    set_aside(first, seat, at=NOON + 8 * MINUTE, by=seat.agent)
    third = type(first).objects.order_by("taken_at")[2]
    give_back(third, at=NOON + 8 * MINUTE)
    call_next(seat, at=NOON + 9 * MINUTE, by=seat.agent)
    found = waits(desk, desk_in_force(desk), NOON, NOON + 60 * MINUTE)
    assert sorted((wait.channel, round(wait.time / MINUTE), wait.gave_up) for wait in found) == [
        ("visit", 4, True),
        ("visit", 6, True),
        ("visit", 8, False),
    ]
