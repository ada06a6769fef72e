"""The portal on a phone: by keyboard, at 360 px, in light and dark, with and without a script."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from deskbook.tickets.conversation import ask_requester
from deskbook.tickets.messages import Written
from deskbook.tickets.models import Attachment, Message, Ticket
from deskbook.tickets.ratings import closing_of, rating_token
from deskbook.tickets.stages import close_ticket
from deskbook.tickets.work import offer_estimate
from tests.people_factory import make_desk
from tests.screens import everybody_can_use
from tests.web.portal.conftest import make_cast
from tests.web.portal.test_carried_mails import mailed

pytestmark = pytest.mark.browser
PHONE = {"width": 360, "height": 640}


@pytest.fixture
def cast(live_desk):
    cache.clear()
    return make_cast()


def screens(cast):
    make_desk("salama")
    ticket = cast.case(severity="s1")
    ask_requester(ticket, Written("Which batch?"), ["logs"], at=timezone.now(), by=cast.asha)
    closed = cast.case("Closed")
    close_ticket(closed, at=timezone.now(), by=cast.chitra)
    closed.refresh_from_db()
    token = rating_token(closing_of(closed), cast.chitra)
    return {
        "rating": f"/desk/sparkrock/ratings/{token}/?answer=bad",
        "front": "/",
        "about": "/desk/salama/about/",
        "sign in": "/account/login/",
        "list": "/desk/sparkrock/cases/",
        "form": "/desk/sparkrock/cases/new/",
        "case": f"/desk/sparkrock/cases/{ticket}/",
        "mail within a mail": f"/desk/sparkrock/cases/{mailed(cast)}/",
        "closing": f"/desk/sparkrock/cases/{ticket}/close/",
        "profile": "/profile/",
        "closed case": f"/desk/sparkrock/cases/{closed}/",
        "not there": "/desk/sparkrock/cases/SPR-99/",
    }


def test_every_screen_fits_a_phone_and_passes_the_accessibility_rules(page, sign_in, cast):
    for name, address in screens(cast).items():
        if name == "list":
            sign_in(page, cast.chitra.user)
        page.goto(address)
        everybody_can_use(page, name)
    page.goto("/desk/sparkrock/cases/new/")
    page.get_by_role("button", name="Send").click()
    page.locator(".error").first.wait_for()
    everybody_can_use(page, "form with errors", [PHONE["width"]])


def test_a_person_opens_corrects_answers_and_closes_a_case_with_the_keyboard_alone(
    page, sign_in, cast
):
    page.set_viewport_size(PHONE)
    sign_in(page, cast.chitra.user)
    page.goto("/desk/sparkrock/cases/")
    press(page, "Open a case")
    page.wait_for_url("**/cases/new/")
    tab_to(page, "What happened?")
    page.keyboard.type("Totals differ by 12.40.")
    press(page, "Send")
    page.get_by_text("Say in a few words what it is about.").wait_for()
    # The first mistake has the focus.
    assert page.evaluate("document.activeElement.id") == "f-subject"
    page.keyboard.type("The bank run does not balance")
    press(page, "Send")
    page.get_by_text("We answer by").wait_for()
    tab_to(page, "Your answer")
    page.keyboard.type("It was batch 12.")
    press(page, "Send")
    page.get_by_text("Sent. We have your answer.").wait_for()
    press(page, "Close the case")
    page.get_by_role("heading", name="Close this case?").wait_for()
    press(page, "Close the case")
    page.get_by_text("If it is not solved, write below and it opens again.").wait_for()
    assert list(Ticket.objects.values_list("subject", "is_open")) == [
        ("The bank run does not balance", False)
    ]
    written = Message.objects.order_by("pk").values_list("text", flat=True)
    assert list(written) == ["Totals differ by 12.40.", "It was batch 12."]


def test_enter_where_a_decline_is_explained_signs_nothing(page, sign_in, cast):
    ticket = cast.case()
    offer_estimate(
        ticket,
        timedelta(hours=26),
        "1200.00 CAD",
        "The new report",
        at=timezone.now(),
        by=cast.asha,
    )
    page.set_viewport_size(PHONE)
    sign_in(page, cast.chitra.user)
    page.goto(f"/desk/sparkrock/cases/{ticket}/")
    page.get_by_label("If you decline: why").fill("Too dear.")
    page.get_by_label("If you decline: why").press("Enter")
    page.get_by_text("Declined. The desk reads why.").wait_for()


CALLED = """() => {
  const { innerText, labels } = document.activeElement;
  return [innerText, ...[...(labels || [])].map((label) => label.innerText)].join("|");
}"""


def press(page, name):
    tab_to(page, name)
    page.keyboard.press("Enter")


def tab_to(page, name):
    """Press Tab until what is called `name` has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate(CALLED).strip("| ").startswith(name):
            return
    raise AssertionError(f"the keyboard does not reach {name}")


def test_without_a_script_a_case_is_opened_with_a_mistake_and_a_file_and_followed(
    chromium, live_desk, sign_in, cast
):
    context = chromium.new_context(base_url=live_desk, viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, cast.chitra.user)
    page.goto("/desk/sparkrock/cases/new/")
    page.get_by_label("What happened?").fill("Totals differ.")
    log = {"name": "log.txt", "mimeType": "text/plain", "buffer": b"a line"}
    page.get_by_label("Files").set_input_files(files=[log])
    page.get_by_role("button", name="Send").click()
    assert page.get_by_label("What happened?").input_value() == "Totals differ."
    assert page.get_by_label("log.txt").is_checked()
    page.get_by_label("What is it about?").fill("The bank run")
    page.get_by_role("button", name="Send").click()
    page.get_by_text("We answer by").wait_for()
    page.get_by_label("Your answer").fill("It was batch 12.")
    page.get_by_role("button", name="Send").click()
    page.get_by_text("It was batch 12.").wait_for()
    assert Attachment.objects.get().name == "log.txt"
    context.close()


def test_a_draft_survives_a_reload_and_goes_when_it_was_sent(page, sign_in, cast):
    sign_in(page, cast.chitra.user)
    page.goto("/desk/sparkrock/cases/new/")
    page.get_by_label("What is it about?").fill("The bank run")
    page.get_by_label("What happened?").fill("Totals differ.")
    page.reload()
    assert page.get_by_label("What happened?").input_value() == "Totals differ."
    assert page.get_by_label("What is it about?").input_value() == "The bank run"
    page.get_by_role("button", name="Send").click()
    page.get_by_text("We answer by").wait_for()
    page.goto("/desk/sparkrock/cases/new/")
    assert page.get_by_label("What happened?").input_value() == ""
    assert (
        page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('draft:'))") == []
    )


def test_a_draft_is_on_the_next_device_too(page, chromium, live_desk, sign_in, cast):
    sign_in(page, cast.chitra.user)
    page.goto("/desk/sparkrock/cases/new/")
    with page.expect_response("**/drafts/"):
        page.get_by_label("What happened?").fill("Totals differ.")
    page.get_by_text("Draft saved").wait_for()
    other = chromium.new_context(base_url=live_desk).new_page()
    sign_in(other, cast.chitra.user)
    other.goto("/desk/sparkrock/cases/new/")
    assert other.get_by_label("What happened?").input_value() == "Totals differ."
    other.context.close()


def test_the_language_is_changed_at_the_foot_of_every_page(page, cast):
    page.goto("/")
    page.get_by_label("Language").select_option("pt")
    page.get_by_role("button", name="Change").click()
    page.get_by_role("heading", name="Obter ajuda").wait_for()
    assert re.search("Fechado agora|Aberto agora", page.content())
