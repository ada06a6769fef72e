"""The steps of time a report counts by."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskbook.reports.steps import size_for, steps_between

DAYS = st.dates(date(1990, 1, 1), date(2090, 1, 1))
ZONES = st.sampled_from(["Asia/Kolkata", "Africa/Maputo", "America/Vancouver", "Europe/Lisbon"])


@pytest.mark.parametrize(
    ("first", "last", "size"),
    [
        (date(2026, 3, 2), date(2026, 3, 2), "day"),
        (date(2026, 3, 1), date(2026, 3, 31), "day"),
        (date(2026, 3, 1), date(2026, 4, 1), "week"),
        (date(2026, 1, 1), date(2026, 12, 31), "week"),
        (date(2025, 1, 1), date(2026, 12, 31), "month"),
    ],
)
def test_a_month_is_counted_by_days_a_year_by_weeks_and_longer_by_months(first, last, size):
    assert size_for(first, last) == size


def test_a_week_begins_on_monday_at_midnight_of_the_desk():
    [first, second, *_] = steps_between(date(2026, 3, 4), date(2026, 4, 20), "Asia/Kolkata")
    assert first.first == date(2026, 3, 2)
    assert first.from_at.astimezone(UTC) == datetime(2026, 3, 1, 18, 30, tzinfo=UTC)
    assert second.first == date(2026, 3, 9)


def test_a_day_on_which_the_clocks_change_is_as_long_as_it_is():
    [day] = steps_between(date(2026, 3, 29), date(2026, 3, 29), "Europe/Lisbon")
    assert day.until_at.astimezone(UTC) - day.from_at.astimezone(UTC) == timedelta(hours=23)


@given(DAYS, st.integers(0, 3000), ZONES)
def test_steps_hold_all_days_asked_for_without_a_gap(first, days, zone):
    last = first + timedelta(days=days)
    steps = steps_between(first, last, zone)
    assert steps[0].first <= first
    assert steps[-1].first <= last
    assert all(one.until_at == other.from_at for one, other in pairwise(steps))
    assert steps[-1].until_at > datetime(last.year, last.month, last.day, 12, tzinfo=UTC)
