"""The screens of the phone, in a real browser: wide and narrow, light and dark."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from deskbook.channels.phone.models import Call
from deskbook.channels.phone.sources import make_source
from deskbook.people.contacts import find_or_make_contact
from deskbook.people.merging import merge_contacts
from deskbook.people.models import ContactIdentity
from deskbook.tickets.call_backs import Ring, promise_call_back
from deskbook.tickets.messages import Written
from deskbook.tickets.opening import NewCase, open_ticket
from tests.people_factory import make_agent, make_desk
from tests.screens import everybody_can_use

pytestmark = pytest.mark.browser
NUMBER = "+919447012345"


@pytest.fixture
def asha(live_desk):
    return make_agent(make_desk("spark"), "Asha", role="owner", teams=("pmu",))


@pytest.fixture
def chitra(asha):
    contact = find_or_make_contact(asha.desk, "pen", "512345", name="Chitra Nambiar", sign_in=False)
    contact.attributes = {
        "office": "Government Higher Secondary School, Hill Road",
        "district": "Kannur",
    }
    contact.save()
    ContactIdentity.objects.create(
        contact=contact, desk=asha.desk, channel="phone", identifier=NUMBER
    )
    other = find_or_make_contact(asha.desk, "email", "chitra@school.example", name="Chitra N")
    merge_contacts(other, contact, at=timezone.now(), by=asha)
    find_or_make_contact(asha.desk, "email", "chitra.nambiar@home.example", name="Chitra Nambiar")
    return contact


@pytest.fixture
def case(chitra, asha):
    new = NewCase(
        "The house rent allowance of our office is wrong since March",
        Written("Please look."),
        "phone",
    )
    ticket = open_ticket(chitra, new, at=timezone.now(), by=asha).ticket
    for hours in (1, 5):
        ring = Ring(NUMBER, timezone.now() + timedelta(hours=hours), from_at=timezone.now())
        promise_call_back(ticket, ring, at=timezone.now(), by=asha)
    calls = {
        "provider": "pbx",
        "desk": asha.desk,
        "number": NUMBER,
        "contact": chitra,
        "started_at": timezone.now(),
    }
    Call.objects.create(**calls, call_id="1", state="missed")
    Call.objects.create(**{**calls, "number": "", "contact": None}, call_id="2", state="missed")
    Call.objects.create(**calls, call_id="3", agent=asha)
    make_source(asha, "Office PBX", "standard", at=timezone.now())
    return ticket


@pytest.fixture
def screens(chitra, case):
    return {
        "log": f"/console/calls/new?contact={chitra.pk}",
        "logged": f"/console/calls/new?logged={case}",
        "backs": "/console/call-backs/",
        "contact": f"/console/contacts/{chitra.pk}",
        "contacts": "/console/contacts/?q=chitra",
        "telephone": "/console/telephone/",
    }


def test_every_screen_of_the_phone_is_usable_and_no_wider_than_it(page, sign_in, asha, screens):
    sign_in(page, asha.user)
    for name, address in screens.items():
        page.goto(address)
        expect(page.locator("#call-pop")).to_contain_text("Chitra Nambiar")
        everybody_can_use(page, name)


def test_a_call_is_logged_without_a_mouse(page, sign_in, asha, chitra):
    sign_in(page, asha.user)
    page.goto("/console/")
    page.keyboard.press("Shift+C")
    expect(page.locator("#caller")).to_be_focused()
    page.keyboard.type("chitra n")
    expect(page.locator("[role=option]").first).to_contain_text("Chitra Nambiar")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#caller-card")).to_contain_text("Chitra Nambiar")
    expect(page.locator("#f-text")).to_be_focused()
    page.keyboard.type("Salary slip")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("Solved on the phone")).to_be_checked()
    page.keyboard.press("Control+Enter")
    expect(page.locator(".big-number")).to_contain_text("SPK-")


def test_a_name_typed_before_the_page_has_wholly_come_is_looked_up_all_the_same(
    page, sign_in, asha, chitra
):
    sign_in(page, asha.user)
    held = []

    def hold(route):
        held.append(route)

    page.route("**/typeahead*.js", hold)
    page.goto("/console/calls/new", wait_until="commit")
    page.locator("#caller").press_sequentially("chitra n")
    held.pop().continue_()
    expect(page.locator("[role=option]").first).to_contain_text("Chitra Nambiar")
    expect(page.locator("#caller")).to_have_attribute("role", "combobox")


def test_typing_on_after_a_choice_takes_the_choice_back(page, sign_in, asha, chitra):
    sign_in(page, asha.user)
    page.goto("/console/calls/new")
    page.locator("#caller").press_sequentially("5123")
    page.locator("#caller-list [role=option]").click()
    expect(page.locator("#contact")).to_have_value(str(chitra.pk))
    page.locator("#caller").press_sequentially("x")
    expect(page.locator("#contact")).to_have_value("")
    expect(page.locator("#caller-card")).to_be_empty()
    expect(page.locator("[name=name]")).to_be_visible()


def test_enter_before_the_list_has_come_sends_nothing_and_takes_the_only_one(
    page, sign_in, asha, chitra
):
    sign_in(page, asha.user)
    page.goto("/console/calls/new")
    page.locator("#caller").focus()
    page.keyboard.type("512345")
    page.keyboard.press("Enter")
    expect(page.locator("#contact")).to_have_value(str(chitra.pk))
    assert "/console/calls/new?key=" in page.url


def test_a_call_put_away_leaves_the_screen(page, sign_in, asha, case):
    sign_in(page, asha.user)
    page.goto("/console/")
    page.get_by_role("button", name="Put the call away").click()
    expect(page.locator("#call-pop")).to_be_empty()
    page.wait_for_timeout(300)
    assert Call.objects.get(call_id="3").settled_at


def test_what_is_typed_before_the_card_of_the_caller_comes_stays(page, sign_in, asha, chitra):
    sign_in(page, asha.user)
    late = []

    def held_back(route):
        late.append(route)

    page.route("**/console/calls/callers/*", held_back)
    page.goto("/console/calls/new")
    page.locator("#caller").press_sequentially("512345")
    page.locator(".typeahead [role=option]").first.click()
    page.get_by_label("Continues by mail").check()
    page.locator("[name=address]").press_sequentially("office@school.example")
    late[0].continue_()
    expect(page.locator("#caller-card")).to_contain_text("Chitra Nambiar")
    expect(page.locator("[name=address]")).to_have_value("office@school.example")
