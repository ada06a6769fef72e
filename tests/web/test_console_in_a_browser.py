"""The console in a real browser: keys, what is visible, drafts, presence, live lists,
accessibility.
"""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from deskbook.tickets.assignment import assign_ticket, take_ticket
from deskbook.tickets.conversation import answer_ticket, note_on_ticket, take_in_message
from deskbook.tickets.messages import Written
from deskbook.tickets.models import Draft, Message
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


@pytest.fixture
def talk(case, asha, chitra):
    """A case on which a good deal was said already."""
    for n in range(12):
        answer_ticket(case, Written(f"Answer number {n}.\n" * 4), at=timezone.now(), by=asha)
        take_in_message(
            case,
            Written(f"Reply number {n}.\n" * 3),
            channel="portal",
            at=timezone.now(),
            by=chitra,
        )
    return case


def test_open_answer_and_next_ticket_take_three_keys(asha_at, open_case):
    first, second = open_case("First"), open_case("Second")
    page = asha_at("/console/?queue=open")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{first}?queue=open")
    page.get_by_label("then next").check()
    page.keyboard.press("r")
    page.keyboard.type("All is well again.")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(f"**/{second}?queue=open")
    assert Message.objects.get(kind="answer").text == "All is well again."


def test_the_last_message_what_is_due_and_the_answer_box_are_visible_at_once(asha_at, talk):
    page = asha_at(f"/console/tickets/{talk}")
    for part in (
        page.get_by_text("Reply number 11.").last,
        page.locator(".next-due").first,
        page.locator("#text"),
    ):
        # Asked of the page, which waits for a part that is just being refreshed.
        box = part.evaluate("part => part.getBoundingClientRect().toJSON()")
        assert box["top"] >= 0
        assert box["bottom"] <= 800
    assert page.evaluate("document.documentElement.scrollHeight") <= 800


def test_a_draft_survives_a_reload_and_ends_with_the_answer(asha_at, case):
    page = asha_at(f"/console/tickets/{case}")
    page.locator("#text").fill("Half a thought")
    page.reload()
    expect(page.locator("#text")).to_have_value("Half a thought")
    page.locator("#text").fill("Half a thought, now whole")
    expect(page.get_by_text("Draft kept")).to_be_visible()
    assert Draft.objects.get().fields == {"act": "answer", "text": "Half a thought, now whole"}
    page.get_by_role("button", name=re.compile("^Send")).click()
    expect(page.get_by_role("article").last).to_contain_text("now whole")
    expect(page.locator("#text")).to_have_value("")


def test_two_agents_on_one_ticket_see_each_other_and_the_second_answer_is_warned(
    asha_at, chromium, live_desk, sign_in, bala, case
):
    page = asha_at(f"/console/tickets/{case}")
    page.locator("#text").fill("Asha is still writing")
    window = chromium.new_context(base_url=live_desk)
    other = window.new_page()
    sign_in(other, bala.user)
    other.goto(f"/console/tickets/{case}")
    expect(page.locator("#presence")).to_contain_text("Bala is here")
    expect(other.locator("#presence")).to_contain_text("Asha is writing")
    other.locator("#text").fill("Bala was faster")
    other.keyboard.press("Control+Enter")
    expect(page.locator("#timeline")).to_contain_text("Bala was faster")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Somebody answered while you were writing")).to_be_visible()
    expect(page.locator("#text")).to_have_value("Asha is still writing")
    page.get_by_role("button", name=re.compile("^Send anyway")).click()
    expect(page.get_by_text("Answered SPR-1.")).to_be_visible()
    window.close()


def test_a_new_case_appears_in_the_list_by_itself(asha_at, open_case, case):
    page = asha_at("/console/?queue=open")
    expect(page.locator("#live.on")).to_be_attached()
    open_case("Something new has come")
    expect(page.get_by_text("Something new has come")).to_be_visible()


def test_the_list_is_walked_with_j_and_k_and_the_rail_with_g(asha_at, open_case):
    cases = [open_case(f"Case {n}") for n in range(3)]
    page = asha_at("/console/?queue=open")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("o")
    page.wait_for_url(f"**/{cases[1]}?queue=open")
    page.keyboard.press("g")
    page.keyboard.press("u")
    page.wait_for_url("**/console/?queue=unassigned")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("Walk the list")


def test_people_are_found_by_typing(asha_at, case, bala):
    page = asha_at(f"/console/tickets/{case}")
    page.keyboard.press("a")
    page.keyboard.type("bal")
    expect(page.get_by_role("option", name=re.compile("Bala"))).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Assign").click()
    expect(page.locator("#fact-assignment")).to_contain_text("Bala")


def test_who_is_found_stays_below_the_field_while_the_ticket_goes_on(asha_at, case, asha, bala):
    page = asha_at(f"/console/tickets/{case}")
    page.keyboard.press("a")
    page.keyboard.type("bal")
    found = page.get_by_role("option", name=re.compile("Bala"))
    expect(found).to_be_visible()
    note_on_ticket(case, Written("Something goes on."), at=timezone.now(), by=asha)
    expect(page.get_by_text("Something goes on.")).to_be_visible()
    expect(found).to_be_visible()


def test_a_name_that_stands_there_gives_way_to_what_is_typed(asha_at, case, asha, bala):
    assign_ticket(case, asha, at=timezone.now(), by=asha)
    page = asha_at(f"/console/tickets/{case}")
    page.keyboard.press("a")
    page.keyboard.type("bal")
    expect(page.get_by_role("option", name=re.compile("Bala"))).to_be_visible()


def test_why_this_time_opens_beside_the_ticket(asha_at, case):
    page = asha_at(f"/console/tickets/{case}")
    page.keyboard.press("w")
    expect(page.get_by_role("dialog")).to_contain_text("Started")


def test_the_essentials_work_without_a_script(chromium, live_desk, sign_in, asha, case):
    window = chromium.new_context(base_url=live_desk, java_script_enabled=False)
    page = window.new_page()
    sign_in(page, asha.user)
    page.goto("/console/?queue=open")
    page.get_by_role("link", name=case.subject).click()
    page.get_by_role("button", name=re.compile("^Take")).click()
    page.locator("#text").fill("Answered by hand")
    page.get_by_role("button", name=re.compile("^Send")).click()
    expect(page.get_by_text("Answered by hand")).to_be_visible()
    window.close()


def test_inbox_and_ticket_have_no_accessibility_faults(asha_at, talk, asha):
    take_ticket(talk, at=timezone.now(), by=asha)
    for address in (
        "/console/",
        f"/console/tickets/{talk}",
        "/console/tickets/new",
        "/console/search?q=payroll",
    ):
        everybody_can_use(asha_at(address), address)


def test_a_note_that_was_being_written_comes_back_as_a_note(asha_at, case):
    page = asha_at(f"/console/tickets/{case}")
    page.keyboard.press("n")
    page.locator("#text").fill("The customer is wrong, but say it kindly")
    page.reload()
    expect(page.locator("#text")).to_have_value("The customer is wrong, but say it kindly")
    expect(page.get_by_role("radio", name="Note")).to_be_checked()
    page.locator("#text").press("Control+Enter")
    expect(page.get_by_role("article").last).to_contain_text("but say it kindly")
    assert Message.objects.filter(kind="note").count() == 1


def test_a_note_begun_at_another_machine_comes_back_as_a_note(asha_at, case, asha):
    page = asha_at(f"/console/tickets/{case}")
    page.keyboard.press("n")
    page.locator("#text").fill("Half a note")
    expect(page.get_by_text("Draft kept")).to_be_visible()
    page.evaluate("localStorage.clear()")
    page.reload()
    expect(page.locator("#text")).to_have_value("Half a note")
    expect(page.get_by_role("radio", name="Note")).to_be_checked()


def test_back_after_sending_offers_nothing_to_send_again(asha_at, case):
    asha_at("/console/?queue=open")
    page = asha_at(f"/console/tickets/{case}")
    page.locator("#text").fill("Sent once")
    page.get_by_role("button", name=re.compile("^Send")).click()
    expect(page.get_by_role("article").last).to_contain_text("Sent once")
    page.go_back()
    expect(page.locator(".row")).to_have_count(1)
    page.go_forward()
    expect(page.locator("#text")).to_have_value("")


def test_the_row_one_stands_on_keeps_the_columns_of_the_others(asha_at, open_case):
    open_case("First")
    open_case("Second")
    page = asha_at("/console/?queue=open")
    expect(page.locator(".row.chosen")).to_have_count(1)
    due = page.locator(".row .when")
    edges = due.evaluate_all("all => all.map(one => one.getBoundingClientRect().right)")
    assert len(set(edges)) == 1


def test_the_box_says_whom_words_go_to_and_that_a_note_goes_to_nobody_but_the_desk(asha_at, case):
    page = asha_at(f"/console/tickets/{case}")
    box = page.locator("#text")
    page.keyboard.press("r")
    expect(box).to_have_attribute("placeholder", "Write to Chitra…")
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    expect(box).to_have_attribute("placeholder", "For the desk alone… @ names a colleague")
    box.fill("Only for us.")
    box.press("Control+Enter")
    expect(page.locator("#timeline")).to_contain_text("Only for us.")
    expect(box).to_have_attribute("placeholder", "Write to Chitra…")
