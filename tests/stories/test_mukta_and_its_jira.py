"""MUKTASoft's help desk and eGov's Jira: what reaches eGov is an issue there, and both sides stay
in step through one account, whatever fails in between.

The book is MUKTASoft's own with hours round the clock. Jira is another server, spoken to over HTTP
both ways.
"""

import hashlib
import hmac
import json

import httpx
import pytest
from playwright.sync_api import expect

from tests.bridges.jira.stub_jira import stub_jira
from tests.people_factory import BOOKS
from tests.stories.people_at_screens import fill
from tests.stories.running_desk import patiently

pytestmark = pytest.mark.browser

HOURS = "{ mon-fri: 09:00-18:00, sat: 09:00-12:00, closed: odisha holidays }"
BOOK = (BOOKS / "mukta.yaml").read_text(encoding="utf-8")
assert HOURS in BOOK
BOOK = BOOK.replace(HOURS, "{ mon-sun: 00:00-24:00 }")
ASHA, OMAR = "asha@mukta.example", "omar@mukta.example"
FARID = {"accountId": "farid-1", "displayName": "Farid"}


@pytest.fixture(scope="module")
def at_mukta(story):
    seats = (
        (ASHA, "--name", "Asha", "--team", "help desk"),
        (OMAR, "--name", "Omar", "--role", "owner"),
    )
    with stub_jira() as jira, story("mukta", BOOK, *seats) as (desk, at_window):
        make_the_link(at_window(OMAR), jira)
        yield jira, at_window(ASHA), desk


@pytest.fixture
def jira(at_mukta):
    return at_mukta[0]


@pytest.fixture
def asha(at_mukta):
    return at_mukta[1]


@pytest.fixture
def desk(at_mukta):
    return at_mukta[2]


def make_the_link(omar, jira):
    form = omar.open("/console/bridges/jira").locator("form.sheet")
    typed = {
        "base_url": jira.address,
        "project": "MUK",
        "account": "desk@mukta.example",
        "token": "token-1",
        "webhook_secret": "hook-secret",
        "stage.in progress": "In Progress",
        "stage.resolved": "Done",
        "statuses": "In Progress = in progress\nDone = resolved\nTo Do = new",
    }
    for name, value in typed.items():
        fill(form, name, value)
    form.get_by_label("eGov technical team").check()
    form.get_by_role("button", name="Save and try it").click()
    omar.reads("the link works")


def told(desk, event, identifier):
    """Jira tells the desk of an event."""
    body = json.dumps(event).encode()
    signature = "sha256=" + hmac.new(b"hook-secret", body, hashlib.sha256).hexdigest()
    headers = {"X-Hub-Signature": signature, "X-Atlassian-Webhook-Identifier": identifier}
    return httpx.post(f"{desk.site}/hooks/jira/mukta/", content=body, headers=headers).status_code


def moved(key, to):
    items = [{"field": "status", "fromString": "somewhere", "toString": to}]
    return {
        "webhookEvent": "jira:issue_updated",
        "user": FARID,
        "issue": {"key": key},
        "changelog": {"items": items},
    }


def logged_bug(asha, jira, subject):
    """Log a bug and hand it on by the book; return its number and the key of its issue."""
    number = asha.logs(
        requester="engineer@jatni.example",
        channel="phone",
        subject=subject,
        text="Told on the telephone.",
        facet_type="incident",
    )
    asha.act(number, "facets", "Sort and hand on by the book", facet_category="bug")
    keys = lambda: [key for key, issue in jira.issues.items() if number in issue["summary"]]  # noqa: E731
    return number, patiently(keys, f"the issue of {number}")[0]


def test_a_bug_that_reaches_egov_is_an_issue_and_both_sides_talk(asha, jira, desk):
    number, key = logged_bug(asha, jira, "The muster roll crashes")
    patiently(
        lambda: asha.open(number).get_by_role("link", name=key, exact=True).count(),
        "the key on the ticket",
    )
    asha.writes(number, "eGov looks at it.")
    comments = jira.issues[key]["comment"]["comments"]
    patiently(
        lambda: any("eGov looks at it." in one["body"] for one in comments), "the answer in Jira"
    )
    patiently(
        lambda: jira.issues[key]["status"]["name"] == "In Progress",
        "the stage the answer set, in Jira",
    )
    said = {
        "webhookEvent": "comment_created",
        "issue": {"key": key},
        "comment": {"id": "1", "body": "Fixed in 1.2, please try.", "author": FARID},
    }
    assert [told(desk, said, "e-1"), told(desk, said, "e-1")] == [200, 200]
    patiently(
        lambda: asha.sees("Fixed in 1.2, please try.", f"/console/tickets/{number}"),
        "the comment as a note",
    )
    expect(asha.page.locator("#timeline").get_by_text("Fixed in 1.2")).to_have_count(1)
    expect(asha.page.locator("#timeline")).to_contain_text("Farid in Jira")
    assert told(desk, moved(key, "Done"), "e-2") == 200
    patiently(
        lambda: asha.sees("Resolved", f"/console/tickets/{number}"), "the stage of Jira's status"
    )
    panel = "section[aria-label=Jira]"
    patiently(
        lambda: "Done" in asha.open(number).locator(panel).inner_text(),
        "the status there beside it",
    )


def test_what_is_answered_while_jira_is_down_arrives_afterwards_in_order(asha, jira):
    number, key = logged_bug(asha, jira, "The bill is lost")
    patiently(
        lambda: asha.open(number).get_by_role("link", name=key, exact=True).count(),
        "the key on the ticket",
    )
    jira.answers, jira.retry_after = [429], "1"
    asha.writes(number, "First word.")
    asha.writes(number, "Second word.")

    def both():
        bodies = [one["body"] for one in jira.issues[key]["comment"]["comments"]]
        return len(bodies) > 1 and bodies

    first, second = patiently(both, "both answers in Jira", seconds=120)
    assert ["First word." in first, "Second word." in second] == [True, True]


def test_a_move_the_book_refuses_stands_on_the_ticket(asha, jira, desk):
    number, key = logged_bug(asha, jira, "The estimate is wrong")
    patiently(
        lambda: asha.open(number).get_by_role("link", name=key, exact=True).count(),
        "the key on the ticket",
    )
    asha.writes(number, "We work on it.")
    assert told(desk, moved(key, "To Do"), "e-3") == 200
    address = f"/console/tickets/{number}"
    patiently(
        lambda: asha.sees(f"Farid moved {key} to “To Do”.", address),
        "the refused move on the ticket",
    )
    expect(asha.page.locator("section[aria-label=Jira]")).to_contain_text("the book does not allow")
    asha.reads("Farid moved", "/console/left-over/")


def test_nobody_else_is_believed(desk):
    answer = httpx.post(
        f"{desk.site}/hooks/jira/mukta/", content=b"{}", headers={"X-Hub-Signature": "sha256=0"}
    )
    assert answer.status_code == 403
