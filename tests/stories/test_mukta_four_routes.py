"""The help desk of MUKTASoft sorts what it is told and hands it on by the book, one ticket by each
of its four ways.

The book is MUKTASoft's own with hours round the clock (so that the story can be told at any time of
day) and four seconds for what is critical, so that one can wait for it.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from tests.stories.mail_sink import words_of
from tests.stories.people_at_screens import in_words
from tests.stories.people_outside import letter, send
from tests.stories.running_desk import patiently

pytestmark = pytest.mark.browser

SWAPS = {
    "{ mon-fri: 09:00-18:00, sat: 09:00-12:00, closed: odisha holidays }": (
        "{ mon-sun: 00:00-24:00 }"
    ),
    "answer: 1bd,        from: arrival": "answer: 4s, from: arrival",
}
BOOK = (Path(__file__).parents[2] / "books/mukta.yaml").read_text(encoding="utf-8")
for old, new in SWAPS.items():
    assert old in BOOK, f"the book does not say “{old}” any more"
    BOOK = BOOK.replace(old, new)
ASHA, USER = "asha@mukta.example", "engineer@jatni.example"
FUNCTIONAL = {"facet_category": "functional"}
INFRASTRUCTURE = {"facet_category": "technical", "facet_concern": "hudd infrastructure"}
IFIX = {"facet_category": "technical", "facet_concern": "ifix"}
BUG = {"facet_category": "bug"}


@pytest.fixture(scope="module")
def mukta(story):
    with story("mukta", BOOK, (ASHA, "--name", "Asha", "--team", "help desk")) as (desk, at_window):
        yield desk, at_window(ASHA)


@pytest.fixture
def desk(mukta):
    return mukta[0]


@pytest.fixture
def asha(mukta):
    return mukta[1]


def logged(asha, subject, **more):
    given = {
        "requester": USER,
        "name": "Engineer of Jatni",
        "channel": "phone",
        "text": "Told on the telephone.",
    }
    return asha.logs(**{**given, "facet_type": "incident", "subject": subject, **more})


def handed_on(asha, number, facets):
    """Sort a ticket and hand it on by the book; return the page of it."""
    page = asha.act(number, "facets", "Sort and hand on by the book", **facets)
    expect(page.locator("#timeline")).to_contain_text("sorted it")
    return page


@pytest.mark.parametrize(
    ("facets", "team"),
    [
        (FUNCTIONAL, "Master Trainers"),
        (INFRASTRUCTURE, "HUDD technical team"),
        (IFIX, "eGov technical team"),
        (BUG, "eGov technical team"),
        ({"facet_category": "enhancement", "facet_type": "change request"}, "eGov technical team"),
    ],
    ids=["functional", "infrastructure", "the app or iFIX", "a bug", "an enhancement"],
)
def test_the_book_hands_a_ticket_on_and_the_teams_clock_starts(asha, facets, team):
    number = logged(asha, f"For {team}")
    page = asha.open(number)
    expect(page.locator("#fact-assignment")).to_contain_text("Help desk (L1)")
    expect(page.locator("section[aria-label=Clocks]")).to_have_count(0)
    page = handed_on(asha, number, facets)
    expect(page.locator("#fact-assignment")).to_contain_text(team)
    clock = page.locator("section[aria-label=Clocks] .clock", has_text="Team")
    expect(clock).to_have_count(1)
    expect(clock.locator("time").first).to_be_visible()


def test_a_recommended_time_is_never_breached_and_a_binding_one_is(desk, asha):
    late = logged(asha, "A critical bug", severity="p1")
    patient = logged(asha, "A critical question", severity="p1")
    handed_on(asha, patient, FUNCTIONAL)
    handed_on(asha, late, BUG)
    patiently(
        lambda: asha.sees("breached", f"/console/tickets/{late}"), "the binding time to be over"
    )
    assert not asha.sees("breached", f"/console/tickets/{patient}")
    breached = desk.select(
        "select t.subject from deskbook_logentry l join deskbook_ticket t on t.id = l.ticket_id"
        " where l.kind = 'LimitBreached'"
    )
    assert breached == [("A critical bug",)]


def test_a_tentative_timeline_is_promised_when_the_call_is_logged(desk, asha):
    due = (
        (datetime.now(UTC) + timedelta(days=3))
        .astimezone(ZoneInfo("Asia/Kolkata"))
        .replace(hour=12, minute=0)
    )
    number = logged(asha, "When will it be?", timeline=f"{due:%Y-%m-%dT%H:%M}")
    page = asha.open(number)
    expect(page.locator("#fact-promises summary")).to_contain_text(in_words(due))
    told = patiently(
        lambda: [
            m for m in desk.sink.mails(USER, Subject=number) if "Tentative timeline" in words_of(m)
        ],
        "the promise",
    )[-1]
    assert in_words(due) in words_of(told)


def test_who_writes_a_mail_is_given_the_id_by_mail(desk, asha):
    send(
        desk,
        letter("cbo@dhenkanal.example", "Bill not paid", "Since May.", to="helpdesk@mukta.example"),
        "cbo@dhenkanal.example",
    )
    told = patiently(
        lambda: desk.sink.mails("cbo@dhenkanal.example", Subject="MUK-"), "the id by mail"
    )[-1]
    # Nothing proves who wrote: no words of theirs are carried.
    assert "Bill not paid" not in str(told["Subject"])
    patiently(
        lambda: asha.sees("Bill not paid", "/console/?queue=open"), "the ticket in the console"
    )
