"""Ten seconds to think again, with the keyboard and without a script."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from deskbook.tickets.models import LogEntry
from deskbook.tickets.sending_models import Sending
from tests.conftest import web_server

WATCHED = """
    new MutationObserver(() => {
        const is_offered = document.querySelector(".toast.undo");
        if (is_offered) window.shown ??= performance.now();
        else if (window.shown)
            document.documentElement.dataset.offered ??= Math.round(performance.now() - shown);
    }).observe(document, { childList: true, subtree: true });
"""
"""Notes on the page how long the offer stood, by its own clock: a slow machine is no fault."""


@pytest.fixture(scope="module")
def desk_that_waits(django_db_setup):
    with web_server(DESKBOOK_UNDO="1") as address:
        yield address


@pytest.fixture
def live_desk(desk_that_waits, transactional_db):
    return desk_that_waits


def test_z_takes_back_what_was_just_sent_and_its_words_stand_in_the_box(page, sign_in, case, asha):
    sign_in(page, asha.user)
    page.goto(f"/console/tickets/{case}")
    page.fill("#text", "Restart it, please.")
    page.press("#text", "Control+Enter")
    expect(page.locator(".toast.undo")).to_contain_text("It leaves in a few seconds")
    expect(page.locator(".unsent")).to_contain_text("Restart it, please.")
    expect(page.locator("#text")).to_have_value("")
    page.wait_for_timeout(400)  # until the page hears keys again
    page.keyboard.press("z")
    expect(page.locator("#text")).to_have_value("Restart it, please.")
    expect(page.locator(".unsent")).to_have_count(0)
    assert not Sending.objects.exists()
    assert not LogEntry.objects.filter(ticket=case, kind="Answered").exists()


def test_the_offer_is_gone_after_ten_seconds(page, sign_in, case, asha, bala):
    page.add_init_script(WATCHED)
    sign_in(page, asha.user)
    page.goto(f"/console/tickets/{case}")
    page.keyboard.press("a")
    page.fill("[name=owner]", bala.user.email)
    page.keyboard.press("Control+Enter")
    html = page.locator("html")
    expect(html).to_have_attribute("data-offered", re.compile(r"\d+"))
    assert int(html.get_attribute("data-offered")) >= 9_500
    expect(page.locator(".toast.undo")).to_have_count(0)


def test_without_a_script_a_button_undoes_it(chromium, live_desk, sign_in, case, asha, bala):
    context = chromium.new_context(base_url=live_desk, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, asha.user)
    page.goto(f"/console/tickets/{case}")
    page.fill("#text", "Restart it, please.")
    page.click(".composer button.primary")
    page.click(".toast.undo form button")
    expect(page.locator("#text")).to_have_value("Restart it, please.")
    context.close()


def test_the_offer_goes_along_to_the_list_and_z_works_there(page, sign_in, case, asha):
    page.clock.set_fixed_time(timezone.now())  # however long the next page takes to come
    sign_in(page, asha.user)
    page.goto(f"/console/tickets/{case}")
    page.select_option("[name=stage]", "on hold")
    page.fill("#text", "Restart it, please.")
    page.press("#text", "Control+Enter")
    expect(page.locator(".unsent")).to_contain_text("With it the case moves to “On Hold”.")
    page.goto("/console/?queue=open")
    expect(page.locator(".toast.undo")).to_contain_text(f"{case}: It leaves in a few seconds")
    page.wait_for_timeout(400)
    page.keyboard.press("z")
    expect(page.locator("#text")).to_have_value("Restart it, please.")
    expect(page.locator(".toast.undo")).to_have_count(0)
    assert not Sending.objects.exists()


def test_an_act_that_asks_nothing_is_one_key_and_enter_away(page, sign_in, case, asha):
    sign_in(page, asha.user)
    page.goto(f"/console/tickets/{case}")
    page.keyboard.press("Control+k")
    page.keyboard.type("send later")
    expect(page.locator("#palette [role=option]").first).to_contain_text("Send later")
    page.keyboard.press("Enter")
    expect(page.locator("[name=later]")).to_be_focused()
