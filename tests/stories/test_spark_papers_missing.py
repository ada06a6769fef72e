"""An office in Kannur writes to SPARK without the form its request needs."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.stories.mail_sink import words_of
from tests.stories.people_at_screens import number_in
from tests.stories.people_outside import letter, send
from tests.stories.running_desk import patiently

pytestmark = pytest.mark.browser

BOOK = (Path(__file__).parents[2] / "books/spark.yaml").read_text(encoding="utf-8")
PMU, KANNUR, BALA = "asha@pmu.example", "kavya@kannur.example", "bala@pmu.example"
OFFICE, DESK = "ddo@school.example", "info@spark.example"
MALAYALAM = re.compile("[\u0d00-\u0d7f]{3}")


@pytest.fixture(scope="module")
def spark(story):
    agents = (
        (BALA, "--name", "Bala", "--role", "lead"),
        (PMU, "--name", "Asha", "--team", "pmu"),
        (KANNUR, "--name", "Kavya", "--team", "kannur regional desk"),
    )
    with story("spark", BOOK, *agents) as (desk, at_window):
        at_window(BALA).uploads(
            "contacts", "name,mail,pen,language,district", f"Leela,{OFFICE},512345,ml,Kannur"
        )
        yield desk, at_window


def mail_saying(desk, words):
    """Return the last mail to the office that has the words in it, once it is there."""
    return patiently(lambda: [m for m in desk.sink.mails(OFFICE) if words in words_of(m)], words)[
        -1
    ]


def sorted_for_kannur(desk, asha):
    """A mail of the office, sorted and handed on by the book; returns its number."""
    send(desk, letter(OFFICE, "HRA", "Please change the HRA of our office.", to=DESK), OFFICE)
    number = number_in(
        patiently(lambda: desk.sink.mails(OFFICE, Subject="[SPK-"), "the acknowledgement")[-1][
            "Subject"
        ]
    )
    page = asha.open(number)
    expect(page.locator("#fact-assignment")).to_contain_text("SPARK PMU")
    sorts = {"facet_type": "application", "facet_district": "kannur", "facet_request": "hra change"}
    asha.act(number, "facets", "Sort and hand on by the book", **sorts)
    expect(page.locator("#fact-assignment")).to_contain_text("Regional help desk, Kannur")
    return number


def asked_in_malayalam(desk, kavya, number):
    """What the office reads after one click of Kavya's."""
    page = kavya.open(number)
    expect(page.locator("#papers")).to_contain_text("1 missing")
    page.get_by_role("button", name="Ask for what is missing").click()
    kavya.reads("Asked for what is missing.")
    asked = mail_saying(desk, "FORM 6")
    assert MALAYALAM.search(words_of(asked))
    assert "To go on we still need" not in words_of(asked)
    expect(kavya.open(number).locator("#head")).to_contain_text(
        "waiting for details", ignore_case=True
    )
    return asked


def the_form_comes(desk, kavya, number, asked):
    form = letter(
        OFFICE,
        "Re: HRA",
        "Here it is.",
        to=DESK,
        answers=asked,
        files=[("form6.pdf", b"%PDF-1.4 form")],
    )
    send(desk, form, OFFICE)
    patiently(
        lambda: kavya.sees("form6.pdf", f"/console/tickets/{number}"), "the form on the ticket"
    )
    page = kavya.open(number)
    expect(page.locator("#head")).to_contain_text("being examined", ignore_case=True)
    paper = page.locator("#papers details.paper")
    paper.locator("summary").click()
    paper.locator("select").select_option(index=1)
    paper.get_by_role("button", name="Received").click()
    expect(page.locator("#papers")).to_contain_text("complete")
    paper = kavya.open(number).locator("#papers details.paper")
    paper.locator("summary").click()
    expect(paper.get_by_role("link", name="form6.pdf")).to_be_visible()


def test_what_is_missing_is_asked_for_in_malayalam_and_comes_by_mail(spark):
    desk, at_window = spark
    asha, kavya = at_window(PMU), at_window(KANNUR)
    number = sorted_for_kannur(desk, asha)
    the_form_comes(desk, kavya, number, asked_in_malayalam(desk, kavya, number))
    kavya.act(
        number,
        "passing",
        "Pass on",
        team="pmu",
        reason="The form is complete, the PMU office changes it",
    )
    kavya.reads("Passed on.")
    page = asha.open(number)
    expect(page.locator("#fact-assignment")).to_contain_text("SPARK PMU")
    expect(page.locator("#timeline")).to_contain_text("The form is complete")
    asha.writes(number, "Changed; see the next bill.")
    assert number in str(mail_saying(desk, "see the next bill")["Subject"])
