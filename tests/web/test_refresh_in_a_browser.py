"""What a person is doing in a part of a page stays while the part refreshes."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from deskbook.tickets.assignment import assign_ticket
from deskbook.tickets.conversation import answer_ticket, take_in_message
from deskbook.tickets.messages import Written
from deskbook.tickets.opening import NewCase, open_ticket
from deskbook.tickets.participants import change_requester
from tests.people_factory import make_contact

pytestmark = pytest.mark.browser


@pytest.fixture
def asha_at(live_desk, page, sign_in, asha):
    sign_in(page, asha.user)

    def at(address):
        page.goto(address)
        expect(page.locator("#live.on")).to_be_attached()
        return page

    return at


@pytest.fixture
def chitra_writes(case, chitra):
    def write(text):
        take_in_message(case, Written(text), channel="portal", at=timezone.now(), by=chitra)

    return write


def test_what_is_half_typed_beside_a_ticket_stays_with_its_caret_while_an_answer_comes(
    asha_at, case, chitra_writes
):
    page = asha_at(f"/console/tickets/{case}")
    fact = page.locator("#side details.fact:has(input[type=text], textarea)").first
    fact.locator("summary").first.click()
    field = fact.locator("input[type=text], textarea").first
    field.fill("half a thought")
    field.evaluate("field => field.setSelectionRange(4, 6)")
    chitra_writes("One more thing.")
    expect(page.locator("#timeline")).to_contain_text("One more thing.")
    expect(field).to_be_focused()
    expect(field).to_have_value("half a thought")
    assert field.evaluate("field => [field.selectionStart, field.selectionEnd]") == [4, 6]
    assert fact.evaluate("fact => fact.open")


def test_a_place_in_a_long_timeline_and_what_is_opened_in_it_stay(
    asha_at, case, asha, chitra_writes
):
    for n in range(12):
        answer_ticket(case, Written(f"Answer {n}.\n" * 6), at=timezone.now(), by=asha)
    page = asha_at(f"/console/tickets/{case}")
    timeline = page.locator("#timeline")
    fate = timeline.locator("details").first
    fate.evaluate("fate => { fate.open = true; }")
    timeline.focus()
    read = timeline.get_by_text("Answer 5.")
    read.evaluate("read => read.scrollIntoView({ block: 'center' })")
    stood = read.bounding_box()["y"]
    chitra_writes("And another.")
    expect(timeline).to_contain_text("And another.")
    assert abs(read.bounding_box()["y"] - stood) < 2
    assert fate.evaluate("fate => fate.open")
    expect(timeline).to_be_focused()


def test_the_row_one_stands_on_keeps_the_focus_when_a_case_comes_in_above_it(asha_at, open_case):
    open_case("First")
    page = asha_at("/console/?queue=open")
    page.locator(".row a").first.focus()
    open_case("Second")
    expect(page.locator(".row")).to_have_count(2)
    expect(page.get_by_role("link", name="First")).to_be_focused()


def test_whom_an_answer_goes_to_is_shown_anew_and_what_is_typed_stays(asha_at, case, bala, desk):
    page = asha_at(f"/console/tickets/{case}")
    box = page.locator("#text")
    box.fill("half an answer")
    noor = make_contact(desk, "Noor")
    change_requester(case, noor, follows=False, at=timezone.now(), by=bala)
    expect(page.locator("#to")).to_contain_text("to Noor")
    expect(box).to_be_focused()
    expect(box).to_have_value("half an answer")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#composer")).to_contain_text("it goes to Noor now")
    expect(box).to_have_value("half an answer")
    box.press("Control+Enter")
    expect(page.locator(".timeline")).to_contain_text("half an answer")


def test_a_promise_begun_before_the_case_was_given_to_another_is_not_made_to_them(
    asha_at, case, bala, desk
):
    page = asha_at(f"/console/tickets/{case}")
    page.keyboard.press("p")
    words = page.locator("#fact-promises [name=text]")
    words.fill("I will call you")
    page.locator("#fact-promises [name=due_at]").fill("2030-01-02T10:00")
    noor = make_contact(desk, "Noor")
    change_requester(case, noor, follows=False, at=timezone.now(), by=bala)
    expect(page.locator("#to")).to_contain_text("to Noor")
    page.locator("#fact-promises button.primary, #fact-promises form button").first.click()
    expect(page.locator("#fact-promises")).to_contain_text("it goes to Noor now")
    expect(words).to_have_value("I will call you")


def test_how_many_wait_is_counted_anew_on_the_rail_and_in_the_title_while_somebody_looks_on(
    asha_at, case, chitra, bala
):
    page = asha_at("/console/?queue=unassigned")
    rail = page.locator("#queues a", has_text="Unassigned")
    expect(rail).to_contain_text("1")
    new = NewCase("Another", Written("Help."), "portal", severity="s1")
    opened = open_ticket(chitra, new, at=timezone.now() - timedelta(days=9), by=chitra).ticket
    expect(rail).to_contain_text("2")
    expect(page).to_have_title(re.compile(r"^\(1\) Unassigned"))
    assign_ticket(opened, owner=bala, at=timezone.now(), by=bala)
    expect(rail).to_contain_text("1")
