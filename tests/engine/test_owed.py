"""How often what is owed for a late case is paid: every time begun, counted from the limit."""

from datetime import UTC, datetime, timedelta

import pytest

from deskbook.book.load import load_book
from deskbook.engine.apply import apply
from deskbook.engine.decide_open import Case, decide_open
from deskbook.engine.service_levels import owed
from deskbook.engine.ticket import Actor, Entry

BOOK = """
deskbook: 1
name: X
zone: UTC
hours: { office: { mon-fri: 08:00-20:00 } }
teams: { crew: All. }
targets: [{ resolve: 3d }]
compensation:
  - { name: Penalty, late: resolve, pays: 5 EUR, SAID }
"""
OPENED_AT = datetime(2026, 1, 28, 10, tzinfo=UTC)
DUE_AT = datetime(2026, 1, 31, 10, tzinfo=UTC)
LATER = timedelta(seconds=1)


def units(said, at):
    desk = load_book(BOOK.replace("SAID", said)).desk_or_raise()
    chitra = Actor("contact", "chitra")
    opened = decide_open(desk, Case(requester="chitra", channel="email"), at=OPENED_AT, by=chitra)
    ticket = None
    for number, event in enumerate(opened, start=1):
        ticket = apply(ticket, Entry(number, OPENED_AT, chitra, event))
    return [one.units for one in owed(desk, ticket, at=at)]


@pytest.mark.parametrize(
    "month, day, before, after",
    [(2, 28, 1, 2), (3, 31, 2, 3), (4, 30, 3, 4), (5, 31, 4, 5)],
)
def test_months_are_counted_from_the_limit_and_do_not_drift_to_the_28th(month, day, before, after):
    at = datetime(2026, month, day, 10, tzinfo=UTC)
    assert units("each: 1mo", at) == [before]
    assert units("each: 1mo", at + LATER) == [after]


def test_every_day_of_forty_years_is_counted_and_none_is_made_up():
    assert units("each: 1d", DUE_AT + timedelta(days=14_600)) == [14_600]
    assert units("each: 1d", DUE_AT + timedelta(days=14_600) + LATER) == [14_601]


def test_no_more_is_counted_than_is_paid():
    long_after = DUE_AT + timedelta(days=365)
    assert units("each: 1h, at most: 23 EUR", long_after) == [5]
    assert units("each: 1h, at most: 23 EUR", datetime(2026, 2, 2, 9, tzinfo=UTC)) == [1]
    assert units("each: 1h, at most: 23 EUR", datetime(2026, 2, 2, 10, 30, tzinfo=UTC)) == [3]


def test_thirds_of_a_business_day_add_up_to_whole_ones():
    monday_evening = datetime(2026, 2, 2, 20, tzinfo=UTC)
    for day in range(5):
        whole = 3 * (day + 1)
        at = monday_evening + timedelta(days=day)
        assert units("each: 1/3 bd, at most: 500 EUR", at) == [whole]


def test_what_begins_at_once_again_is_paid_once():
    assert units("each: 0d, at most: 20 EUR", DUE_AT + timedelta(days=2)) == [1]
