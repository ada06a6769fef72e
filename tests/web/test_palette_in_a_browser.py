"""Ctrl+K in a real browser: what can be done is found by its name, and done."""

import re

import pytest
from playwright.sync_api import expect

from tests.screens import everybody_can_use

pytestmark = pytest.mark.browser


@pytest.fixture
def asha_at(live_desk, page, sign_in, asha):
    """Asha's window: open an address of the console in it."""
    sign_in(page, asha.user)

    def at(address):
        page.goto(address)
        return page

    return at


def _asked(page, words):
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox", name="What to do")).to_be_focused()
    page.keyboard.type(words)
    return page.locator("#palette [role=option]")


def test_an_act_of_the_ticket_is_found_by_its_name_and_its_form_opened(asha_at, case):
    page = asha_at(f"/console/tickets/{case}")
    found = _asked(page, "mer")
    expect(found.first).to_have_text(re.compile(r"^Merge\s*m$"))
    page.keyboard.press("Enter")
    expect(page.locator("#fact-merge")).to_have_attribute("open", "")
    expect(page.locator("#fact-merge :focus")).to_be_visible()


def test_it_comes_while_somebody_writes_and_leaves_what_was_written(asha_at, case):
    page = asha_at(f"/console/tickets/{case}")
    page.keyboard.press("r")
    page.keyboard.type("Half a sent")
    _asked(page, "note")
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).to_be_hidden()
    page.keyboard.type("ence")
    expect(page.locator("#text")).to_have_value("Half a sentence")


def test_a_ticket_is_found_by_its_words_and_opened(asha_at, open_case):
    other = open_case("The printer of the second floor")
    page = asha_at("/console/")
    found = _asked(page, "printer")
    expect(found.first).to_contain_text(f"{other} The printer")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/console/tickets/{other}")


def test_a_name_is_found_without_its_accents_and_what_is_not_there_is_searched_for(asha_at):
    page = asha_at("/console/")
    page.evaluate("document.querySelector('.rail nav a').textContent = 'Últimos prazos'")
    expect(_asked(page, "ultim").first).to_contain_text("Últimos prazos")
    page.locator("#palette input").fill("nothing called so")
    expect(page.locator("#palette [role=option]")).to_have_text("Search for “nothing called so”")
    page.keyboard.press("Enter")
    page.wait_for_url("**/console/search?q=nothing*")


def test_everybody_can_use_what_it_shows(asha_at, case):
    page = asha_at(f"/console/tickets/{case}")
    _asked(page, "a")
    everybody_can_use(page, "the palette")
