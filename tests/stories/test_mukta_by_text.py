"""Callers of MUKTASoft's help desk who have no mail: they get their ticket's number, the desk's
question, its reminders and its end as texts, in Odia or English, by a gateway that takes them over
HTTP and reports back.

The book is MUKTASoft's own with hours round the clock, its own texts for every purpose, and a
ladder of seconds.
"""

import re
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import expect

from tests.channels.sms.stub_gateway import stub_gateway
from tests.channels.sms.texting_desk import texting_book
from tests.stories.people_at_screens import fill
from tests.stories.running_desk import patiently

pytestmark = pytest.mark.browser

SWAPS = {
    "{ mon-fri: 09:00-18:00, sat: 09:00-12:00, closed: odisha holidays }": (
        "{ mon-sun: 00:00-24:00 }"
    ),
    "next: requester, set by: asking }": (
        "next: requester, set by: asking, remind: [4s], close: 12s }"
    ),
}
BOOK = texting_book()
for old, new in SWAPS.items():
    assert old in BOOK, f"the book does not say “{old}” any more"
    BOOK = BOOK.replace(old, new)
ASHA, OMAR = "asha@mukta.example", "omar@mukta.example"
SAROJINI, HARISH, RANJU = "+919437012345", "+919437054321", "+919437088888"
CONTACTS = (
    "name,phone,language",
    f"Sarojini,{SAROJINI},or",
    f"Harish,{HARISH},en",
    f"Ranju,{RANJU},en",
)


@pytest.fixture(scope="module")
def at_mukta(story):
    seats = (
        (ASHA, "--name", "Asha", "--team", "help desk"),
        (OMAR, "--name", "Omar", "--role", "owner"),
    )
    with stub_gateway() as gateway, story("mukta", BOOK, *seats) as (desk, at_window):
        omar = at_window(OMAR)
        omar.uploads("contacts", *CONTACTS)
        connect(omar, gateway)
        yield gateway, at_window(ASHA), omar, desk


@pytest.fixture
def gateway(at_mukta):
    return at_mukta[0]


@pytest.fixture
def asha(at_mukta):
    return at_mukta[1]


@pytest.fixture
def omar(at_mukta):
    return at_mukta[2]


@pytest.fixture
def desk(at_mukta):
    return at_mukta[3]


def connect(omar, gateway):
    """The owner types in where the gateway is, and its token."""
    page = omar.open("/console/texts/gateway?preset=other")
    form = page.locator("form.stack").first
    fill(form, "sender", "MUKTAH")
    fill(form, "secret", "s3cret")
    fill(form, "url", f"{gateway.address}/send")
    form.get_by_role("button", name="Save").click()
    omar.reads("Saved. Send a test text")


def sent_to(gateway, number):
    return [request["fields"] for request in gateway.requests if request["fields"]["to"] == number]


def texted(gateway, number, words):
    """Return the text a phone got that says these words, once it is there."""

    def told():
        return [f for f in sent_to(gateway, number) if re.search(words, f["text"])]

    return patiently(told, f"a text to {number} that says {words}")[-1]


def reports(fields, status):
    """The gateway reports on a text to the address it was given with it."""
    said = {"id": "any", "client_ref": fields["client_ref"], "status": status}
    assert httpx.post(fields["report_url"], json=said).status_code == 200


def called(asha, number, subject):
    return asha.logs(
        requester=number,
        channel="phone",
        subject=subject,
        text="Told on the telephone.",
        facet_type="incident",
    )


def test_a_caller_without_mail_gets_the_number_of_the_ticket_in_odia_and_it_is_seen_to_arrive(
    asha, gateway
):
    ticket = called(asha, SAROJINI, "The muster roll does not open")
    got = texted(gateway, SAROJINI, ticket)
    assert got["text"] == f"ଆପଣଙ୍କ ଅନୁରୋଧ ସଂଖ୍ୟା {ticket}।"
    reports(got, "delivered")
    page = asha.open("/console/texts/")
    row = page.locator("li.held", has_text=SAROJINI)
    expect(row).to_contain_text("delivered")
    expect(row).to_contain_text("1 part · Unicode")
    expect(row.get_by_role("link", name=ticket)).to_be_visible()


def test_a_caller_is_asked_reminded_and_told_of_the_end_by_text(asha, gateway):
    ticket = called(asha, HARISH, "Bill not paid")
    assert texted(gateway, HARISH, ticket)["text"] == f"Your request is {ticket}."
    asha.writes(ticket, "Which month is the bill of?", act="question")
    assert (
        texted(gateway, HARISH, "Which month")["text"] == f"{ticket}: Which month is the bill of?"
    )
    assert texted(gateway, HARISH, "waits")["text"] == f"{ticket} waits for your answer."
    assert texted(gateway, HARISH, "closed")["text"] == f"{ticket} is closed."
    words = [fields["text"] for fields in sent_to(gateway, HARISH)]
    assert len(words) == len(set(words)) == 4


def test_a_text_that_does_not_arrive_is_on_the_ticket_and_is_sent_again_by_hand(asha, gateway):
    ticket = called(asha, RANJU, "The estimate is gone")
    first = texted(gateway, RANJU, ticket)
    reports(first, "failed")
    expect(asha.open(ticket).locator("#timeline")).to_contain_text("could not be delivered")
    row = asha.open("/console/left-over/").locator("li.held", has_text=RANJU)
    expect(row).to_contain_text("The gateway reports: failed.")
    row.get_by_role("button", name="Try again").click()
    asha.reads("It is tried again.")
    again = patiently(lambda: sent_to(gateway, RANJU)[1:], "the text once more")[0]
    assert again["text"] == first["text"]
    assert again["client_ref"] != first["client_ref"]


def test_a_text_back_is_an_answer_on_their_ticket(asha, gateway, desk):
    got = sent_to(gateway, RANJU)[0]
    coming = {"id": "in-1", "from": RANJU, "text": "It is back again, thank you"}
    assert httpx.post(got["report_url"], json=coming).status_code == 200
    ticket = re.search(r"MUK-\d+", got["text"])[0]
    expect(asha.open(ticket).locator("#timeline")).to_contain_text("It is back again, thank you")


def test_the_owner_tries_a_text_and_nobody_sees_the_secret(omar, gateway, desk):
    page = omar.open("/console/texts/gateway")
    assert "s3cret" not in page.content()
    form = page.locator("form", has=page.get_by_role("button", name="Send a test text"))
    fill(form, "number", "+91 94370 66666")
    form.get_by_role("button", name="Send a test text").click()
    texted(gateway, "+919437066666", "MUK-12")
    assert "s3cret" not in Path(desk.data / "serve.log").read_text(errors="replace")
    assert gateway.requests[-1]["headers"]["Authorization"] == "Bearer s3cret"
