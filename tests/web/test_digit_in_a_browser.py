"""The screens by which an owner opens a door for DIGIT's apps and says what their codes are."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from deskbook.channels.digit.doors import Told, make_door
from deskbook.channels.digit.models import DigitDoor
from tests.people_factory import make_agent, make_desk
from tests.screens import everybody_can_use

pytestmark = pytest.mark.browser
DOORS = "/console/connections/digit/"
GAP_ABOVE = """() => {
    const form = document.querySelector("form.sheet"),
        first = form.querySelector(":scope > :not([type=hidden])");
    return first.getBoundingClientRect().top - form.getBoundingClientRect().top
        - parseFloat(getComputedStyle(form).paddingTop);
}"""
"""How much is free above what is seen first, beyond the sheet's own edge."""


@pytest.fixture
def omar(live_desk):
    return make_agent(make_desk("salama"), "Omar", role="owner")


def test_everybody_can_use_them_and_nothing_is_cut_off(page, sign_in, omar):
    told = Told("Field app", "complaints module", "campaign", "mz")
    door, _token = make_door(omar, told, at=timezone.now())
    DigitDoor.objects.filter(pk=door.pk).update(unsorted=["SyncNotWorking", "DeviceLost"])
    sign_in(page, omar.user)
    for address in (DOORS, f"{DOORS}{door.pk}/"):
        page.goto(address)
        everybody_can_use(page, address)
    assert page.evaluate(GAP_ABOVE) == 0
    page.goto(DOORS)
    page.get_by_role("button", name="New token").click()
    expect(page.locator(".once")).to_contain_text("dbk_digit_")
    everybody_can_use(page, f"{DOORS} token")


def test_each_code_is_checked_against_the_book(page, sign_in, omar):
    sign_in(page, omar.user)
    page.goto(DOORS)
    page.get_by_label("Name").fill("Field app")
    page.get_by_label("Tenant").fill("mz")
    page.get_by_role("button", name="Connect", exact=True).click()
    expect(page.locator(".once")).to_contain_text("/hooks/digit/salama/field-app/pgr-services/")
    DigitDoor.objects.update(unsorted=["SyncNotWorking", "DeviceLost"])
    page.goto(DOORS)
    page.get_by_role("link", name="Field app").click()
    codes = page.get_by_label("Service codes")
    codes.fill("SyncNotWorking = technical, type: incident")
    page.get_by_label("Who acts from there").fill("omar.n = nobody@example.org")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("There is no category “technical” here.")).to_be_visible()
    expect(page.get_by_text("There is no agent “nobody@example.org” here.")).to_be_visible()
    codes.fill("SyncNotWorking = technical query, type: incident\nOther =")
    page.get_by_label("Who acts from there").fill("omar.n = omar@salama.example")
    page.get_by_label("States of stages").fill("redirected = cancelled")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    expect(page.get_by_text("stand for nothing here: DeviceLost")).to_be_visible()
    door = DigitDoor.objects.get()
    assert door.services == {
        "SyncNotWorking": {"category": "technical query", "type": "incident"},
        "Other": {},
    }
    assert (door.statuses, door.people) == ({"redirected": "CANCELLED"}, {"omar.n": omar.pk})


def test_what_the_book_sorts_by_is_a_click_away_and_lines_keep_their_order(page, sign_in, omar):
    told = Told("Field app", "complaints module", "campaign", "mz")
    door, _token = make_door(omar, told, at=timezone.now())
    door.services = {"B": {"type": "incident", "category": "security"}, "A": {}}
    door.save()
    sign_in(page, omar.user)
    page.goto(f"{DOORS}{door.pk}/")
    lines = "A =\nB = category: security, type: incident"
    expect(page.get_by_label("Service codes")).to_have_value(lines)
    opener = page.get_by_text("What the book sorts by")
    assert opener.bounding_box()["height"] < 50, "it stands on one line"
    opener.click()
    expect(page.get_by_text("user account")).to_be_visible()
