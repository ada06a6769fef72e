"""Kiosk, display and token page over HTTP: who may do what, and what they are told."""

import json
from datetime import timedelta
from ipaddress import ip_network

import pytest
import time_machine
from django.test import Client
from django.urls import resolve
from django.utils import timezone

from deskbook.channels.sms.models import TextMessage
from deskbook.channels.walk_in import taking
from deskbook.channels.walk_in.calling import call_next, pass_to_site, recall, set_aside
from deskbook.channels.walk_in.devices import add_device, revoke
from deskbook.channels.walk_in.models import Kiosk, Token
from deskbook.channels.walk_in.presence import code_of_the_day
from deskbook.channels.walk_in.sites import site_of
from deskbook.jobs.clearing import clear
from deskbook.people.contacts import find_or_make_contact
from deskbook.web.public import kiosk, token
from deskbook.web.public.walk_in_urls import urlpatterns
from tests.channels.walk_in.counter_book import ALWAYS, BOOK
from tests.channels.walk_in.queue_desk import (
    MINUTE,
    NOON,
    counter,
    counter_desk,
    hear_of_late,
    key,
    pmu,
    serve,
    take,
    without_login,
)
from tests.people_factory import make_agent
from tests.web.portal.test_weight import on_the_wire

KIOSK, DISPLAY, TOKEN = "/kiosk/counter/pmu/", "/display/counter/pmu/", "/token/counter/pmu/"
LAST_YEAR = "{ mon-sun: 09:00-10:00, from: 2020-01-01, until: 2020-12-31 }"
MALAYALAM = {"accept-language": "ml"}


@pytest.fixture
def site(db):
    return pmu(counter_desk(ALWAYS))


@pytest.fixture
def shut(db):
    """A desk that receives nobody before the year 2100."""
    never = BOOK.replace(
        "{ mon-sun: [12:00-13:00, 15:00-17:00] }", "{ mon-sun: 09:00-10:00, from: 2100-01-01 }"
    )
    return pmu(counter_desk(never))


def let_in(site, kind="kiosk", where=KIOSK):
    """Return a browser that was let in as a device, and the device."""
    asha = make_agent(site.helpdesk, f"Asha{Kiosk.objects.count()}")
    device, code = add_device(site, kind, "Hall", prints=False, at=timezone.now(), by=asha)
    browser = Client()
    assert browser.post(where, {"code": f"{code[:4]} {code[4:]}".lower()}).status_code == 302
    return browser, device


def say(browser, what, **said):
    return browser.post(
        KIOSK + what, json.dumps(said), content_type="application/json", headers={"x-kiosk": "1"}
    )


def now_in_milliseconds():
    return timezone.now().timestamp() * 1000


def at_the_site(site, **given):
    return {
        "service": "salary",
        "c": code_of_the_day(site, at=timezone.now()),
        "key": key(),
        **given,
    }


def test_a_device_nobody_let_in_takes_no_token_and_is_told_what_to_do(site):
    stranger = Client()
    assert "not let in yet" in stranger.get(KIOSK).content.decode()
    assert say(stranger, "tokens", key=key(), service="salary").status_code == 403
    assert say(stranger, "contact", clock=0, given=[]).status_code == 403
    assert not Token.objects.exists()


def test_a_kiosk_gives_tokens_and_touching_twice_is_one(site):
    browser, _device = let_in(site)
    same = key()
    answers = [
        say(browser, "tokens", key=same, service="salary", language="ml").json()
        for _again in range(2)
    ]
    assert [answer["code"] for answer in answers] == ["A001", "A001"]
    assert answers[0]["qr"].startswith("<svg")
    assert Token.objects.get().language == "ml"


@pytest.mark.parametrize("odd", ["", "short", "a/b" * 10, "x" * 65, "../" * 8])
def test_a_key_that_cannot_stand_in_an_address_is_refused(site, odd):
    browser, _device = let_in(site)
    assert say(browser, "tokens", key=odd, service="salary").json()["why"] == "token: key"
    given = [{"key": odd, "service": "salary", "code": "A1-01", "seq": 1, "clock": 0}]
    assert say(browser, "contact", clock=0, given=given).json()["settled"] == []


def test_a_kiosk_that_was_shut_out_stops(site):
    browser, device = let_in(site)
    revoke(device, at=timezone.now())
    assert say(browser, "tokens", key=key(), service="salary").json() == {"why": "revoked"}
    assert "not let in yet" in browser.get(KIOSK).content.decode()


def test_a_page_of_another_site_cannot_use_a_kiosks_cookie(site):
    browser, _device = let_in(site)
    posted = browser.post(
        KIOSK + "tokens", json.dumps({"key": key()}), content_type="application/json"
    )
    assert posted.status_code == 403
    assert all(
        cookie["samesite"] == "Strict" and cookie["httponly"] for cookie in browser.cookies.values()
    )


def test_what_a_kiosk_gave_by_itself_is_settled_once(site):
    browser, _device = let_in(site)
    say(browser, "contact", clock=now_in_milliseconds(), given=[])
    given = [
        {
            "key": key(),
            "service": "login",
            "code": "B1-01",
            "seq": 1,
            "clock": now_in_milliseconds(),
        }
    ]
    for _again in range(2):
        answer = say(browser, "contact", clock=now_in_milliseconds(), given=given).json()
        assert (answer["settled"], answer["seq"], answer["count"]) == ([given[0]["key"]], 1, 1)
    assert Token.objects.get().code == "B1-01"


@pytest.mark.parametrize(
    "said",
    [
        "",
        "[]",
        "null",
        "{",
        '{"clock": "noon", "given": []}',
        '{"clock": 1, "given": 3}',
        '{"clock": NaN, "given": []}',
        "[" * 20_000,
    ],
)
def test_a_kiosk_that_makes_no_sense_breaks_nothing(site, said):
    browser, _device = let_in(site)
    answer = browser.post(
        KIOSK + "contact", said, content_type="application/json", headers={"x-kiosk": "1"}
    )
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "one",
    [
        None,
        3,
        {},
        {"key": "short", "code": "A1-01", "seq": 1, "clock": 0},
        {"key": "x" * 32, "code": "A1-01", "seq": -1, "clock": 0},
        {"key": "x" * 32, "code": "A1-01", "seq": 1, "clock": "late"},
    ],
)
def test_what_is_no_token_is_not_settled(site, one):
    browser, _device = let_in(site)
    assert say(browser, "contact", clock=0, given=[one]).json()["settled"] == []


@pytest.mark.parametrize("place", ["nowhere/pmu", "counter/nowhere", "counter/remote"])
def test_a_site_that_is_not_there_or_gives_no_tokens_is_not_found(site, place):
    for page in ("kiosk", "display", "token"):
        assert Client().get(f"/{page}/{place}/").status_code == 404
    assert Client().get(f"/display/{place}/state").status_code == 404


def test_a_phone_at_the_site_takes_a_token_and_follows_it(site):
    phone = Client()
    before = take(site, at=timezone.now())
    answer = phone.post(TOKEN, at_the_site(site))
    page = phone.get(answer.url).content.decode()
    assert "A002" in page
    assert "Nobody was called yet" in page
    seat = counter(site, at=timezone.now())
    assert call_next(seat, at=timezone.now(), by=seat.agent) == before
    told = phone.get(answer.url + "now").json()
    assert (told["last"], told["place"], told["state"]) == ("A001", 1, "waiting")


def test_a_phone_is_told_when_it_is_called_and_where_to_go(site):
    phone = Client()
    where = phone.post(TOKEN, at_the_site(site)).url
    seat = counter(site, "2", at=timezone.now())
    call_next(seat, at=timezone.now(), by=seat.agent)
    assert "Please go to Counter 2" in phone.get(where).content.decode()


@pytest.mark.parametrize("comes_next_day", [False, True])
@pytest.mark.parametrize("calls", [1, 3])
def test_who_was_called_and_never_served_reads_the_next_day_that_their_day_is_over(
    db, calls, comes_next_day
):
    site = pmu(counter_desk())
    seat, token = counter(site), take(site)
    call_next(seat, at=NOON, by=seat.agent)
    for minute in range(1, calls):
        recall(token, seat, at=NOON + minute * MINUTE, by=seat.agent)
    if calls == 3:
        set_aside(token, seat, at=NOON + calls * MINUTE, by=seat.agent)
    tomorrow = NOON + timedelta(days=1)
    if comes_next_day:
        take(site, at=tomorrow)
    with time_machine.travel(tomorrow, tick=False):
        page = Client().get(f"{TOKEN}{token.key}/").content.decode()
        state = Client().get(f"{TOKEN}{token.key}/now").json()["state"]
    assert "The day of this token is over. If you were not served, visitors are received" in page
    assert "Counter 1" not in page
    assert "you are taken next" not in page
    assert state == "day is over"


def test_a_token_set_aside_as_it_came_is_not_told_that_it_was_called_three_times(site):
    late = hear_of_late(without_login(site, ALWAYS), at=timezone.now())
    page = Client().get(f"{TOKEN}{late.key}/").content.decode()
    assert "Your token was given while the line was down" in page
    assert "You were called three times" not in page


def test_from_home_nobody_takes_a_token(site):
    for code in ("", "WRONG1", code_of_the_day(site, at=timezone.now() - timedelta(days=2))):
        answer = Client().post(TOKEN, at_the_site(site, c=code))
        assert answer.status_code == 422
        assert "not the code of today" in answer.content.decode()
    assert not Token.objects.exists()


def test_the_code_of_the_day_stands_on_no_page_a_stranger_can_open(site):
    code = code_of_the_day(site, at=timezone.now())
    for address in (KIOSK, DISPLAY, DISPLAY + "state", TOKEN):
        assert code not in Client().get(address).content.decode(), address
    browser, _device = let_in(site, "display", DISPLAY + "device")
    assert browser.get(DISPLAY + "state").json()["code"] == code


def test_one_phone_has_one_token_for_a_service_and_not_many_in_a_day(site):
    phone = Client()
    assert phone.post(TOKEN, at_the_site(site)).url == phone.post(TOKEN, at_the_site(site)).url
    for _time in range(6):
        where = phone.post(TOKEN, at_the_site(site))
        if where.status_code == 302:
            phone.post(where.url + "return")
    assert phone.post(TOKEN, at_the_site(site)).status_code == 429
    assert Token.objects.count() == 6


def test_a_phone_that_goes_back_and_takes_another_service_has_a_token_for_each(site):
    phone, form = Client(), at_the_site(site)
    taken = [
        phone.post(TOKEN, {**form, "service": one}).url for one in ("salary", "login", "login")
    ]
    assert [token.service for token in Token.objects.order_by("pk")] == ["salary", "login"]
    assert taken[0] != taken[1] == taken[2]


def test_a_phone_that_goes_back_to_say_its_number_has_its_token_texted(site):
    phone, form = Client(), at_the_site(site)
    where = phone.post(TOKEN, form).url
    assert phone.post(TOKEN, {**form, "phone": "9447012345"}).url == where
    assert TextMessage.objects.get().number == Token.objects.get().phone == "+919447012345"


def test_who_was_passed_on_to_another_office_finds_their_token_there(site):
    seat, kannur = counter(site, at=timezone.now()), site_of(site.helpdesk, "kannur")
    take(site, "login", at=timezone.now())
    token = call_next(seat, at=timezone.now(), by=seat.agent)
    there = pass_to_site(token, seat, kannur, "login", at=timezone.now(), by=seat.agent)
    assert (
        f'href="/token/counter/kannur/{there.key}/"'
        in Client().get(f"{TOKEN}{token.key}/").content.decode()
    )


def test_one_number_is_not_texted_all_day(site):
    for _n in range(8):
        Client().post(TOKEN, at_the_site(site, phone="9447012345"))
    assert (Token.objects.count(), TextMessage.objects.count()) == (8, 6)


@pytest.mark.parametrize(
    "abroad", ["+232 76 123456", "+881 622 400 123", "+1 876 555 0123", "+44 7400 123456"]
)
def test_a_number_of_another_country_gets_its_token_and_no_text_and_is_told_so(site, abroad):
    page = Client().post(TOKEN, at_the_site(site, phone=abroad), follow=True).content.decode()
    assert "A001" in page
    assert "This number is not texted" in page
    assert (Token.objects.count(), TextMessage.objects.count()) == (1, 0)


def test_a_site_in_a_zone_of_no_country_texts_a_number_with_its_country(db):
    site = pmu(counter_desk(ALWAYS.replace("Asia/Kolkata", "UTC")))
    Client().post(TOKEN, at_the_site(site, phone="+44 7400 123456"))
    assert TextMessage.objects.get().number == "+447400123456"


def test_a_day_of_texts_ends_for_one_address_and_for_a_site_and_tokens_do_not(site, monkeypatch):
    monkeypatch.setattr(token, "TEXTS_OF_AN_ADDRESS", 2)
    monkeypatch.setattr(token, "TEXTS_OF_A_SITE", 3)
    for n, address in enumerate(("10.0.0.1", "10.0.0.1", "10.0.0.1", "10.0.0.2", "10.0.0.3")):
        Client(REMOTE_ADDR=address).post(TOKEN, at_the_site(site, phone=f"944701234{n}"))
    assert sorted(TextMessage.objects.values_list("number", flat=True)) == [
        "+919447012340",
        "+919447012341",
        "+919447012343",
    ]
    assert Token.objects.count() == 5


def test_neither_right_nor_wrong_codes_of_others_keep_a_phone_with_the_right_one_from_its_token(
    site,
):
    assert [Client().post(TOKEN, at_the_site(site)).status_code for _n in range(31)] == [302] * 31
    assert [Client().post(TOKEN, at_the_site(site, c="AAAAAA")).status_code for _n in range(31)][
        -1
    ] == 429
    assert Client().post(TOKEN, at_the_site(site)).status_code == 302


def test_one_address_fills_no_queue_by_coming_back_every_ten_minutes_and_others_and_the_kiosk_go_on(
    site, monkeypatch
):
    monkeypatch.setattr(taking, "MOST_FROM_AN_ADDRESS", 3)
    here, _device = let_in(site)
    for _n in range(3):
        Client(REMOTE_ADDR="10.0.0.1").post(TOKEN, at_the_site(site))
    more = Client(REMOTE_ADDR="10.0.0.1").post(TOKEN, at_the_site(site, pen="123"))
    assert (more.status_code, Token.objects.count()) == (409, 3)
    assert "Ask at a counter for yours" in more.content.decode()
    assert say(here, "tokens", key=key(), service="login").status_code == 200
    assert Client(REMOTE_ADDR="10.0.0.2").post(TOKEN, at_the_site(site)).status_code == 302
    taking.give_back(Token.objects.order_by("pk")[0], at=timezone.now())
    assert Client(REMOTE_ADDR="10.0.0.1").post(TOKEN, at_the_site(site)).status_code == 302


def test_where_a_phone_was_is_kept_unreadable_and_only_until_its_token_is_done(site):
    Client(REMOTE_ADDR="10.0.0.1").post(TOKEN, at_the_site(site))
    token = Token.objects.get()
    assert len(token.origin) == 64
    assert taking.give_back(token, at=timezone.now()).origin == ""
    Client(REMOTE_ADDR="10.0.0.1").post(TOKEN, at_the_site(site))
    clear(timezone.now() + timedelta(days=3))
    assert not Token.objects.exclude(origin="").exists()


def test_wrong_codes_of_others_do_not_keep_the_right_device_out(site):
    _device, code = add_device(
        site, "kiosk", "Hall", prints=False, at=timezone.now(), by=make_agent(site.helpdesk)
    )
    tries = [Client().post(KIOSK, {"code": "WRONG"}) for _n in range(21)]
    assert "Too many codes" in tries[-1].content.decode()
    assert Client().post(KIOSK, {"code": code}).status_code == 302


def test_who_has_a_kiosks_cookie_draws_no_more_tokens_than_hands_can(site, monkeypatch):
    monkeypatch.setattr(kiosk, "MOST_OF_A_KIOSK", 3)
    here, _device = let_in(site)
    drawn = [say(here, "tokens", key=key(), service="login").status_code for _n in range(4)]
    assert (drawn, Token.objects.count()) == ([200, 200, 200, 429], 3)
    clock = now_in_milliseconds()
    given = [
        {"key": key(), "code": f"A1-{n}", "seq": n, "service": "login", "clock": clock}
        for n in range(1, 5)
    ]
    assert say(here, "contact", clock=clock, given=given).status_code == 429
    for _again in range(3):
        assert say(here, "contact", clock=clock, given=given[:3]).status_code == 200
    assert Token.objects.count() == 6


def test_behind_a_proxy_each_phone_has_tries_of_its_own(site, settings):
    settings.DESKBOOK_TRUSTED_PROXIES = [ip_network("127.0.0.1")]
    wrong = {**at_the_site(site), "c": "AAAAAA"}

    def tries(address):
        return Client().post(TOKEN, wrong, headers={"x-forwarded-for": address}).status_code

    assert [tries("10.0.0.1") for _n in range(31)][-1] == 429
    assert tries("10.0.0.2") == 422


def test_a_token_is_given_back_by_who_holds_it(site):
    phone = Client()
    where = phone.post(TOKEN, at_the_site(site)).url
    phone.post(where + "return")
    assert Token.objects.get().state == Token.State.GIVEN_BACK
    assert "You gave this token back" in phone.get(where).content.decode()
    assert Client().post(TOKEN + "x" * 32 + "/return").status_code == 404


def test_a_number_is_texted_the_token_and_leads_to_its_contact(site):
    known = find_or_make_contact(site.helpdesk, "phone", "+919447012345", name="Chitra")
    page = (
        Client().post(TOKEN, at_the_site(site, phone="94470 12345"), follow=True).content.decode()
    )
    assert "Chitra" not in page
    assert Token.objects.get().contact == known
    text = TextMessage.objects.get()
    assert (text.number, text.text) == ("+919447012345", "Your token is A001, PMU office.")


def test_a_number_that_is_none_is_said_to_be_none_and_nothing_is_lost(site):
    answer = Client().post(TOKEN, at_the_site(site, phone="tomorrow", pen="123"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "no mobile number" in page
    assert 'value="tomorrow"' in page
    assert 'value="123"' in page


def test_out_of_hours_the_next_opening_is_told(shut):
    browser, _device = let_in(shut)
    answer = say(browser, "tokens", key=key(), service="salary", language="en")
    assert answer.status_code == 409
    assert "2100" in answer.json()["sentence"]
    assert "received again" in Client().get(TOKEN).content.decode()
    assert Client().get(DISPLAY + "state").json()["open"] is False
    assert Client().post(TOKEN, at_the_site(shut)).status_code == 409


def test_a_site_whose_dates_are_over_does_not_say_that_visitors_are_received_again(db):
    text = BOOK.replace("{ mon-sun: [12:00-13:00, 15:00-17:00] }", LAST_YEAR)
    over = pmu(counter_desk(text))
    browser, _device = let_in(over)
    answer = say(browser, "tokens", key=key(), service="salary", language="en")
    state = Client().get(DISPLAY + "state").json()
    said = (answer.json()["sentence"], Client().get(TOKEN).content.decode(), state["again"]["en"])
    for words in said:
        assert "Visitors are not received here any more." in words
        assert "received again" not in words and "not known yet" not in words
    assert "not known yet" not in browser.get(KIOSK).content.decode()


def test_the_display_shows_the_last_token_called_first_and_no_names(site):
    visitor = find_or_make_contact(site.helpdesk, "phone", "+919447012345", name="Chitra")
    seat, at = counter(site, at=timezone.now()), timezone.now()
    first, second = take(site, at=at), take(site, at=at)
    Token.objects.update(contact=visitor)
    serve(seat, at)
    call_next(seat, at=at + timedelta(minutes=6), by=seat.agent)
    shown = Client().get(DISPLAY + "state")
    calls = shown.json()["calls"]
    assert [(call["code"], call["counter"], call["now"]) for call in calls] == [
        (second.code, "1", True),
        (first.code, "1", False),
    ]
    assert "Chitra" not in Client().get(DISPLAY).content.decode() + shown.content.decode()


def test_a_kiosk_is_installed_as_a_page_of_its_own(site):
    manifest = Client().get(KIOSK + "manifest.webmanifest").json()
    assert manifest["start_url"] == KIOSK
    assert manifest["scope"] == "/kiosk/"
    worker = Client().get("/kiosk/worker.js")
    assert worker.headers["Content-Type"] == "text/javascript"


def test_first_visits_stay_light_on_a_slow_line(site):
    browser, _device = let_in(site)
    own = browser.post(TOKEN, at_the_site(site)).url
    for address in (KIOSK, DISPLAY, TOKEN, own):
        assert sum(on_the_wire(browser, address).values()) <= 25_000, address


def test_every_address_of_visitors_is_tried_here():
    tried = {
        resolve(address).url_name
        for address in (
            KIOSK,
            KIOSK + "tokens",
            KIOSK + "contact",
            KIOSK + "manifest.webmanifest",
            "/kiosk/worker.js",
            DISPLAY,
            DISPLAY + "state",
            DISPLAY + "device",
            TOKEN,
            TOKEN + "x/",
            TOKEN + "x/now",
            TOKEN + "x/return",
        )
    }
    # Test_walk_in_in_a_browser.py.
    assert {pattern.name for pattern in urlpatterns} - tried == {"live-walk-in"}
