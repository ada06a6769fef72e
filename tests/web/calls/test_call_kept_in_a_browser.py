"""A call that is half logged survives a reload; the next call begins anew."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_a_reload_keeps_who_called_and_what_was_typed(live_desk, page, sign_in, asha, chitra):
    sign_in(page, asha.user)
    page.goto("/console/calls/new")
    page.locator("#caller").press_sequentially("Chit")
    page.get_by_role("option", name="Chitra").click()
    page.locator("#f-text").fill("The printer is on fire")
    page.reload()
    expect(page.locator("#f-text")).to_have_value("The printer is on fire")
    expect(page.locator("#caller-card")).to_contain_text("Chitra")

    page.get_by_role("button", name="Log the call").click()
    expect(page.locator(".read-out")).to_contain_text("Chitra")
    expect(page.locator("#f-text")).to_have_value("")


def test_a_call_that_was_begun_and_left_is_not_there_at_the_next(live_desk, page, sign_in, asha):
    sign_in(page, asha.user)
    page.goto("/console/calls/new")
    page.locator("#f-number").fill("+919876543210")
    page.locator("#f-text").fill("Line of the first caller")
    page.reload()
    expect(page.locator("#f-number")).to_have_value("+919876543210")
    page.goto("/console/calls/new")
    expect(page.locator("#f-text")).to_have_value("")
