"""What screens show of a queue: places, the last one called, a wait that is honest."""

from datetime import timedelta

import pytest

from deskbook.channels.walk_in.calling import call_next
from deskbook.channels.walk_in.queue import queue_at
from deskbook.engine.waiting import FEWEST
from tests.channels.walk_in.queue_desk import MINUTE, NOON, counter, counter_desk, pmu, serve, take

LATER = NOON + 40 * MINUTE


@pytest.fixture
def site(db):
    return pmu(counter_desk())


def served_before(seat, site, count=FEWEST, took=4 * MINUTE):
    for n in range(count):
        take(site, at=NOON + n * took)
        serve(seat, NOON + n * took, took)


def test_the_place_counts_those_who_came_before_for_the_same_service(site):
    take(site), take(site, "login")
    mine = take(site)
    queue = queue_at(site, at=LATER)
    assert (queue.place(mine), queue.waiting) == (2, {"salary": 2, "login": 1})


def test_no_estimate_is_made_before_some_visits_are_over_and_while_no_counter_is_open(site):
    mine = take(site)
    assert queue_at(site, at=LATER).wait_of(mine) is None
    served_before(counter(site), site, FEWEST - 1)
    assert queue_at(site, at=LATER).wait_for("salary") is None


def test_the_wait_grows_with_those_before_and_shrinks_with_open_counters(site):
    served_before(counter(site), site)
    for _n in range(4):
        take(site, at=LATER - MINUTE)
    alone = queue_at(site, at=LATER).wait_for("salary")
    counter(site, "2", at=LATER)
    both = queue_at(site, at=LATER).wait_for("salary")
    assert both.high < alone.high
    assert alone.low == alone.high == timedelta(minutes=14)


def test_a_service_nobody_had_yet_is_estimated_by_all_visits_of_the_site(site):
    served_before(counter(site), site)
    assert queue_at(site, at=LATER).wait_for("login") is not None


def test_the_last_token_called_is_told_for_each_service(site):
    first, seat = take(site, "login"), counter(site)
    call_next(seat, at=LATER, by=seat.agent)
    assert queue_at(site, at=LATER).last_called == {"login": first.code}
    assert [call.now for call in queue_at(site, at=LATER).calls] == [True]


def test_a_day_on_which_nothing_happened_is_an_empty_queue(site):
    queue = queue_at(site, at=NOON + timedelta(days=3))
    assert (queue.day, queue.waiting, queue.calls, queue.seats, queue.last_called) == (
        None,
        {},
        [],
        [],
        {},
    )
