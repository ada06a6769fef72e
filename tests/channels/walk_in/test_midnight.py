"""A site that is open through midnight: nobody who is there loses their place, number or counter."""

from datetime import UTC, datetime, timedelta

import pytest

from deskbook.channels.walk_in.calling import (
    call_from_aside,
    call_next,
    recall,
    served,
    set_aside,
    visitor_at,
)
from deskbook.channels.walk_in.models import SiteDay, Token
from deskbook.channels.walk_in.queue import queue_at
from deskbook.channels.walk_in.report import out_of_order
from deskbook.channels.walk_in.steps import TokenRefused
from deskbook.channels.walk_in.taking import Provisional, end_day, hear_of, take_token
from tests.channels.walk_in.counter_book import ALWAYS
from tests.channels.walk_in.queue_desk import (
    MINUTE,
    codes,
    counter,
    counter_desk,
    fresh,
    key,
    kiosk_at,
    pmu,
    take,
)

MIDNIGHT = datetime(2026, 3, 2, 18, 30, tzinfo=UTC)
"""In Kerala."""
BEFORE, AFTER = MIDNIGHT - 10 * MINUTE, MIDNIGHT + MINUTE


@pytest.fixture
def site(db):
    return pmu(counter_desk(ALWAYS))


def test_who_waits_at_midnight_is_called_before_who_comes_after_it(site):
    seat = counter(site, at=BEFORE)
    early = take(site, at=BEFORE)
    late = take(site, at=AFTER)
    assert call_next(seat, at=AFTER, by=seat.agent) == early
    assert queue_at(site, at=AFTER).first_waiting(9) == [late]
    assert [out_of_order(day) for day in SiteDay.objects.all()] == [[], []]


def test_a_queue_stands_after_midnight_before_anybody_does_anything(site):
    token = take(site, at=BEFORE)
    assert queue_at(site, at=AFTER).place(token) == 1
    assert queue_at(site, at=AFTER).waiting == {"salary": 1}


def test_a_number_that_somebody_still_holds_is_not_given_again(site):
    take(site, at=BEFORE)
    take(site, at=BEFORE)
    assert take(site, at=AFTER).code == "A003"


def test_nobody_comes_before_those_of_midnight_though_a_machines_clock_is_behind(site):
    early = take(site, at=MIDNIGHT - MINUTE)
    SiteDay.objects.update(last_at=AFTER)
    assert take(site, at=MIDNIGHT).taken_at == AFTER > early.taken_at


def test_numbers_begin_again_where_nobody_is_left(site):
    take(site, at=BEFORE)
    end_day(site, at=BEFORE)
    assert take(site, at=AFTER).code == "A001"


def test_a_visitor_stays_at_the_counter_and_is_served_after_midnight(site):
    seat = counter(site, at=BEFORE)
    token = take(site, at=BEFORE)
    call_next(seat, at=BEFORE, by=seat.agent)
    take(site, at=AFTER)
    with pytest.raises(TokenRefused) as refused:
        served(token, seat, at=AFTER, by=seat.agent)
    assert refused.value.refusal.code == "token: no ticket"
    seat.refresh_from_db()
    assert visitor_at(seat) == token
    assert [one.counter for one in queue_at(site, at=AFTER).seats] == ["1"]


def test_who_was_set_aside_before_midnight_is_taken_after_it(site):
    seat = counter(site, at=BEFORE)
    token = take(site, at=BEFORE)
    call_next(seat, at=BEFORE, by=seat.agent)
    recall(token, seat, at=BEFORE + MINUTE, by=seat.agent)
    recall(token, seat, at=BEFORE + 2 * MINUTE, by=seat.agent)
    set_aside(token, seat, at=BEFORE + 3 * MINUTE, by=seat.agent)
    take(site, at=AFTER)
    assert call_from_aside(fresh(token), seat, at=AFTER, by=seat.agent).state == "called"


def test_a_day_a_lead_has_ended_gives_tokens_again_from_midnight_on(site):
    take(site, at=BEFORE)
    end_day(site, at=BEFORE)
    assert not queue_at(site, at=AFTER).ended
    assert codes([take(site, at=MIDNIGHT)]) == ["A001"]


def test_a_token_of_a_cut_off_kiosk_from_before_midnight_stands_first_after_it(site):
    kiosk = kiosk_at(site, at=BEFORE)
    hear_of(kiosk, site, [], clock=BEFORE, at=BEFORE)
    today = take(site, at=AFTER)
    given = [Provisional(key(), 1, "salary", "A1-01", MIDNIGHT - MINUTE)]
    [settled] = hear_of(kiosk, site, given, clock=AFTER + MINUTE, at=AFTER + MINUTE)
    assert queue_at(site, at=AFTER + MINUTE).first_waiting(9) == [settled, today]


def test_who_waits_where_hours_have_ended_does_not_wait_the_next_day(db):
    office = pmu(counter_desk())
    noon = datetime(2026, 3, 2, 6, 30, tzinfo=UTC)
    token = take_token(office, "salary", at=noon, key=key())
    take_token(office, "salary", at=noon + timedelta(days=1), key=key())
    assert fresh(token).day.on < Token.objects.latest("pk").day.on
