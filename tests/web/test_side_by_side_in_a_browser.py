"""The list and its ticket at once, and a look at a ticket that leaves one in the list."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from deskbook.tickets.conversation import answer_ticket
from deskbook.tickets.messages import Written
from tests.screens import everybody_can_use, press_once_seen

pytestmark = pytest.mark.browser


@pytest.fixture
def cases(open_case):
    return [open_case(f"Case {name}") for name in ("one", "two", "three")]


@pytest.fixture
def at_the_list(live_desk, page, sign_in, asha, cases):
    sign_in(page, asha.user)
    page.goto("/console/?queue=open")
    return page


@pytest.fixture
def beside(at_the_list):
    press_once_seen(at_the_list, "S")
    expect(at_the_list.locator("#detail")).to_contain_text("No ticket is open")
    return at_the_list


def test_a_ticket_is_chosen_beside_its_list_by_the_keyboard(beside, cases):
    press_once_seen(beside, "j", "Enter")
    expect(beside.locator("#detail h1")).to_have_text("Case two")
    expect(beside).to_have_url(re.compile(rf"/console/tickets/{cases[1]}\?queue=open"))
    expect(beside.locator("#detail")).to_be_focused()
    beside.keyboard.press("j")
    beside.keyboard.press("Enter")
    expect(beside.locator("#detail h1")).to_have_text("Case three")
    expect(beside.locator(".listing .row a[aria-current]")).to_have_text("Case three")
    beside.go_back()
    expect(beside.locator("#detail h1")).to_have_text("Case two")


def test_an_act_and_a_reload_leave_the_list_where_it_is_and_the_way_back_leads_to_its_row(
    beside, cases
):
    beside.locator(".row a", has_text="Case two").click()
    expect(beside.locator("#detail h1")).to_have_text("Case two")
    beside.keyboard.press("a")
    beside.fill("[name=owner]", "")
    with beside.expect_navigation():
        beside.keyboard.press("Control+Enter")
    expect(beside.locator("#detail h1")).to_have_text("Case two")
    expect(beside.locator(".listing .row")).to_have_count(3)
    press_once_seen(beside, "Backspace")
    expect(beside.locator("#detail")).to_contain_text("No ticket is open")
    expect(beside.locator(".row a", has_text="Case two")).to_be_focused()


def test_what_comes_meanwhile_stands_in_the_list_and_on_the_ticket(beside, cases, open_case, bala):
    beside.locator(".row a", has_text="Case two").click()
    expect(beside.locator("#detail h1")).to_have_text("Case two")
    beside.fill("#text", "Half a thought")
    open_case("Case four")
    expect(beside.locator(".listing .row")).to_have_count(4)
    answer_ticket(cases[1], Written("It is mended."), at=timezone.now(), by=bala)
    expect(beside.locator("#timeline")).to_contain_text("It is mended.")
    expect(beside.locator("#text")).to_have_value("Half a thought")


def test_where_both_do_not_fit_a_row_opens_its_ticket_as_ever(beside, cases):
    beside.set_viewport_size({"width": 1100, "height": 800})
    expect(beside.locator("#detail")).to_be_hidden()
    beside.locator(".row a", has_text="Case two").click()
    expect(beside.locator("#timeline")).to_be_visible()
    expect(beside.locator(".listing")).to_be_hidden()


def test_the_space_bar_looks_at_a_ticket_and_leads_back_to_its_row(at_the_list):
    peek = at_the_list.locator("#peek")
    press_once_seen(at_the_list, "j", "Space")
    expect(peek.locator("#timeline")).to_contain_text("Since this morning nothing is in it.")
    expect(peek.locator("h1")).to_have_text("Case two")
    at_the_list.keyboard.press("j")
    expect(peek.locator("h1")).to_have_text("Case three")
    at_the_list.keyboard.press("Space")
    expect(peek).to_have_count(0)
    expect(at_the_list.locator(".row a", has_text="Case three")).to_be_focused()
    at_the_list.keyboard.press("Space")
    expect(peek.locator("#timeline")).to_be_visible()
    at_the_list.keyboard.press("Escape")
    expect(peek).to_have_count(0)
    expect(at_the_list.locator(".row a", has_text="Case three")).to_be_focused()


def test_back_from_a_ticket_one_stands_on_its_row(at_the_list, cases):
    at_the_list.locator(".row a", has_text="Case two").click()
    at_the_list.wait_for_url(f"**/{cases[1]}?queue=open")
    press_once_seen(at_the_list, "Backspace")
    at_the_list.wait_for_url("**/console/?queue=open")
    expect(at_the_list.locator(".row a", has_text="Case two")).to_be_focused()


def test_everybody_can_use_both_at_once(beside):
    beside.locator(".row a", has_text="Case two").click()
    expect(beside.locator("#detail h1")).to_have_text("Case two")
    everybody_can_use(beside, "a list and its ticket", widths=(1280,))
