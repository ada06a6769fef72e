"""A case that is answered by text, and the card of who asked for no more of them, in a browser."""

import pytest
from django.utils import timezone

from deskbook.jobs.letters import carry_answer
from deskbook.people.contacts import find_or_make_contact
from deskbook.people.stopped import stop
from deskbook.tickets.conversation import answer_ticket
from deskbook.tickets.messages import File, Written
from deskbook.tickets.opening import NewCase, open_ticket
from tests.channels.sms.texting_desk import connect, texting_desk
from tests.people_factory import make_agent
from tests.screens import everybody_can_use

pytestmark = pytest.mark.browser
MOBILE = "+919437012345"


def test_what_a_text_leaves_out_and_who_wants_none_fit_and_read_well(page, sign_in, live_desk):
    desk = texting_desk()
    connect(desk, "other", "http://127.0.0.1:1")
    asha, now = make_agent(desk, "Asha"), timezone.now()
    caller = find_or_make_contact(desk, "phone", MOBILE, name="Chitra", sign_in=False)
    case = open_ticket(
        caller, NewCase("No muster roll", Written("Since Monday."), "phone"), at=now, by=asha
    ).ticket
    words = Written("word " * 120, files=[File("form.pdf", "application/pdf", b"%PDF-1.4")])
    carry_answer(answer_ticket(case, words, at=now, by=asha).entries[0].pk)
    sign_in(page, asha.user)
    page.goto(f"/console/tickets/{case}")
    assert "is texted: what is longer than 40 characters is cut" in page.content()
    page.locator(".fate > summary").first.click()
    everybody_can_use(page, "a ticket answered by text")
    stop(desk, MOBILE, "STOP", at=now)
    page.goto(f"/console/contacts/{caller.pk}")
    assert "wants no SMS" in page.content()
    page.set_viewport_size({"width": 360, "height": 800})
    number = page.get_by_text(MOBILE)
    assert number.evaluate("one => one.scrollWidth <= one.clientWidth")
    everybody_can_use(page, "the card of who wants no texts")
