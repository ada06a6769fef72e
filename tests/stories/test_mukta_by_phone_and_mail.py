"""An engineer of Jatni reaches MUKTASoft's help desk by both its ways, its phone number and its
mail, on one ticket.

The book is MUKTASoft's own with hours round the clock, so that the story can be told at any time of
day.
"""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.stories.mail_sink import words_of
from tests.stories.people_at_screens import number_in
from tests.stories.people_outside import letter, send
from tests.stories.running_desk import patiently

pytestmark = pytest.mark.browser

OFFICE = "{ mon-fri: 09:00-18:00, sat: 09:00-12:00, closed: odisha holidays }"
BOOK = (Path(__file__).parents[2] / "books/mukta.yaml").read_text(encoding="utf-8")
assert OFFICE in BOOK, "the book writes its hours otherwise now"
BOOK = BOOK.replace(OFFICE, "{ mon-sun: 00:00-24:00 }")
ASHA, GITA, BALA = "asha@mukta.example", "gita@mukta.example", "bala@mukta.example"
ENGINEER, PHONE, DESK = "engineer@jatni.example", "+919437012345", "helpdesk@mukta.example"


@pytest.fixture(scope="module")
def mukta(story):
    agents = (
        (BALA, "--name", "Bala", "--role", "lead"),
        (ASHA, "--name", "Asha", "--team", "help desk"),
        (GITA, "--name", "Gita", "--team", "master trainers"),
    )
    with story("mukta", BOOK, *agents) as (desk, at_window):
        at_window(BALA).uploads(
            "contacts", "name,mail,phone", f"Engineer of Jatni,{ENGINEER},{PHONE}"
        )
        yield desk, at_window


def mailed(desk, words):
    """Return the last mail to the engineer that says these words, once it is there."""
    return patiently(
        lambda: [m for m in desk.sink.mails(ENGINEER) if words in words_of(m)],
        f"a mail saying {words}",
    )[-1]


def calls(asha, text, *, about=None, outcome="open"):
    """Log a call of the engineer's, on a case or as a new one; returns the number that is
    read out.
    """
    page = asha.open("/console/")
    page.keyboard.press("Shift+C")
    expect(page.locator("#caller")).to_be_focused()
    page.keyboard.type("94370123")
    page.get_by_role("option", name="Engineer of Jatni").click()
    expect(page.locator("#caller-card")).to_contain_text("Engineer of Jatni")
    if about:
        page.locator(f"#caller-card input[name=case][value='{about}']").check()
    elif page.locator("[name='facet.type']").first.is_visible():
        page.locator("[name='facet.type']").first.select_option("incident")
    page.locator("#f-text").fill(text)
    page.locator(f"input[name=outcome][value='{outcome}']").check()
    page.get_by_role("button", name="Log the call").click()
    return page.locator(".big-number").inner_text()


def test_a_call_is_given_its_number_and_goes_on_by_mail_and_by_phone_on_the_same_ticket(mukta):
    desk, at_window = mukta
    asha, gita = at_window(ASHA), at_window(GITA)
    number = calls(asha, "The muster roll shows no wage seekers")
    told = mailed(desk, number)
    assert number_in(told["Subject"]) == number

    roll = letter(
        ENGINEER,
        "Re: muster roll",
        "Here is the roll.",
        to=DESK,
        answers=told,
        files=[("roll.csv", b"Name,Days\nKuni,4\n")],
    )
    send(desk, roll, ENGINEER)
    patiently(lambda: asha.sees("roll.csv", f"/console/tickets/{number}"), "the roll on the ticket")
    page = asha.act(number, "facets", "Sort and hand on by the book", facet_category="functional")
    expect(page.locator("#fact-assignment")).to_contain_text("Master Trainers")

    gita.writes(number, "Add them on the page of the work order first.")
    assert mailed(desk, "page of the work order")["In-Reply-To"] == roll["Message-ID"]

    assert (
        calls(asha, "It works now, all of them are there.", about=number, outcome="solved")
        == number
    )
    page = asha.open(number)
    expect(page.locator("#timeline")).to_contain_text("It works now")
    expect(page.locator("#head")).to_contain_text("resolved", ignore_case=True)
    assert desk.select("select count(*) from deskbook_ticket") == [(1,)]


def test_a_mail_from_nobody_the_desk_knows_is_a_ticket_too_and_is_called_back(mukta):
    desk, at_window = mukta
    asha, stranger = at_window(ASHA), "secretary@dhenkanal-cbo.example"
    send(
        desk,
        letter(
            stranger,
            "Bill not paid",
            "Our bill of May is not paid. My number is 9437 088 888.",
            to=DESK,
        ),
        stranger,
    )
    told = patiently(lambda: desk.sink.mails(stranger, Subject="[MUK-"), "the number by mail")[-1]
    number = number_in(told["Subject"])
    page = asha.open(number)
    expect(page.locator("#timeline")).to_contain_text("Our bill of May is not paid.")
    asha.writes(number, "Which bill is it? Please send its number.", act="question")
    asked = patiently(
        lambda: [m for m in desk.sink.mails(stranger) if "Which bill" in words_of(m)],
        "the question",
    )[-1]
    send(desk, letter(stranger, "Re: Bill", "It is bill 17.", to=DESK, answers=asked), stranger)
    patiently(
        lambda: asha.sees("It is bill 17.", f"/console/tickets/{number}"),
        "the answer on the ticket",
    )
    expect(asha.open(number).locator("#head")).to_contain_text("in progress", ignore_case=True)
