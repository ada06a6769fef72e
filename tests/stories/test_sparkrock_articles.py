"""An article at Sparkrock: written by one, read and published by another, found while writing a
case, judged, sent.
"""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.stories.mail_sink import words_of
from tests.stories.people_at_screens import Window, fill
from tests.stories.running_desk import patiently

pytestmark = pytest.mark.browser

BOOK = (Path(__file__).parents[2] / "books/sparkrock.yaml").read_text(encoding="utf-8")
ASHA, BALA, CHITRA = "asha@sparkrock.example", "bala@sparkrock.example", "chitra@northwind.example"
TITLE = "Print the payroll report"
LIST = "/desk/sparkrock/articles/"
ADDRESS = LIST + "print-the-payroll-report/"


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
            "contacts", "name,mail,organisation,named", f"Chitra,{CHITRA},Northwind Schools,yes"
        )
        published(at_window)
        yield desk, at_window


@pytest.fixture
def desk(sparkrock):
    return sparkrock[0]


@pytest.fixture
def at_window(sparkrock):
    return sparkrock[1]


def published(at_window):
    """Asha writes the article; it is nowhere until Bala has read it."""
    asha, bala = at_window(ASHA), at_window(BALA)
    page = asha.open("/console/articles/new")
    form = page.locator("form[enctype]").first
    for name, value in {
        "title": TITLE,
        "keywords": "empty report, printing",
        "body": "1. Open **Reports**.\n2. Choose the pay period.\n\n<script>alert(1)</script>",
    }.items():
        fill(form, name, value)
    expect(page.locator("#preview")).to_contain_text("<script>alert(1)</script>")
    form.get_by_role("button", name="Save the draft").click()
    page.get_by_role("button", name="Propose for review").click()
    asha.reads("You wrote it: another person reads and publishes it.")
    assert not asha.sees(TITLE, LIST)
    page = bala.open("/console/articles/?list=review")
    page.get_by_role("link", name=TITLE).click()
    page.get_by_role("button", name="Publish").click()
    bala.reads("Published.")


def begins_a_case(window, subject):
    page = window.open("/desk/sparkrock/cases/new/")
    fill(page.locator("form.card"), "subject", subject)
    return page


def readings(desk):
    return desk.select("select count(*), count(sent_at) from deskbook_reading")[0]


def test_a_requester_reads_the_article_instead_of_sending_and_another_time_sends(desk, at_window):
    chitra = at_window(CHITRA)
    page = begins_a_case(chitra, "How do I print my payroll report?")
    with chitra.context.expect_page() as opened:
        page.locator(".offered a", has_text=TITLE).click()
    expect(opened.value.locator("h1")).to_have_text(TITLE)
    opened.value.close()
    patiently(lambda: readings(desk) == (1, 0), "the reading")
    assert (
        "in 90 days: 1 · sent it all the same: 0"
        in at_window(ASHA).open("/console/articles/").locator("main").inner_text()
    )

    form = page.locator("form.card")
    for name, value in {"text": "It stays empty all the same.", "severity": "s3"}.items():
        fill(form, name, value)
    form.get_by_role("button", name="Send").click()
    page.wait_for_url(re.compile(r"/cases/SPR-\d+/"))
    assert readings(desk) == (1, 1)


def test_a_stranger_says_why_it_did_not_help_and_its_author_reads_it(desk, chromium, at_window):
    stranger = Window(desk, chromium, "nobody@elsewhere.example")
    page = stranger.open(ADDRESS)
    page.get_by_label("No, it did not").check()
    page.get_by_label("It is out of date").check()
    page.get_by_label("What is missing or wrong?").fill("Reports is called Insights now.")
    page.get_by_role("button", name="Send").click()
    stranger.reads("Thank you.")
    stranger.close()
    assert desk.select("select count(*) from deskbook_spentchallenge") == [(1,)]
    asha = at_window(ASHA)
    asha.open("/console/articles/").get_by_role("link", name=TITLE).click()
    asha.reads("Reports is called Insights now.")
    asha.reads("It is out of date")
    asha.reads("Articles: out of date", "/console/improvements/")
    asha.reads("Articles: out of date", "/console/improvements/themes")


def test_the_article_goes_into_an_answer_by_keyboard_and_arrives(desk, at_window):
    asha = at_window(ASHA)
    number = asha.logs(
        requester=CHITRA, subject="Printing the payroll report", text="How?", severity="s4"
    )
    page = asha.open(number)
    page.locator("#timeline").focus()
    page.keyboard.press("+")
    expect(page.locator(".insert [role=option]").first).to_contain_text(TITLE)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#text")).to_have_value(re.compile(re.escape(ADDRESS)))
    page.locator("#composer button.primary").click()
    letter = patiently(
        lambda: [m for m in desk.sink.mails(CHITRA, Subject=number) if ADDRESS in words_of(m)],
        "the answer",
    )[-1]
    link = re.search(r"http\S+" + re.escape(ADDRESS), words_of(letter))[0]
    at_window(CHITRA).reads("Choose the pay period.", "/" + link.split("/", 3)[3])


def test_what_no_article_answered_becomes_an_article(at_window):
    asha = at_window(ASHA)
    number = asha.logs(requester=CHITRA, subject="Garnishment orders", text="Where?", severity="s4")
    page = asha.open(number)
    page.locator("#timeline").focus()
    page.keyboard.press("-")
    asha.reads("is on the list of what no article answered")
    page = asha.open("/console/articles/?list=gaps")
    page.locator("tr", has_text="Garnishment orders").get_by_role(
        "link", name="Write an article"
    ).click()
    form = page.locator("form[enctype]").first
    expect(form.locator("[name=title]")).to_have_value("Garnishment orders")
    fill(form, "body", "Enter them under *Deductions*.")
    form.get_by_role("button", name="Save the draft").click()
    page.get_by_role("button", name="Propose for review").click()
    where = page.url
    page = at_window(BALA).open("/" + where.split("/", 3)[3])
    page.get_by_role("button", name="Publish").click()
    assert not asha.sees("Garnishment orders", "/console/articles/?list=gaps")
    assert asha.sees("Garnishment orders", LIST)
