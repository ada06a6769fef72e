"""What is typed and not sent yet is never lost: at a reload, with no line, while a page is on its
way.
"""

import pytest
from playwright.sync_api import expect

from deskbook.tickets.models import Draft

pytestmark = pytest.mark.browser

A_KEY = 20
"""Milliseconds from key to key."""


@pytest.fixture
def asha_at(live_desk, page, sign_in, asha):
    """Asha's window: open an address of the console in it."""
    sign_in(page, asha.user)

    def at(address):
        page.goto(address)
        return page

    return at


def kept_by_the_server(page):
    expect(page.locator("[data-saved]")).to_be_visible()
    page.evaluate("document.querySelector('[data-saved]').hidden = true")


def test_words_typed_since_the_last_pause_are_there_after_a_reload(asha_at, case):
    page = asha_at(f"/console/tickets/{case}")
    page.keyboard.press("r")
    page.keyboard.type("First words", delay=A_KEY)
    kept_by_the_server(page)
    page.keyboard.type(" and later ones", delay=A_KEY)
    page.reload()
    expect(page.locator("#text")).to_have_value("First words and later ones")


def test_a_requester_finds_the_words_typed_since_the_last_pause_too(
    page, live_desk, sign_in, case, chitra
):
    sign_in(page, chitra.user)
    page.goto(f"/desk/{case.desk.key}/cases/{case}/")
    page.locator("[name=text]").focus()
    page.keyboard.type("First words", delay=A_KEY)
    kept_by_the_server(page)
    page.keyboard.press("Home")
    page.keyboard.type("My ", delay=A_KEY)
    page.reload()
    expect(page.locator("[name=text]")).to_have_value("My First words")


def test_words_sent_without_a_line_are_there_when_it_is_back(asha_at, case):
    page = asha_at(f"/console/tickets/{case}")
    page.keyboard.press("n")
    page.keyboard.type("First words", delay=A_KEY)
    kept_by_the_server(page)
    page.keyboard.type(" and later ones", delay=A_KEY)
    page.context.set_offline(True)
    page.keyboard.press("Control+Enter")
    page.wait_for_url("chrome-error://**")
    page.context.set_offline(False)
    page.goto(f"/console/tickets/{case}")
    expect(page.locator("#text")).to_have_value("First words and later ones")
    expect(page.get_by_role("radio", name="Note")).to_be_checked()


def test_words_typed_on_at_two_machines_both_stay(asha_at, case):
    page = asha_at(f"/console/tickets/{case}")
    page.keyboard.press("r")
    page.keyboard.type("Good morning", delay=A_KEY)
    kept_by_the_server(page)
    page.context.set_offline(True)
    page.keyboard.type(" from here", delay=A_KEY)
    Draft.objects.update(fields={"act": "note", "text": "Typed there"})
    page.context.set_offline(False)
    page.reload()
    expect(page.locator("#text")).to_have_value("Typed there\n\nGood morning from here")
    expect(page.get_by_role("radio", name="Note")).to_be_checked()


def test_what_was_typed_later_at_another_machine_is_what_comes_back(asha_at, case):
    page = asha_at(f"/console/tickets/{case}")
    page.keyboard.press("r")
    page.keyboard.type("Good morning", delay=A_KEY)
    kept_by_the_server(page)
    Draft.objects.update(fields={"act": "answer", "text": "Good evening"})
    page.reload()
    expect(page.locator("#text")).to_have_value("Good evening")
    page.locator("#text").press("End")
    page.keyboard.type(", all", delay=A_KEY)
    page.reload()
    expect(page.locator("#text")).to_have_value("Good evening, all")
