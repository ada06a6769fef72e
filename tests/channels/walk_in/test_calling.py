"""First come, first served: what the counters do with tokens."""

from datetime import timedelta

import pytest
from django.db import Error, transaction

from deskbook.channels.walk_in.calling import (
    call_from_aside,
    call_next,
    in_order,
    pass_to_counter,
    pass_to_service,
    pass_to_site,
    recall,
    served,
    set_aside,
    sit_down,
    stand_up,
)
from deskbook.channels.walk_in.models import Token, TokenStep
from deskbook.channels.walk_in.queue import queue_at
from deskbook.channels.walk_in.report import day_by_service, out_of_order
from deskbook.channels.walk_in.sites import site_of
from deskbook.channels.walk_in.steps import TokenRefused
from deskbook.channels.walk_in.taking import Provisional, end_day, give_back, hear_of
from deskbook.engine.waiting import FEWEST
from tests.channels.walk_in.queue_desk import (
    CLOSE,
    MINUTE,
    NOON,
    SECOND,
    codes,
    counter,
    counter_desk,
    fresh,
    key,
    kiosk_at,
    pmu,
    serve,
    take,
    without_login,
)
from tests.people_factory import make_agent

LATER = NOON + 10 * MINUTE


@pytest.fixture
def site(db):
    return pmu(counter_desk())


def absent(token, seat, at=LATER):
    """Call a token as often as the rule asks and set it aside."""
    for n in range(1, 3):
        recall(token, seat, at=at + n * MINUTE, by=seat.agent)
    return set_aside(token, seat, at=at + 3 * MINUTE, by=seat.agent)


def test_whoever_came_first_is_called_first_over_all_services_of_the_counter(site):
    first, second, third = (
        take(site, "login"),
        take(site, "salary", NOON + SECOND),
        take(site, "login", NOON + MINUTE),
    )
    seat = counter(site)
    assert codes([serve(seat, LATER + n * 6 * MINUTE) for n in range(3)]) == codes(
        [first, second, third]
    )
    assert call_next(seat, at=LATER + 30 * MINUTE, by=seat.agent) is None


def test_a_counter_calls_only_for_the_services_it_serves(site):
    take(site, "login")
    mine = take(site, "salary", NOON + MINUTE)
    seat = counter(site, services=["salary"])
    assert call_next(seat, at=LATER, by=seat.agent) == mine


def test_who_waits_for_a_service_the_book_dropped_is_called_in_turn_by_every_counter(site):
    seat = counter(site, services=["salary"])
    first, dropped = take(site), take(site, "login", at=NOON + SECOND)
    last = take(site, at=NOON + 2 * SECOND)
    assert in_order(seat).count() == 2
    later = without_login(site)
    again = sit_down(later, "2", ["salary"], at=LATER, by=make_agent(site.helpdesk, "Binu"))
    assert codes([serve(one, LATER) for one in (seat, again, seat)]) == [
        first.code,
        dropped.code,
        last.code,
    ]
    assert out_of_order(seat.day) == []


def test_how_long_one_waits_for_a_service_the_book_dropped_is_still_told(site):
    seat = counter(site, services=["salary"])
    for n in range(FEWEST):
        take(site, at=NOON + n * MINUTE)
        serve(seat, NOON + n * MINUTE, took=MINUTE)
    dropped = take(site, "login", at=LATER)
    assert queue_at(site, at=LATER).wait_of(dropped) is None
    assert queue_at(without_login(site), at=LATER).wait_of(dropped) is not None


def test_the_proof_of_order_finds_who_waited_for_a_dropped_service_and_was_passed_by(site):
    dropped, seat = take(site, "login"), counter(site, services=["salary"])
    without_login(site)
    after = take(site, at=NOON + SECOND)
    Token.objects.filter(pk=dropped.pk).update(taken_at=NOON + MINUTE)
    call_next(seat, at=NOON + 2 * MINUTE, by=seat.agent)
    Token.objects.filter(pk=dropped.pk).update(taken_at=NOON)
    assert [(one.called, one.before) for one in out_of_order(seat.day)] == [
        (after.code, dropped.code)
    ]


def test_a_second_press_of_next_calls_nobody_past_the_visitor_who_is_there(site):
    take(site)
    take(site)
    seat = counter(site)
    assert call_next(seat, at=LATER, by=seat.agent) == call_next(
        seat, at=LATER + SECOND, by=seat.agent
    )
    assert Token.objects.filter(state="called").count() == 1


def test_nobody_is_set_aside_before_three_calls(site):
    token, seat = take(site), counter(site)
    call_next(seat, at=LATER, by=seat.agent)
    with pytest.raises(TokenRefused, match="Call it again first"):
        set_aside(token, seat, at=LATER + MINUTE, by=seat.agent)
    assert absent(token, seat).state == Token.State.ASIDE


def test_two_recalls_in_one_moment_are_not_two_chances(site):
    token, seat = take(site), counter(site)
    call_next(seat, at=LATER, by=seat.agent)
    recall(token, seat, at=LATER + MINUTE, by=seat.agent)
    with pytest.raises(TokenRefused, match="a moment ago"):
        recall(token, seat, at=LATER + MINUTE + SECOND, by=seat.agent)
    recall(token, seat, at=LATER + 2 * MINUTE, by=seat.agent)
    with pytest.raises(TokenRefused, match="called three times"):
        recall(token, seat, at=LATER + 3 * MINUTE, by=seat.agent)


def test_who_was_set_aside_and_is_back_is_taken_by_the_operators_choice_only(site):
    late, other, seat = take(site), take(site), counter(site)
    call_next(seat, at=LATER, by=seat.agent)
    absent(late, seat)
    assert call_next(seat, at=LATER + 4 * MINUTE, by=seat.agent) == other
    with pytest.raises(TokenRefused, match="still with you"):
        call_from_aside(late, seat, at=LATER + 5 * MINUTE, by=seat.agent)
    give_back(other, at=LATER + 5 * MINUTE)
    assert (
        call_from_aside(late, seat, at=LATER + 6 * MINUTE, by=seat.agent).state
        == Token.State.CALLED
    )
    assert TokenStep.objects.filter(token=late).last().kind == "taken after all"
    assert out_of_order(late.day) == []


def test_passed_on_to_another_service_they_stand_there_by_the_time_they_came(site):
    early, between = take(site, "salary"), take(site, "login", NOON + MINUTE)
    salary, login = counter(site, "1", ["salary"]), counter(site, "2", ["login"])
    call_next(salary, at=LATER, by=salary.agent)
    pass_to_service(early, salary, "login", at=LATER + MINUTE, by=salary.agent)
    assert call_next(login, at=LATER + 2 * MINUTE, by=login.agent) == early
    assert fresh(between).state == Token.State.WAITING
    assert fresh(early).code == "A001"


def test_passed_on_to_a_counter_nobody_else_calls_them_until_it_closes(site):
    token, one, two = take(site), counter(site, "1"), counter(site, "2", ["login"])
    call_next(one, at=LATER, by=one.agent)
    pass_to_counter(token, one, "2", at=LATER + MINUTE, by=one.agent)
    assert call_next(one, at=LATER + 2 * MINUTE, by=one.agent) is None
    stand_up(site, two, at=LATER + 3 * MINUTE)
    assert call_next(one, at=LATER + 4 * MINUTE, by=one.agent) == token
    assert out_of_order(token.day) == []


def test_passed_on_to_another_site_they_queue_there_behind_those_who_are_there(site):
    kannur = site_of(site.helpdesk, "kannur")
    there = take(kannur, "login")
    token, seat = take(site), counter(site)
    call_next(seat, at=LATER, by=seat.agent)
    moved = pass_to_site(token, seat, kannur, "login", at=LATER + MINUTE, by=seat.agent)
    assert fresh(token).state == Token.State.MOVED
    assert (moved.code, moved.follows_id) == ("B002", token.pk)
    front = counter(kannur, "Front", ["login"])
    assert call_next(front, at=LATER + 2 * MINUTE, by=front.agent) == there


def test_a_visit_is_not_over_before_it_is_a_ticket(site):
    token, seat = take(site), counter(site)
    call_next(seat, at=LATER, by=seat.agent)
    with pytest.raises(TokenRefused, match="Write down first"):
        served(token, seat, at=LATER + MINUTE, by=seat.agent)


def test_a_counter_with_a_visitor_does_not_close_and_one_agent_has_a_counter(site):
    take(site)
    seat = counter(site)
    call_next(seat, at=LATER, by=seat.agent)
    with pytest.raises(TokenRefused, match="still with you"):
        stand_up(site, seat, at=LATER)
    bala = make_agent(site.helpdesk, "Bala")
    with pytest.raises(TokenRefused, match="take it over"):
        sit_down(site, "1", ["salary"], at=LATER, by=bala)
    assert sit_down(site, "1", ["salary"], at=LATER, by=bala, instead=True).agent == bala
    with pytest.raises(TokenRefused, match="closed or taken over"):
        call_next(seat, at=LATER, by=seat.agent)


def test_a_token_given_back_is_never_called(site):
    gone, here, seat = take(site), take(site), counter(site)
    give_back(gone, at=LATER)
    assert call_next(seat, at=LATER, by=seat.agent) == here


def test_who_still_waits_when_the_day_is_ended_is_told_and_nobody_else_is_taken_in(site):
    token = take(site)
    assert end_day(site, at=CLOSE) == 1
    assert fresh(token).state == Token.State.UNSERVED
    with pytest.raises(TokenRefused, match="No more tokens today"):
        take(site, at=CLOSE + 3 * 60 * MINUTE)


def test_a_day_that_was_ended_in_the_morning_opens_again_on_the_next_day(site):
    take(site)
    end_day(site, at=LATER)
    for at in (LATER, CLOSE + MINUTE, CLOSE + 3 * 60 * MINUTE):
        with pytest.raises(TokenRefused, match="No more tokens today") as refused:
            take(site, at=at)
        assert refused.value.refusal.facts["opens"] == NOON + timedelta(days=1)
        assert queue_at(site, at=at).received_again_at == NOON + timedelta(days=1)


def test_a_counter_that_somebody_took_over_is_not_closed_by_who_had_it(site):
    asha, bala = counter(site), make_agent(site.helpdesk, "Bala")
    sit_down(site, "1", ["salary"], at=LATER, by=bala, instead=True)
    with pytest.raises(TokenRefused, match="closed or taken over"):
        stand_up(site, asha, at=LATER)


def test_the_steps_of_a_token_cannot_be_rewritten(site):
    token = take(site)
    for statement in (
        TokenStep.objects.filter(token=token).delete,
        lambda: TokenStep.objects.update(kind="called"),
    ):
        with pytest.raises(Error, match="append-only"), transaction.atomic():
            statement()


def test_the_report_of_a_day_says_how_long_people_waited(site):
    take(site), take(site, at=NOON + MINUTE), take(site, "login", at=NOON + MINUTE)
    seat = counter(site, services=["salary"])
    serve(seat, LATER), serve(seat, LATER + 10 * MINUTE)
    login, salary = day_by_service(seat.day)
    assert (salary.taken, salary.served, salary.half, salary.longest) == (
        2,
        2,
        10 * MINUTE,
        19 * MINUTE,
    )
    assert (login.taken, login.waiting, login.half) == (1, 1, None)


def test_the_proof_of_order_finds_a_call_that_passed_somebody_by(site):
    first, second, seat = take(site), take(site, at=NOON + MINUTE), counter(site)
    TokenStep.objects.create(
        token=second, kind="called", at=LATER, counter="1", data={"services": ["salary"]}
    )
    found = out_of_order(seat.day)
    assert [(wrong.called, wrong.before) for wrong in found] == [(second.code, first.code)]


def test_who_came_too_late_and_was_passed_on_is_part_of_the_proof(site):
    kiosk, at = kiosk_at(site), CLOSE + MINUTE
    given = Provisional(key(), 1, "salary", "A1-01", shown=at)
    hear_of(kiosk, site, [], clock=NOON, at=NOON)
    [late] = hear_of(kiosk, site, [given], clock=at, at=at)
    seat = counter(site, at=at)
    call_from_aside(late, seat, at=at, by=seat.agent)
    pass_to_service(fresh(late), seat, "login", at=at + MINUTE, by=seat.agent)
    assert out_of_order(seat.day) == []
