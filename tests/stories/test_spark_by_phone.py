"""Offices ring SPARK: a call is logged by PEN in a few keys, goes on by mail, and one missed at
night is called back.

The book is SPARK's own with hours that are over now and begin again in some hours, whenever the
story is told, and English before Malayalam.
"""

import re
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import pytest
from playwright.sync_api import expect
from standardwebhooks import Webhook

from tests.stories.mail_sink import words_of
from tests.stories.people_at_screens import number_in
from tests.stories.people_outside import letter, send
from tests.stories.running_desk import patiently

pytestmark = pytest.mark.browser

OPENS = (datetime.now(ZoneInfo("Asia/Kolkata")).hour + 3) % 24
HOURS, CLOSED_NOW = (
    re.compile(r"working days: \{ mon-sat: 09:30-17:30[^}]*\}"),
    f"{OPENS:02}:00-{OPENS + 1:02}:00",
)
BOOK = (Path(__file__).parents[2] / "books/spark.yaml").read_text(encoding="utf-8")
assert HOURS.search(BOOK), "the book writes its hours otherwise now"
BOOK = HOURS.sub(f"working days: {{ mon-sun: {CLOSED_NOW} }}", BOOK).replace("[ml, en]", "[en, ml]")
ASHA, OWNER = "asha@pmu.example", "esther@pmu.example"
OFFICE, DESK, NUMBER = "ddo@school.example", "info@spark.example", "+919447012345"
KEYS_IN_TWENTY_SECONDS = 66
"""Of somebody who types 200 letters a minute."""


class Keys:
    """Asha's keyboard, counted."""

    def __init__(self, page):
        self.page, self.count = page, 0

    def press(self, key):
        self.count += key.count("+") + 1
        self.page.keyboard.press(key)

    def type(self, text):
        self.count += len(text)
        self.page.keyboard.type(text)


@pytest.fixture(scope="module")
def spark(story):
    agents = (
        (OWNER, "--name", "Esther", "--role", "owner"),
        (ASHA, "--name", "Asha", "--team", "pmu"),
    )
    with story("spark", BOOK, *agents) as (desk, at_window):
        at_window(OWNER).uploads(
            "contacts",
            "name,pen,phone,office,district",
            f"Leela Nambiar,512345,{NUMBER},Hill Road School,Kannur",
        )
        yield desk, at_window


@pytest.fixture(scope="module")
def secret(spark):
    """The secret the telephone system signs with, as the owner read it once."""
    owner = spark[1](OWNER)
    page = owner.open("/console/telephone/")
    page.locator("[name=name]").fill("Office PBX")
    page.get_by_role("button", name="Connect").click()
    found = page.locator("#secret").inner_text()
    page.goto("/console/people/agents/")
    page.get_by_role("link", name="Asha").click()
    page.locator("[name=extension]").fill("204")
    page.get_by_role("button", name="Save").click()
    owner.reads("Saved.")
    return found


def test_a_call_is_logged_for_a_pen_in_less_than_twenty_seconds_of_typing(spark):
    page = spark[1](ASHA).open("/console/")
    keys = Keys(page)
    keys.press("Shift+C")
    expect(page.locator("#caller")).to_be_focused()
    keys.type("5123")
    expect(page.locator("[role=option]")).to_contain_text("Leela Nambiar")
    keys.press("Enter")
    expect(page.locator("#caller-card")).to_contain_text("Hill Road School")
    expect(page.locator("#f-text")).to_be_focused()
    keys.type("OTP for the login does not come since Monday")
    keys.press("Control+Enter")
    expect(page.locator(".big-number")).to_contain_text("SPK-")
    assert keys.count <= KEYS_IN_TWENTY_SECONDS, keys.count
    page = spark[1](ASHA).open(page.locator(".big-number").inner_text())
    expect(page.locator("#fact-facets")).to_contain_text("Kannur")


def test_the_call_goes_on_by_mail_and_the_answer_lands_on_its_ticket(spark):
    desk, asha = spark[0], spark[1](ASHA)
    page = asha.open("/console/calls/new")
    page.locator("#caller").fill("9447012")
    page.get_by_role("option", name="Leela Nambiar").click()
    page.locator("#f-text").fill("The HRA of the office is wrong.")
    page.get_by_label("Continues by mail").check()
    page.locator("[name=told]").fill("We need the order of the office.")
    page.locator("[name=address]").fill(OFFICE)
    page.get_by_role("button", name="Log the call").click()
    number = page.locator(".big-number").inner_text()
    asked = patiently(
        lambda: [m for m in desk.sink.mails(OFFICE) if "order of the office" in words_of(m)],
        "the mail asking",
    )[-1]
    assert number_in(asked["Subject"]) == number
    assert f"/desk/spark/cases/{number}" in words_of(asked)
    reply_to = asked["Reply-To"].addresses[0].addr_spec
    order = letter(
        OFFICE,
        "Our order",
        "Here is the order.",
        to=reply_to,
        files=[("order.pdf", b"%PDF-1.4 order")],
    )
    send(desk, order, OFFICE)
    patiently(
        lambda: asha.sees("order.pdf", f"/console/tickets/{number}"), "the order on the ticket"
    )
    expect(asha.page.locator("#timeline")).to_contain_text("not from an official address")


def tell(desk, secret, type_, call_id, **data):
    """What a telephone system of another make sends."""
    import json

    body = json.dumps(
        {
            "specversion": "1.0",
            "id": f"{call_id}-{type_}",
            "source": "/pbx",
            "type": f"desk.call.{type_}",
            "data": {
                "provider": "pbx",
                "call_id": call_id,
                "direction": "inbound",
                "from": "09447012345",
                **data,
            },
        }
    )
    at = datetime.now(ZoneInfo("UTC"))
    signed = {
        "webhook-id": f"{call_id}-{type_}",
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret).sign(f"{call_id}-{type_}", at, body),
        "content-type": "application/cloudevents+json",
    }
    return httpx.post(
        f"{desk.site}/hooks/calls/spark/", content=body, headers=signed, trust_env=False
    )


def test_a_call_missed_at_night_becomes_a_call_back_for_the_morning(spark, secret):
    desk, asha = spark[0], spark[1](ASHA)
    stranger = "whsec_" + "eHh4" * 8
    assert tell(desk, stranger, "missed", "c1").status_code == 401
    for call in ("c1", "c1", "c2"):
        assert tell(desk, secret, "missed", call).status_code == 200
    page = asha.open("/console/call-backs/")
    rows = page.locator("li.back")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("Leela Nambiar")
    expect(rows).to_contain_text("not before")
    expect(rows).to_contain_text(f"{OPENS:02}:00 IST")
    rows.locator("summary").click()
    in_two_days = datetime.now(ZoneInfo("Asia/Kolkata")) + timedelta(days=2)
    rows.locator("[name=again_at]").fill(f"{in_two_days:%Y-%m-%dT%H:%M}")
    rows.get_by_role("button", name="Nobody answered").click()
    expect(page.locator("li.back")).to_contain_text("tried once")
    page.get_by_role("button", name="Reached").click()
    asha.reads("Called back.")
    expect(page.locator("main")).to_contain_text("Nobody waits for a call")
    patiently(
        lambda: [m for m in desk.sink.mails(OFFICE) if "call you back" in words_of(m)],
        "the office was told by mail when it is called",
    )


def test_whose_telephone_rings_sees_who_it_is_on_any_screen_and_logs_it(spark, secret):
    desk, asha = spark[0], spark[1](ASHA)
    page = asha.open("/console/?queue=open")
    expect(page.locator("#live")).to_have_class(re.compile(r"\bon\b"))
    assert tell(desk, secret, "ringing", "c9", agent_ext="204").status_code == 200
    panel = page.locator("#call-pop")
    expect(panel).to_contain_text("Leela Nambiar")
    expect(panel).to_contain_text("+91 94470 12345")
    page = asha.open("/console/contacts/")
    expect(page.locator("#call-pop")).to_contain_text("Rings at your telephone")
    tell(desk, secret, "answered", "c9", agent_ext="204")
    expect(page.locator("#call-pop")).to_contain_text("On the line")
    page.get_by_role("link", name="Log this call").click()
    expect(page.locator("#caller")).to_have_value("Leela Nambiar")
    page.locator("#f-text").fill("Asks when the HRA is changed.")
    page.get_by_label("Solved on the phone").check()
    page.get_by_role("button", name="Log the call").click()
    expect(page.locator(".big-number")).to_contain_text("SPK-")
    expect(page.locator("#call-pop")).to_be_empty()
    number = page.locator(".big-number").inner_text()
    expect(asha.open(number).locator("#head")).to_contain_text("replied", ignore_case=True)
