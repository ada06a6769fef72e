"""How patient people are, learned from how long they waited."""

from datetime import timedelta
from random import Random

import pytest

from deskbook.simulation.patience import Waited, mean_patience

MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize("minutes", [1, 4, 20])
def test_patience_is_found_again_though_most_are_served_before_theirs_ends(minutes):
    lots = Random(minutes)
    waits = []
    for _ in range(8000):
        patience, served = (
            lots.expovariate(1 / mean) * MINUTE for mean in (minutes, 1 + minutes / 4)
        )
        waits.append(Waited("phone", min(patience, served), patience < served))
    assert sum(wait.gave_up for wait in waits) < len(waits) / 2 + 500
    assert mean_patience(waits)["phone"] / MINUTE == pytest.approx(minutes, rel=0.05)


def test_nothing_is_said_of_a_channel_on_which_hardly_anybody_gave_up():
    waits = [Waited("phone", 9 * MINUTE, gave_up=False)] * 100
    assert mean_patience(waits) == {}
    assert mean_patience([*waits, *[Waited("phone", MINUTE, gave_up=True)] * 4]) == {}


def test_each_channel_has_a_patience_of_its_own():
    calls = [Waited("phone", MINUTE, gave_up=True)] * 5
    chats = [Waited("live chat", 3 * MINUTE, gave_up=n < 5) for n in range(10)]
    assert mean_patience([*calls, *chats]) == {"live chat": 6 * MINUTE, "phone": MINUTE}
