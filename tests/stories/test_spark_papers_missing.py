"""An office in Kannur writes to SPARK without the form its request needs."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.stories.mail_sink import words_of
from tests.stories.people_at_screens import number_in, story
from tests.stories.people_outside import letter, send
from tests.stories.running_desk import patiently

pytestmark = pytest.mark.browser

BOOK = (Path(__file__).parents[2] / "books/spark.yaml").read_text(encoding="utf-8")
PMU, KANNUR, BALA = "asha@pmu.example", "kavya@kannur.example", "bala@pmu.example"
OFFICE, DESK = "ddo@school.example", "info@spark.example"
MALAYALAM = re.compile("[\u0d00-\u0d7f]{3}")


@pytest.fixture(scope="module")
def spark(chromium):
    agents = (
        (BALA, "--name", "Bala", "--role", "lead"),
        (PMU, "--name", "Asha", "--team", "pmu"),
        (KANNUR, "--name", "Kavya", "--team", "kannur regional desk"),
    )
    with story(chromium, "spark", BOOK, *agents) as (desk, at_window):
        at_window(BALA).uploads(
            "contacts", "name,mail,pen,language,district", f"Leela,{OFFICE},512345,ml,Kannur"
        )  # fmt: skip
        yield desk, at_window


def test_what_is_missing_is_asked_for_in_malayalam_and_comes_by_mail(spark):
    desk, at_window = spark
    asha, kavya = at_window(PMU), at_window(KANNUR)
    send(desk, letter(OFFICE, "HRA", "Please change the HRA of our office.", to=DESK), OFFICE)
    number = number_in(patiently(lambda: desk.sink.mails(OFFICE), "the acknowledgement")[-1]["Subject"])
    page = asha.open(number)
    expect(page.locator("#fact-assignment")).to_contain_text("SPARK PMU")
    sorts = {"facet_type": "application", "facet_district": "kannur", "facet_request": "hra change"}
    asha.act(number, "facets", "Sort and hand on by the book", **sorts)
    expect(page.locator("#fact-assignment")).to_contain_text("Regional help desk, Kannur")

    page = kavya.open(number)
    expect(page.locator("#papers")).to_contain_text("1 missing")
    page.get_by_role("button", name="Ask for what is missing").click()
    kavya.reads("Asked for what is missing.")
    asked = patiently(
        lambda: [m for m in desk.sink.mails(OFFICE) if "FORM 6" in words_of(m)], "the question in Malayalam"
    )[-1]
    assert MALAYALAM.search(words_of(asked))
    assert "To go on we still need" not in words_of(asked)
    expect(kavya.open(number).locator("#head")).to_contain_text("waiting for details", ignore_case=True)

    form = letter(OFFICE, "Re: HRA", "Here it is.", to=DESK, answers=asked, files=[("form6.pdf", b"%PDF-1.4 form")])
    send(desk, form, OFFICE)
    patiently(lambda: kavya.sees("form6.pdf", f"/console/tickets/{number}"), "the form on the ticket")
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

    kavya.act(number, "passing", "Pass on", team="pmu", reason="The form is complete, the PMU office changes it")
    kavya.reads("Passed on.")
    page = asha.open(number)
    expect(page.locator("#fact-assignment")).to_contain_text("SPARK PMU")
    expect(page.locator("#timeline")).to_contain_text("The form is complete")
    asha.writes(number, "Changed; see the next bill.")
    patiently(
        lambda: [m for m in desk.sink.mails(OFFICE, Subject=number) if "see the next bill" in words_of(m)], "the answer"
    )
