"""The screens of a site in a real browser: touched, cut off, called, read out; narrow and wide."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from deskbook.channels.walk_in.calling import call_next
from deskbook.channels.walk_in.devices import add_device
from deskbook.channels.walk_in.models import CounterSeat, Token
from deskbook.channels.walk_in.presence import code_of_the_day
from tests.channels.walk_in.counter_book import ALWAYS, BOOK
from tests.channels.walk_in.queue_desk import counter, counter_desk, pmu, serve, take
from tests.people_factory import make_agent, make_contact
from tests.screens import everybody_can_use, press_once_seen

pytestmark = pytest.mark.browser
DAY = timedelta(days=1)
KEPT = "async () => Boolean(await (await caches.open('kiosk-1')).match(location.pathname))"


@pytest.fixture
def site(live_desk):
    return pmu(counter_desk(ALWAYS))


@pytest.fixture
def asha(site):
    return make_agent(site.helpdesk, "Asha")


@pytest.fixture
def kiosk(page, site, asha):
    """The page of a kiosk that was let in."""
    _device, code = add_device(site, "kiosk", "Hall", prints=False, at=timezone.now(), by=asha)
    page.goto("/kiosk/counter/pmu/")
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="Let this device in").click()
    expect(page.locator("#services button").first).to_be_visible()
    page.get_by_role("button", name="English").click()
    expect(page.locator("#services")).to_contain_text("Waiting: 0")
    return page


def touch(page, service):
    page.locator("#services button").filter(has_text=service).click()
    code = page.locator("#code")
    expect(code).to_be_visible()
    return code.inner_text()


def done(page):
    page.locator("#done").click()
    expect(page.locator("#choosing")).to_be_visible()
    page.get_by_role("button", name="English").click()
    page.wait_for_timeout(1300)  # a second touch within that is a double tap


def test_a_visitor_touches_a_service_in_their_language_and_has_a_token(kiosk):
    kiosk.get_by_role("button", name="മലയാളം").click()
    assert touch(kiosk, "ശമ്പളം") == "A001"
    expect(kiosk.locator("#qr svg")).to_be_visible()
    done(kiosk)


def test_a_double_tap_is_one_token(kiosk):
    kiosk.locator("#services button").first.dblclick()
    expect(kiosk.locator("#code")).to_have_text("A001")
    kiosk.wait_for_timeout(600)
    assert Token.objects.count() == 1


def test_cut_off_it_goes_on_and_settles_without_breaking_the_order(kiosk, site):
    before = take(site, at=timezone.now())
    kiosk.wait_for_function(KEPT)
    kiosk.context.set_offline(True)
    assert touch(kiosk, "Salary") == "A1-01"
    expect(kiosk.locator("#keep")).to_be_visible()
    done(kiosk)
    after = take(site, at=timezone.now())
    assert touch(kiosk, "Login") == "B1-02"
    kiosk.reload()  # the page and its files are kept by the service worker
    expect(kiosk.locator("#services button").first).to_be_visible()
    kiosk.context.set_offline(False)
    expect(kiosk.locator("#services")).to_contain_text("3", timeout=20_000)
    order = list(Token.objects.order_by("taken_at", "pk").values_list("code", flat=True))
    assert order == [before.code, "A1-01", after.code, "B1-02"]


def test_cut_off_for_more_than_ten_minutes_it_says_so_and_stops(page, site, asha):
    page.clock.install()
    _device, code = add_device(site, "kiosk", "Hall", prints=False, at=timezone.now(), by=asha)
    page.goto("/kiosk/counter/pmu/")
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="Let this device in").click()
    expect(page.locator("#services")).to_contain_text(re.compile("0"))
    page.get_by_role("button", name="English").click()
    page.context.set_offline(True)
    page.clock.fast_forward("09:00")
    expect(page.locator("#line")).to_contain_text("The line is down")
    expect(page.locator("#services button").first).to_be_visible()
    page.clock.fast_forward("02:00")
    expect(page.locator("#why")).to_contain_text("more than ten minutes")
    expect(page.locator("#services button").first).to_be_hidden()


def test_out_of_hours_kiosk_and_display_say_when_visitors_are_received_again(page, live_desk):
    tomorrow = (timezone.now() + timedelta(days=1)).date()
    shut = BOOK.replace(
        "{ mon-sun: [12:00-13:00, 15:00-17:00] }",
        f"{{ mon-sun: 09:00-10:00, from: {tomorrow + DAY} }}",
    )
    site = pmu(counter_desk(shut))
    asha = make_agent(site.helpdesk, "Asha")
    _device, code = add_device(site, "kiosk", "Hall", prints=False, at=timezone.now(), by=asha)
    page.goto("/kiosk/counter/pmu/")
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="Let this device in").click()
    page.get_by_role("button", name="English").click()
    expect(page.locator("#why")).to_contain_text("received again")
    expect(page.locator("#why")).to_contain_text("09:00 IST")
    page.goto("/display/counter/pmu/")
    expect(page.locator("#nobody")).to_contain_text("09:00 IST")


def test_a_phone_and_the_display_hear_of_a_call_at_once(page, site, asha):
    phone = page.context.new_page()
    phone.goto(f"/token/counter/pmu/?c={code_of_the_day(site, at=timezone.now())}")
    phone.get_by_role("button", name="Take a token").click()
    expect(phone.locator(".slip .code")).to_have_text("A001")
    page.goto("/display/counter/pmu/")
    expect(page.locator("#nobody")).to_be_visible()
    seat = counter(site, "2", at=timezone.now(), agent=asha)
    call_next(seat, at=timezone.now(), by=asha)
    expect(page.locator("#calls li").first).to_contain_text("A001")
    expect(page.locator("#calls li").first).to_contain_text("2")
    expect(phone.locator(".go")).to_have_text("Please go to Counter 2")


def test_the_display_says_when_the_line_is_down_and_comes_back_by_itself(page, site):
    page.goto("/display/counter/pmu/")
    page.context.set_offline(True)
    expect(page.locator("#line")).to_be_visible()
    page.context.set_offline(False)
    expect(page.locator("#line")).to_be_hidden(timeout=20_000)


def test_the_voice_needs_one_click_and_says_each_letter(page, site, asha):
    take(site, at=timezone.now())
    page.add_init_script(
        "window.said = [];speechSynthesis.speak = (words) => said.push(words.text);"
        " speechSynthesis.getVoices = () => [];"
    )
    page.goto("/display/counter/pmu/")
    page.locator("#sound").click()
    seat = counter(site, at=timezone.now(), agent=asha)
    call_next(seat, at=timezone.now(), by=asha)
    page.wait_for_function("() => said.some((text) => text.includes('A 0 0 1'))")


def test_an_agent_works_a_counter_without_a_mouse(page, sign_in, site, asha):
    make_contact(site.helpdesk)
    for _n in range(2):
        take(site, at=timezone.now())
    sign_in(page, asha.user)
    page.goto("/console/walk-in/pmu/")
    page.get_by_label("Counter 1").focus()
    page.keyboard.press("Control+Enter")
    expect(page.locator(".next")).to_be_visible()
    press_once_seen(page, "n")
    expect(page.locator(".with-you .code")).to_have_text("A001")
    page.locator("#requester").focus()
    page.keyboard.type("chitra@counter-customer.example")
    page.locator("#text").focus()
    page.keyboard.type("My pay bill")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Logged as CNT-1.")).to_be_visible()
    press_once_seen(page, "n")
    expect(page.locator(".with-you .code")).to_have_text("A002")


def test_what_was_written_of_a_visitor_is_read_where_their_counter_is_closed_meanwhile(
    page, sign_in, site, asha
):
    take(site, at=timezone.now())
    call_next(counter(site, at=timezone.now(), agent=asha), at=timezone.now(), by=asha)
    sign_in(page, asha.user)
    page.goto("/console/walk-in/pmu/")
    page.locator("#text").fill("My pay bill\n" * 3)
    page.get_by_label("Name, if the contact is new").fill("Lila")
    paper = {"name": "bill.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4"}
    page.locator("input[type=file]").set_input_files(paper)
    CounterSeat.objects.update(until_at=timezone.now())
    page.get_by_role("button", name="Log it and finish").click()
    expect(page.get_by_role("heading", name="Not logged: what you wrote of A001")).to_be_visible()
    expect(page.get_by_label("What is it about?")).to_have_value("My pay bill\n" * 3)
    expect(page.get_by_text("bill.pdf")).to_be_visible()
    fits_and_passes(page, "a visit that was not logged")


def test_every_screen_fits_its_window_and_passes_the_checks_of_wcag(kiosk, sign_in, site, asha):
    page, now = kiosk, timezone.now()
    seat = counter(site, at=now - timedelta(minutes=30), agent=asha)
    for n in range(3):
        take(site, at=now - timedelta(minutes=30 - n))
    serve(seat, now - timedelta(minutes=20))
    touch(page, "Login")
    fits_and_passes(page, "a token at the kiosk")
    own = f"/token/counter/pmu/{Token.objects.last().key}/"
    for address in (
        "/kiosk/counter/pmu/",
        "/display/counter/pmu/",
        "/display/counter/pmu/device",
        "/token/counter/pmu/",
        own,
    ):
        page.goto(address)
        fits_and_passes(page, address)
    sign_in(page, asha.user)
    call_next(seat, at=now, by=asha)
    for part in ("", "pmu/", "kannur/", "pmu/devices", "pmu/day", "pmu/poster"):
        page.goto(f"/console/walk-in/{part}")
        fits_and_passes(page, part)


def fits_and_passes(page, what):
    page.wait_for_timeout(200)
    everybody_can_use(page, what)
