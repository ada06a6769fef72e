"""A case of a customer of Sparkrock: from the claim over a signed estimate to the delivery, and who
may decide.
"""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.stories.mail_sink import words_of
from tests.stories.people_at_screens import fill
from tests.stories.running_desk import patiently

pytestmark = pytest.mark.browser

BOOK = (Path(__file__).parents[2] / "books/sparkrock.yaml").read_text(encoding="utf-8")
ASHA, BALA = "asha@sparkrock.example", "bala@sparkrock.example"
CHITRA, EVAN = "chitra@northwind.example", "evan@coastal.example"
FARAH, HUGO = "farah@northwind.example", "hugo@northwind.example"


MORE = ("Dora", "Emil", "Gita", "Ivo")  # with Chitra five: every seat is taken


@pytest.fixture(scope="module")
def sparkrock(story):
    agents = (
        (BALA, "--name", "Bala", "--role", "lead"),
        (ASHA, "--name", "Asha", "--team", "support"),
    )
    with story("sparkrock", BOOK, *agents) as (desk, at_window):
        bala = at_window(BALA)
        bala.uploads(
            "organisations",
            "name,plan,zone",
            "Northwind Schools,standard,America/Toronto",
            "Coastal Academy,basic,America/Vancouver",
        )
        bala.uploads(
            "contacts",
            "name,mail,organisation,named",
            f"Chitra,{CHITRA},Northwind Schools,yes",
            *(f"{name},{name.lower()}@northwind.example,Northwind Schools,yes" for name in MORE),
            f"Farah,{FARAH},Northwind Schools,no",
            f"Evan,{EVAN},Coastal Academy,yes",
        )
        yield desk, at_window


@pytest.fixture
def desk(sparkrock):
    return sparkrock[0]


@pytest.fixture
def at_window(sparkrock):
    return sparkrock[1]


def opens_a_case(window, subject, severity="s2"):
    page = window.open("/desk/sparkrock/cases/new/")
    form = page.locator("form.card")
    for name, value in {
        "subject": subject,
        "text": "The payroll report is empty.",
        "severity": severity,
    }.items():
        fill(form, name, value)
    form.get_by_role("button", name="Send").click()
    page.wait_for_url(re.compile(r"/cases/SPR-\d+/"))
    return re.search(r"SPR-\d+", page.url)[0]


def response_due(window, number):
    clock = (
        window.open(number).locator(".clock").filter(has_text=re.compile("response", re.IGNORECASE))
    )
    return clock.first.locator("time").first.get_attribute("datetime")


def test_the_same_claim_is_due_at_another_time_on_another_plan(at_window):
    asha = at_window(ASHA)
    here = opens_a_case(at_window(CHITRA), "Empty payroll report at Northwind")
    there = opens_a_case(at_window(EVAN), "Empty payroll report at Coastal")
    due = {response_due(asha, here), response_due(asha, there)}
    assert len(due) == 2
    at_window(CHITRA).reads("as you said, not confirmed yet", f"/desk/sparkrock/cases/{here}/")


def test_the_sixth_seat_is_refused_and_a_contact_is_replaced_by_request(at_window):
    asha, chitra = at_window(ASHA), at_window(CHITRA)
    number = opens_a_case(chitra, "Who is named?")
    page = asha.open(number)
    page.get_by_role("link", name="Named contacts and seats").click()
    expect(page.locator("h2").first).to_contain_text("5/5")
    page.locator("li", has_text="Farah").get_by_role("button").click()
    expect(page.locator("[role=alert]")).to_contain_text("Gita")
    expect(page.locator("h2").first).to_contain_text("5/5")

    page = chitra.open("/desk/sparkrock/contacts/")
    form = page.locator("form.card")
    fill(form, "leaves", "Gita", by_label=True)
    for name, value in {
        "address": HUGO,
        "name": "Hugo",
        "reason": "Gita has left the school.",
    }.items():
        fill(form, name, value)
    form.get_by_role("button", name="Ask for it").click()
    page.wait_for_url(re.compile(r"/cases/SPR-\d+/"))
    request = re.search(r"SPR-\d+", page.url)[0]
    page = asha.open(request)
    expect(page.locator("#fact-seat summary")).to_contain_text("Hugo for Gita")
    asha.act(request, "seat", "Replace")
    expect(page.locator("#timeline")).to_contain_text("Gita gave the seat to Hugo")
    at_window(HUGO).reads("Open a case", "/desk/sparkrock/cases/new/")


def signed_estimate(desk, at_window):
    """A case Asha verified and offered two hours for, which Chitra signed; returns its number."""
    asha, chitra = at_window(ASHA), at_window(CHITRA)
    number = opens_a_case(chitra, "A report of our own")
    asha.act(number, "severity", "Verify", severity="s3", reason="There is a workaround")
    asha.reads("There is a workaround")
    asha.act(
        number,
        "estimates",
        "Offer",
        time="2 h",
        cost="300 CAD",
        words="A report with one line a school",
    )
    asha.reads("The customer is asked to sign.")
    asked = patiently(
        lambda: [
            m for m in desk.sink.mails(CHITRA, Subject=number) if "one line a school" in words_of(m)
        ],
        "the estimate by mail",
    )[-1]
    assert "300.00 CAD" in words_of(asked)
    farah = at_window(FARAH)
    farah.reads(
        "The named contacts of Northwind Schools decide this.", f"/desk/sparkrock/cases/{number}/"
    )
    page = chitra.open(f"/desk/sparkrock/cases/{number}/")
    page.get_by_role("button", name="Sign: do the work").click()
    chitra.reads("Signed. The work begins.")
    return number


def test_a_claim_becomes_a_work_order_a_delivery_and_is_closed(desk, at_window):
    asha, chitra = at_window(ASHA), at_window(CHITRA)
    number = signed_estimate(desk, at_window)
    asha.act(number, "work", "Book", time="1 h 30 min", cost="225 CAD", words="Written and tried")
    page = asha.open(number)
    expect(page.locator("#fact-work summary")).to_contain_text("1 h 30 min of 2 h")
    asha.act(number, "delivery", "Deliver", version="4.2", words="Unpack it beside the old one.")
    asha.reads("The customer is asked to confirm.")
    patiently(
        lambda: [m for m in desk.sink.mails(CHITRA, Subject=number) if "Unpack it" in words_of(m)],
        "the delivery",
    )
    page = chitra.open(f"/desk/sparkrock/cases/{number}/")
    expect(page.locator("main")).to_contain_text("225.00 CAD")
    page.get_by_role("button", name="Confirm").click()
    chitra.reads("Confirmed. Thank you.")
    expect(asha.open(number).locator("#head")).to_contain_text("complete", ignore_case=True)
    page = chitra.open(f"/desk/sparkrock/cases/{number}/")
    page.get_by_role("link", name="Close the case").click()
    page.get_by_role("button", name="Close the case").click()
    expect(asha.open(number).locator("#head")).to_contain_text("closed", ignore_case=True)
    told = (
        "EstimateOffered",
        "EstimateSigned",
        "WorkBooked",
        "Delivered",
        "DeliveryConfirmed",
        "Closed",
    )
    kinds = desk.select(
        "select l.kind from deskbook_logentry l join deskbook_ticket t on t.id = l.ticket_id"
        " where t.subject = 'A report of our own' and l.kind = any(%s) order by l.seq",
        [list(told)],
    )
    assert tuple(kind for (kind,) in kinds) == told
