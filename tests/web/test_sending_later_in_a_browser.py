"""An answer is put off with the keyboard."""

from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import expect

from deskbook.jobs.sendings import let_leave
from deskbook.tickets.conversation import answer_ticket
from deskbook.tickets.macros import NOTHING_TYPED
from deskbook.tickets.messages import Written
from deskbook.tickets.sending_models import Sending
from deskbook.tickets.sendings import put_off_until

SAID = {**NOTHING_TYPED, "act": "answer", "text": "Tomorrow.", "stage": ""}


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


def test_a_page_that_is_open_says_at_once_that_it_is_held(page, live_desk, sign_in, case, asha):
    answer_ticket(case, Written("We look."), then_stage="on hold", at=timezone.now(), by=asha)
    now = timezone.now()
    later = put_off_until(case, SAID, now + timedelta(hours=1), at=now, by=asha, key=None)
    sign_in(page, asha.user)
    page.goto(f"/console/tickets/{case}")
    expect(page.locator("#live.on")).to_be_attached()
    expect(page.locator(".unsent")).to_contain_text("not sent yet: it leaves")

    type(later).objects.filter(pk=later.pk).update(fields={**SAID, "stage": "no such stage"})
    let_leave(at=now + timedelta(hours=2))

    expect(page.locator(".unsent")).to_contain_text("has not left")
