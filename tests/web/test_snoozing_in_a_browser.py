"""A case is snoozed with the keyboard."""

from playwright.sync_api import expect

from deskbook.tickets.models import Ticket


def test_a_case_is_snoozed_with_the_keyboard_and_found_in_its_section(page, sign_in, case, asha):
    sign_in(page, asha.user)
    page.goto(f"/console/tickets/{case}")
    page.wait_for_timeout(400)  # until the page hears keys
    page.keyboard.press("Z")
    page.select_option("[name=until]", "answer")
    page.press("[name=until]", "Control+Enter")
    expect(page.locator(".toast")).to_contain_text("Snoozed.")
    assert Ticket.objects.get(pk=case.pk).turn == "snoozed"
    page.goto("/console/?queue=open")
    expect(page.get_by_text("Snoozed")).to_be_visible()
