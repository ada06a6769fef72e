"""Mentions in a real browser: completed by keyboard, counted live, read by opening the case."""

import pytest
from playwright.sync_api import expect

from deskbook.jobs.concerns import notify
from deskbook.tickets.models import LogEntry
from tests.screens import everybody_can_use

pytestmark = pytest.mark.browser


@pytest.fixture
def hers(live_desk, chromium, sign_in, asha):
    """Asha's window."""
    context = chromium.new_context(base_url=live_desk)
    window = context.new_page()
    sign_in(window, asha.user)
    yield window
    context.close()


def test_a_colleague_is_named_by_keyboard_sees_it_at_once_and_reads_it(
    page, hers, sign_in, bala, case
):
    hers.goto("/console/for-you/")
    expect(hers.get_by_text("All read.")).to_be_visible()
    expect(hers.locator("#live")).to_have_class("live-dot on")

    sign_in(page, bala.user)
    page.goto(f"/console/tickets/{case}")
    page.keyboard.press("n")
    page.keyboard.type("Please look @as")
    expect(page.locator(".suggestions.ready [role=option]")).to_contain_text("Asha")
    page.keyboard.press("Enter")
    expect(page.locator("#text")).to_have_value("Please look @Asha ")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Please look @Asha")).to_be_visible()
    notify(LogEntry.objects.get(kind="Noted").pk)

    line = hers.get_by_role("link", name=f"Bala mentioned you on {case}")
    expect(line).to_be_visible()
    expect(hers.locator("#for-you .count")).to_have_text("1")
    everybody_can_use(hers, "what concerns Asha")
    hers.keyboard.press("o")
    hers.wait_for_url(f"**/console/tickets/{case}")
    expect(hers.locator("#for-you .count")).to_be_hidden()
