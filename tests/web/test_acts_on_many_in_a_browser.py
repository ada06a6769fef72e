"""Choosing several tickets in a list and doing one act on all of them."""

import pytest
from playwright.sync_api import expect

from deskbook.tickets.models import Ticket
from tests.screens import everybody_can_use, press_once_seen

pytestmark = pytest.mark.browser


@pytest.fixture
def at_the_list(live_desk, page, sign_in, asha, open_case):
    for name in ("one", "two", "three", "four"):
        open_case(f"Case {name}")
    sign_in(page, asha.user)
    page.goto("/console/?queue=open")
    return page


def test_three_are_chosen_and_assigned_by_the_keyboard(at_the_list, asha):
    press_once_seen(at_the_list, "x", "j", "x")
    bar = at_the_list.locator(".picked-bar")
    expect(bar).to_contain_text("2 chosen")
    at_the_list.locator(".row .sev").nth(2).click()
    expect(bar).to_contain_text("3 chosen")
    at_the_list.keyboard.press("a")
    form = at_the_list.locator("#many-assignment")
    expect(form.locator("[name=owner]")).to_be_focused()
    at_the_list.keyboard.type(asha.user.email)
    with at_the_list.expect_navigation():
        at_the_list.keyboard.press("Control+Enter")
    expect(at_the_list.locator("#toasts")).to_contain_text("Assign: done on 3 tickets.")
    assert Ticket.objects.filter(owner=asha).count() == 3


def test_shift_chooses_all_up_to_a_row_and_escape_chooses_none(at_the_list):
    rows = at_the_list.locator(".row")
    rows.nth(0).locator(".sev").click()
    rows.nth(2).click(modifiers=["Shift"])
    expect(at_the_list.locator(".row.picked")).to_have_count(3)
    at_the_list.get_by_role("button", name="All of this list").click()
    expect(at_the_list.locator(".row.picked")).to_have_count(4)
    at_the_list.keyboard.press("Escape")
    expect(at_the_list.locator(".picked-bar")).to_have_count(0)


def test_everybody_can_choose_and_act(at_the_list):
    press_once_seen(at_the_list, "x")
    expect(at_the_list.locator(".picked-bar")).to_be_visible()
    everybody_can_use(at_the_list, "a choice of tickets")
    at_the_list.goto("/console/many/?ticket=SPR-1&ticket=SPR-2&queue=open")
    everybody_can_use(at_the_list, "acts on several tickets")
