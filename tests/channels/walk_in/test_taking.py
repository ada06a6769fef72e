"""Taking tokens: at the door, at the second of closing, at a kiosk that was cut off."""

from datetime import timedelta

import pytest

from deskbook.channels.walk_in.calling import call_next
from deskbook.channels.walk_in.devices import add_device, device_of, let_in, revoke
from deskbook.channels.walk_in.models import Kiosk, Token
from deskbook.channels.walk_in.presence import code_of_the_day, is_here
from deskbook.channels.walk_in.queue import queue_at
from deskbook.channels.walk_in.report import out_of_order
from deskbook.channels.walk_in.sites import site_of, sites_of
from deskbook.channels.walk_in.steps import TokenRefused
from deskbook.channels.walk_in.taking import Provisional, Visitor, hear_of, instant_shown
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
)
from tests.people_factory import make_agent

HOUR = 60 * MINUTE


@pytest.fixture
def site(db):
    return pmu(counter_desk())


def gave(n, shown, service="salary", **more):
    return Provisional(more.get("key") or key(), n, service, f"A1-{n:02}", shown)


def waiting(site, at):
    return codes(queue_at(site, at=at).first_waiting(100))


def test_numbers_begin_again_each_day_for_each_service(site):
    assert codes([take(site), take(site), take(site, "login")]) == ["A001", "A002", "B001"]
    assert take(site, at=NOON + timedelta(days=1)).code == "A001"


def test_the_same_key_is_the_same_token(site):
    one = key()
    assert take(site, key=one) == take(site, key=one, at=NOON + MINUTE)


def test_a_phone_has_one_token_for_each_service_at_a_time(site):
    phone = Visitor(device="x" * 64)
    first = take(site, visitor=phone)
    assert take(site, visitor=phone) == first
    assert take(site, "login", visitor=phone) != first
    seat = counter(site)
    serve(seat, NOON + MINUTE)
    assert take(site, visitor=phone, at=NOON + 9 * MINUTE) != first


def test_a_token_taken_before_the_close_counts_and_one_at_the_close_does_not(site):
    assert take(site, at=CLOSE - timedelta(microseconds=1)).code == "A001"
    with pytest.raises(TokenRefused, match="No tokens now") as refused:
        take(site, at=CLOSE)
    assert refused.value.refusal.facts["opens"] == NOON + 3 * HOUR


def test_who_waits_at_the_close_keeps_their_place(site):
    token, seat = take(site, at=CLOSE - SECOND), counter(site)
    assert call_next(seat, at=CLOSE + MINUTE, by=seat.agent) == token


def test_services_and_sites_the_book_does_not_have_give_no_token(site):
    with pytest.raises(TokenRefused, match="not offered here"):
        take(site, "cake")
    assert site_of(site.helpdesk, "nowhere") is None
    assert [place.slug for place in sites_of(site.helpdesk)] == ["pmu", "kannur"]


def test_tokens_of_a_kiosk_that_was_cut_off_stand_where_they_were_taken(site):
    kiosk = kiosk_at(site)
    hear_of(kiosk, site, [], clock=NOON, at=NOON)
    before, after = take(site, at=NOON + SECOND), take(site, at=NOON + 5 * MINUTE)
    hear_of(kiosk, site, [gave(1, NOON + MINUTE)], clock=NOON + 6 * MINUTE, at=NOON + 6 * MINUTE)
    assert waiting(site, NOON + 7 * MINUTE) == [before.code, "A1-01", after.code]
    seat = counter(site)
    assert codes([serve(seat, NOON + n * 7 * MINUTE) for n in range(1, 4)]) == [
        before.code,
        "A1-01",
        after.code,
    ]
    assert out_of_order(seat.day) == []


@pytest.mark.parametrize(
    "wrong", [timedelta(days=-900), timedelta(hours=-1), timedelta(hours=5), timedelta(days=9000)]
)
def test_a_kiosk_whose_clock_is_wrong_all_the_time_keeps_the_order(site, wrong):
    kiosk = kiosk_at(site)
    hear_of(kiosk, site, [], clock=NOON + wrong, at=NOON)
    before, after = take(site, at=NOON + SECOND), take(site, at=NOON + 5 * MINUTE)
    at = NOON + 6 * MINUTE
    hear_of(kiosk, site, [gave(1, NOON + MINUTE + wrong)], clock=at + wrong, at=at)
    assert waiting(site, at) == [before.code, "A1-01", after.code]


def test_a_kiosk_whose_clock_was_set_back_meanwhile_does_not_jump_the_queue(site):
    kiosk = kiosk_at(site)
    hear_of(kiosk, site, [], clock=NOON, at=NOON)
    rival = take(site, at=NOON + MINUTE)
    at, back = NOON + 4 * MINUTE, timedelta(hours=-3)
    hear_of(kiosk, site, [gave(1, NOON + 2 * MINUTE + back)], clock=at + back, at=at)
    assert waiting(site, at) == [rival.code, "A1-01"]


def test_an_upload_that_comes_twice_is_taken_in_once(site):
    kiosk = kiosk_at(site)
    hear_of(kiosk, site, [], clock=NOON, at=NOON)
    given = [gave(1, NOON + MINUTE), gave(2, NOON + 2 * MINUTE)]
    for again in range(3):
        at = NOON + (5 + again) * MINUTE
        assert codes(hear_of(kiosk, site, given, clock=at, at=at)) == ["A1-01", "A1-02"]
    assert Token.objects.count() == 2


def test_a_token_whose_answer_was_lost_keeps_its_place_and_the_name_on_the_paper(site):
    kiosk, same = kiosk_at(site), key()
    hear_of(kiosk, site, [], clock=NOON, at=NOON)
    lost = take(site, key=same, kiosk=kiosk, at=NOON + SECOND)
    after = take(site, at=NOON + 2 * SECOND)
    at = NOON + MINUTE
    hear_of(kiosk, site, [gave(1, NOON + 5 * SECOND, key=same)], clock=at, at=at)
    assert waiting(site, at) == ["A1-01", after.code]
    assert (fresh(lost).taken_at, Token.objects.count()) == (NOON + SECOND, 2)


def test_a_token_taken_after_the_close_by_a_kiosk_that_was_cut_off_is_kept_aside(site):
    kiosk = kiosk_at(site)
    hear_of(kiosk, site, [], clock=CLOSE - MINUTE, at=CLOSE - MINUTE)
    shown = [CLOSE - SECOND, CLOSE]
    at = CLOSE + MINUTE
    hear_of(kiosk, site, [gave(n, one) for n, one in enumerate(shown, 1)], clock=at, at=at)
    assert waiting(site, at) == ["A1-01"]
    assert Token.objects.get(code="A1-02").state == Token.State.ASIDE


def test_a_kiosk_whose_memory_was_wiped_doubles_no_name(site):
    kiosk = kiosk_at(site)
    for at in (NOON, NOON + MINUTE):
        hear_of(kiosk, site, [gave(1, at)], clock=at, at=at)
    assert sorted(Token.objects.values_list("code", flat=True)) == ["A1-01", "A1-01.2"]


def test_a_kiosk_is_let_in_once_by_its_code_and_shut_out_for_good(site):
    asha = make_agent(site.helpdesk, "Asha")
    _device, code = add_device(site, Kiosk.Kind.KIOSK, "Hall", prints=True, at=NOON, by=asha)
    assert let_in(site, Kiosk.Kind.DISPLAY, code, at=NOON) is None
    assert let_in(site, Kiosk.Kind.KIOSK, code, at=NOON + HOUR) is None
    device, cookie = let_in(site, Kiosk.Kind.KIOSK, code.lower(), at=NOON)
    assert let_in(site, Kiosk.Kind.KIOSK, code, at=NOON) is None
    assert device_of(cookie, site, Kiosk.Kind.KIOSK) == device
    assert device_of(cookie, site_of(site.helpdesk, "kannur"), Kiosk.Kind.KIOSK) is None
    assert device_of(f"{device.pk}.guess", site, Kiosk.Kind.KIOSK) is None
    revoke(device, at=NOON)
    assert device_of(cookie, site, Kiosk.Kind.KIOSK) is None


def test_the_code_of_the_day_is_good_at_its_site_on_its_day_only(site):
    code = code_of_the_day(site, at=NOON)
    assert is_here(site, code.lower(), at=CLOSE)
    assert not is_here(site, code, at=NOON + timedelta(days=1))
    assert not is_here(site_of(site.helpdesk, "kannur"), code, at=NOON)


@pytest.mark.parametrize("milliseconds", [1e300, -1e300, 8.64e15, -8.64e15, 0])
def test_no_clock_is_too_wrong_to_be_read(milliseconds):
    assert instant_shown(milliseconds).tzinfo
