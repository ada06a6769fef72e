"""SPARK's login page opens a case for Leela, who cannot sign in there; she reads the answer on the
page, and it hears when the case is closed. The system signs what it sends and proves what it is
told.
"""

import json
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import expect
from standardwebhooks import Webhook

from tests.channels.app.other_system import running_system, signed
from tests.stories.people_at_screens import fill
from tests.stories.running_desk import patiently

pytestmark = pytest.mark.browser

BOOK = (Path(__file__).parents[2] / "books/spark.yaml").read_text(encoding="utf-8")
PORTAL = "  portal:   "
LOGIN_PAGE = "  login page: { by: app, name: SPARK login page }\n"
ASHA, OMAR = "asha@pmu.example", "omar@pmu.example"
LEELA = {"id": "512345", "name": "Leela K. Nair", "mail": "leela@school.example"}


@pytest.fixture(scope="module")
def spark(story):
    assert BOOK.count(PORTAL) == 1
    book = BOOK.replace(PORTAL, LOGIN_PAGE + PORTAL)
    seats = ((OMAR, "--name", "Omar", "--role", "owner"), (ASHA, "--name", "Asha", "--team", "pmu"))
    with running_system() as page, story("spark", book, *seats) as (desk, at_window):
        yield desk, at_window, page


@pytest.fixture(scope="module")
def login_page(spark):
    """Omar connects it; return a function by which it asks the desk."""
    _desk, at_window, page = spark
    omar = at_window(OMAR)
    omar.open("/console/")
    omar.page.get_by_role("link", name="Settings").click()
    omar.page.get_by_role("link", name="Other systems").click()
    form = omar.page.locator("form.stack").last
    fill(form, "name", "SPARK login page")
    fill(form, "address", page.address)
    form.get_by_role("button", name="Connect").click()
    expect(omar.page.locator(".once")).to_contain_text("it is not shown again")
    page.secret = omar.page.locator("#secret").inner_text().strip()
    door = omar.page.locator(".once .mono").first.inner_text().strip()

    def asks(type_, **data):
        body = json.dumps({"type": type_, "data": data})
        headers = {"content-type": "application/json", **signed(page.secret, body)}
        answer = httpx.post(door, content=body, headers=headers)
        assert answer.status_code == 200, answer.text
        return answer.json()

    return asks


def heard(page, type_, **says):
    """Return what the login page was told of this type that says so, once it was, proved."""

    def told():
        events = [event for event in page.told if event["type"] == type_]
        return [
            event
            for event in events
            if all(event["data"].get(key) == value for key, value in says.items())
        ]

    event = patiently(told, f"{type_} at the login page")[-1]
    headers = next(one for one in page.headers if one["webhook-id"] == event["id"])
    Webhook(page.secret).verify(headers["body"], headers)
    return event["data"]


def test_who_cannot_sign_in_is_helped_on_the_login_page_itself(spark, login_page):
    desk, at_window, page = spark
    number = login_page(
        "case.open",
        person=LEELA,
        reference="LP-7",
        subject="My password is refused",
        text="SPARK says that my PEN is not known.",
    )["case"]
    heard(page, "case.told", purpose="acknowledgement")
    asha = at_window(ASHA)
    asha.reads("SPARK says that my PEN is not known.", number)
    asha.writes(number, "Your office has to join you first: Form 3.")
    answer = heard(page, "case.answered")
    assert answer["text"] == "Your office has to join you first: Form 3."
    assert (answer["case"], answer["reference"]) == (number, "LP-7")
    login_page("case.add", reference="LP-7", text="They did. It works now.")
    asha.reads("They did. It works now.", number)
    asha.act(number, "stage", "Move", stage="replied")
    heard(page, "case.moved", became="replied")
    asha.act(number, "stage", "Move", stage="closed")
    closed = heard(page, "case.closed")
    assert (closed["open"], closed["case"]) == (False, number)
    said = login_page("case.ask", reference="LP-7")
    assert said["open"] is False
    assert [one["text"] for one in said["answers"]] == [answer["text"]]
    assert desk.sink.mails(LEELA["mail"]) == []
