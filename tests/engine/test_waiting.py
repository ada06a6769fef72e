"""How long a visitor waits: told with its spread, and not at all where nobody can know."""

import random
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from deskbook.engine.waiting import FEWEST, STEP, expected_wait, quantile, told

MINUTE = timedelta(minutes=1)
spans = st.lists(
    st.integers(10, 3600).map(lambda s: timedelta(seconds=s)), min_size=FEWEST, max_size=40
)
people, counters = st.integers(0, 200), st.integers(1, 12)


def test_nothing_is_said_of_fewer_visits_than_show_a_habit():
    assert expected_wait(3, 2, 0, [5 * MINUTE] * (FEWEST - 1)) is None
    assert expected_wait(3, 2, 0, [5 * MINUTE] * FEWEST) is not None


def test_nothing_is_said_while_no_counter_is_open():
    assert expected_wait(3, 0, 0, [5 * MINUTE] * 20) is None


def test_visits_that_all_take_five_minutes_leave_no_doubt():
    wait = expected_wait(3, 2, 0, [5 * MINUTE] * 10)
    assert wait.low == wait.high == timedelta(minutes=8, seconds=45)
    assert told(wait) == (5, 10)


def test_whoever_is_next_at_a_free_counter_does_not_wait():
    wait = expected_wait(0, 2, 1, [5 * MINUTE] * 10)
    assert wait.high == timedelta()
    assert told(wait) == (0, 5)


@given(people, counters, spans)
def test_one_more_person_before_me_never_shortens_the_wait(before, open_counters, served):
    wait, longer = (expected_wait(n, open_counters, 0, served) for n in (before, before + 1))
    assert wait.low <= longer.low
    assert wait.high <= longer.high


@given(people, counters, spans)
def test_one_more_counter_never_lengthens_the_wait(before, open_counters, served):
    wait, shorter = (
        expected_wait(before, n, 0, served) for n in (open_counters, open_counters + 1)
    )
    assert shorter.low <= wait.low
    assert shorter.high <= wait.high


@given(people, counters, st.integers(0, 5), spans)
def test_what_is_told_holds_all_of_the_spread_in_whole_steps(before, open_counters, free, served):
    wait = expected_wait(before, open_counters, free, served)
    low, high = (minutes * MINUTE for minutes in told(wait))
    assert timedelta() <= low <= wait.low <= wait.high <= high
    assert low < high
    assert low % STEP == high % STEP == timedelta()
    assert low + STEP > wait.low


def test_about_four_of_five_visitors_are_called_within_what_they_were_told():
    chance, within = random.Random(7), 0
    for _visitor in range(400):
        served = [timedelta(seconds=chance.lognormvariate(5.6, 0.5)) for _n in range(20)]
        wait = expected_wait(7, 2, 0, served)
        within += wait.low <= _until_called(chance, before=7, counters=2) <= wait.high
    assert 0.65 < within / 400 < 0.92


def _until_called(chance, before, counters):
    """Simulate the queue itself: counters already at work, people called one by one."""
    ready = [
        timedelta(seconds=chance.lognormvariate(5.6, 0.5) * chance.random())
        for _n in range(counters)
    ]
    for _person in range(before):
        first = ready.index(min(ready))
        ready[first] += timedelta(seconds=chance.lognormvariate(5.6, 0.5))
    return min(ready)


@given(
    st.lists(st.integers(0, 10_000).map(lambda s: timedelta(seconds=s)), min_size=1),
    st.floats(0.01, 1),
)
def test_a_quantile_is_one_of_the_waits_that_the_share_of_them_does_not_exceed(waits, share):
    found = quantile(waits, share)
    assert found in waits
    assert sum(wait <= found for wait in waits) >= share * len(waits)


def test_of_no_waits_there_is_no_quantile():
    assert quantile([], 0.5) is None
