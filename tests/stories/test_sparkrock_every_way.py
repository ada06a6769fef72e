"""A customer of Sparkrock comes by every way it has, the portal, mail and telephone, and all of it
is one case.

The book is Sparkrock's own with hours round the clock, so that the story can be told at any time of
day.
"""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.stories.mail_sink import words_of
from tests.stories.people_at_screens import fill, number_in
from tests.stories.people_outside import letter, send
from tests.stories.running_desk import patiently

pytestmark = pytest.mark.browser

SUPPORT = "{ mon-fri: 08:00-20:00, closed: ontario holidays }"
BOOK = (Path(__file__).parents[2] / "books/sparkrock.yaml").read_text(encoding="utf-8")
assert SUPPORT in BOOK, "the book writes its hours otherwise now"
BOOK = BOOK.replace(SUPPORT, "{ mon-sun: 00:00-24:00 }")
ASHA, BALA = "asha@sparkrock.example", "bala@sparkrock.example"
CHITRA, FARAH, DESK = (
    "chitra@northwind.example",
    "farah@northwind.example",
    "support@sparkrock.example",
)
PHONE = "+14165550123"


@pytest.fixture(scope="module")
def sparkrock(story):
    agents = (
        (BALA, "--name", "Bala", "--role", "lead"),
        (ASHA, "--name", "Asha", "--team", "support"),
    )
    with story("sparkrock", BOOK, *agents) as (desk, at_window):
        bala = at_window(BALA)
        bala.uploads(
            "organisations", "name,plan,zone", "Northwind Schools,standard,America/Toronto"
        )
        bala.uploads(
            "contacts",
            "name,mail,phone,organisation,named",
            f"Chitra,{CHITRA},{PHONE},Northwind Schools,yes",
            f"Farah,{FARAH},,Northwind Schools,no",
        )
        yield desk, at_window


def mailed(desk, to, words):
    return patiently(
        lambda: [m for m in desk.sink.mails(to) if words in words_of(m)], f"a mail saying {words}"
    )[-1]


def logged_online(chitra):
    page = chitra.open("/desk/sparkrock/cases/new/")
    form = page.locator("form.card")
    for name, value in {
        "subject": "Payroll is empty",
        "text": "Since the update.",
        "severity": "s2",
    }.items():
        fill(form, name, value)
    form.get_by_role("button", name="Send").click()
    page.wait_for_url(re.compile(r"/cases/SPR-\d+/"))
    return re.search(r"SPR-\d+", page.url)[0]


def on_the_phone(asha, caller, text):
    page = asha.open("/console/calls/new")
    page.locator("#caller").fill(caller)
    page.locator(".typeahead [role=option]").first.click()
    expect(page.locator("#caller-card .caller")).to_be_visible()
    page.locator("#f-text").fill(text)
    return page


def test_online_by_mail_and_by_phone_it_is_one_case(sparkrock):
    desk, at_window = sparkrock
    asha, chitra = at_window(ASHA), at_window(CHITRA)
    number = logged_online(chitra)
    asha.writes(number, "Which company is it empty in?", act="question")
    asked = mailed(desk, CHITRA, "Which company")
    assert number_in(asked["Subject"]) == number

    send(desk, letter(CHITRA, "Re: Payroll", "In all of them.", to=DESK, answers=asked), CHITRA)
    patiently(
        lambda: asha.sees("In all of them.", f"/console/tickets/{number}"), "the answer by mail"
    )

    page = on_the_phone(asha, "4165550123", "It is pay day tomorrow, how far are you?")
    page.locator(f"#caller-card input[name=case][value='{number}']").check()
    page.get_by_role("button", name="Log the call").click()
    expect(page.locator(".big-number")).to_have_text(number)

    asha.act(number, "severity", "Verify", severity="s1", reason="All companies are affected")
    asha.writes(number, "The correction is in your company now.")
    mailed(desk, CHITRA, "in your company now")
    for words in (
        "Since the update.",
        "In all of them.",
        "It is pay day tomorrow",
        "in your company now",
    ):
        chitra.reads(words, f"/desk/sparkrock/cases/{number}/")
    assert desk.select("select count(*) from deskbook_ticket") == [(1,)]


def test_whoever_is_not_named_reads_on_and_is_told_whom_to_ask_by_every_way(sparkrock):
    desk, at_window = sparkrock
    asha, farah = at_window(ASHA), at_window(FARAH)
    before = desk.select("select count(*) from deskbook_ticket")
    farah.reads("Chitra", "/desk/sparkrock/cases/new/")
    send(desk, letter(FARAH, "A wish", "Please open a case for me.", to=DESK), FARAH)
    told = "whose named contacts open cases: Chitra."
    patiently(
        lambda: asha.sees(told, "/console/left-over/"),
        "the mail, put aside with the reason",
    )
    assert desk.select("select count(*) from deskbook_ticket") == before
