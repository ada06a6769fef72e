"""A kiosk's clock may be wrong or be set; nobody gets ahead by it."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from deskbook.engine.kiosk_clock import STEADY, Contact, taken_at

BEGAN = datetime(2026, 3, 2, 6, 30, tzinfo=UTC)
SECOND = timedelta(seconds=1)
errors = st.integers(-(10**8), 10**8).map(lambda s: timedelta(seconds=s))
outages = st.integers(1, 3600)
moments = st.lists(st.floats(0, 1), min_size=1, max_size=30).map(sorted)


def true_instants(shares, outage):
    return [BEGAN + share * outage * SECOND for share in shares]


@given(errors, outages, moments)
def test_a_clock_that_is_wrong_all_the_time_changes_nothing(ahead, outage, shares):
    true = true_instants(shares, outage)
    shown = [at + ahead for at in true]
    found = taken_at(shown, last=Contact(BEGAN, ahead), now=Contact(BEGAN + outage * SECOND, ahead))
    assert found == true


@given(errors, errors, outages, moments, st.floats(0, 1))
def test_nobody_gets_ahead_by_a_clock_that_was_set_meanwhile(before, after, outage, shares, turned):
    true, set_at = true_instants(shares, outage), BEGAN + turned * outage * SECOND
    shown = [at + (before if at < set_at else after) for at in true]
    found = taken_at(
        shown, last=Contact(BEGAN, before), now=Contact(BEGAN + outage * SECOND, after)
    )
    tolerance = STEADY if abs(after - before) <= STEADY else timedelta()
    assert all(place >= at - tolerance for place, at in zip(found, true, strict=True))


@given(st.lists(st.datetimes(timezones=st.just(UTC)), max_size=30), errors, errors, outages)
def test_whatever_a_clock_shows_the_kiosks_own_order_and_the_outage_hold(
    shown, before, after, outage
):
    until = BEGAN + outage * SECOND
    found = taken_at(shown, last=Contact(BEGAN, before), now=Contact(until, after))
    assert len(found) == len(shown)
    assert all(BEGAN <= at <= until for at in found)
    assert found == sorted(found)


def test_a_clock_that_drifts_by_a_second_is_not_taken_for_one_that_was_set():
    shown = [BEGAN + 60 * SECOND]
    found = taken_at(
        shown, last=Contact(BEGAN, timedelta()), now=Contact(BEGAN + 120 * SECOND, SECOND)
    )
    assert found == [BEGAN + 60 * SECOND]
