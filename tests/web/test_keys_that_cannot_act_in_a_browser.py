"""A key that does nothing says why, and a form that was refused keeps the focus."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from deskbook.tickets.stages import close_ticket
from tests.screens import press_once_seen

SAID = ".toast[data-why]"


@pytest.fixture
def signed_in(page, sign_in, case, asha):
    sign_in(page, asha.user)
    return page


def test_a_key_of_a_ticket_says_in_a_list_that_it_is_for_a_ticket(signed_in):
    signed_in.goto("/console/?queue=open")
    press_once_seen(signed_in, "r")
    expect(signed_in.locator(SAID)).to_have_text("“Answer” (r) is for a ticket: open one first.")


def test_on_a_closed_ticket_it_says_that_it_is_closed(signed_in, case):
    close_ticket(case, at=timezone.now(), by=case.requester)
    signed_in.goto(f"/console/tickets/{case}")
    press_once_seen(signed_in, "a")
    expect(signed_in.locator(SAID)).to_have_text(
        "“Assign” (a) is not for a closed ticket: reopen it first."
    )


def test_undo_says_that_there_is_nothing_to_undo(signed_in, case):
    signed_in.goto(f"/console/tickets/{case}")
    press_once_seen(signed_in, "z")
    expect(signed_in.locator(SAID)).to_contain_text("There is nothing to undo")


def test_what_no_key_is_for_says_nothing_and_what_acts_does_not_either(signed_in, case):
    signed_in.goto(f"/console/tickets/{case}")
    press_once_seen(signed_in, "%", "s")
    expect(signed_in.locator("#fact-severity")).to_have_attribute("open", "")
    expect(signed_in.locator(SAID)).to_have_count(0)


def test_after_a_refusal_the_form_has_the_focus_and_is_in_sight(signed_in, case):
    signed_in.goto(f"/console/tickets/{case}")
    press_once_seen(signed_in, "T")
    signed_in.keyboard.type("chitra@northwind.example")
    signed_in.keyboard.press("Enter")
    expect(signed_in.locator("#fact-tags .notice")).to_contain_text("is no tag")
    expect(signed_in.locator("#tags-put")).to_be_focused()
    expect(signed_in.locator("#tags-put")).to_be_in_viewport()
