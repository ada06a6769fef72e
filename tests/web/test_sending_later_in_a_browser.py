"""An answer is put off with the keyboard."""

from django.utils import timezone
from playwright.sync_api import expect

from deskbook.tickets.conversation import answer_ticket
from deskbook.tickets.messages import Written
from deskbook.tickets.sending_models import Sending


def test_an_answer_is_put_off_and_taken_back(page, sign_in, case, asha):
    answer_ticket(case, Written("We look."), then_stage="on hold", at=timezone.now(), by=asha)
    sign_in(page, asha.user)
    page.goto(f"/console/tickets/{case}")
    page.fill("#text", "Tomorrow it works again.")
    page.press("#text", "Escape")
    page.wait_for_timeout(400)  # until the page hears keys
    page.keyboard.press("L")
    page.select_option("[name=later]", "next")
    page.press("#text", "Control+Enter")
    expect(page.locator(".unsent")).to_contain_text("Tomorrow it works again.")
    assert Sending.objects.count() == 1
    page.locator(".unsent [data-key=z]").click()
    expect(page.locator("#text")).to_have_value("Tomorrow it works again.")
    assert not Sending.objects.exists()
