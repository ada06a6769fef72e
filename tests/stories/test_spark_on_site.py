"""An office asks SPARK for training: the PMU decides, trainers with free days are sent, they go and
report.

The book is SPARK's own; the visit itself is dated a few seconds ahead, so that one can wait for it.
"""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import httpx
import pytest
from icalendar import Calendar
from playwright.sync_api import expect

from tests.stories.mail_sink import words_of
from tests.stories.people_at_screens import fill
from tests.stories.running_desk import patiently

pytestmark = pytest.mark.browser
BOOK = (
    (Path(__file__).parents[2] / "books/spark.yaml")
    .read_text(encoding="utf-8")
    .replace("[ml, en]", "[en, ml]")
)
BALA, ASHA, MEERA, RAVI = (
    "bala@pmu.example",
    "asha@pmu.example",
    "meera@dmt.example",
    "ravi@dmt.example",
)
OFFICE, KOLKATA = "office@kollam.example", ZoneInfo("Asia/Kolkata")


@pytest.fixture(scope="module")
def spark(story):
    agents = (
        (BALA, "--name", "Bala", "--role", "lead", "--team", "pmu"),
        (ASHA, "--name", "Asha", "--team", "kollam treasury"),
        (MEERA, "--name", "Meera", "--team", "dmt"),
        (RAVI, "--name", "Ravi", "--team", "dmt"),
    )
    with story("spark", BOOK, *agents) as (desk, at_window):
        at_window(BALA).uploads(
            "contacts", "name,mail,pen,district", f"Leela,{OFFICE},512345,Kollam"
        )
        yield desk, at_window


def told(desk, whom, words):
    """Return the mail to somebody that has the words in it, once it is there."""
    return patiently(
        lambda: [m for m in desk.sink.mails(whom) if words in words_of(m)], f"{whom}: {words}"
    )[-1]


def calendar_in(mail):
    [file] = [
        part for part in mail.iter_attachments() if part.get_content_type() == "text/calendar"
    ]
    calendar = Calendar.from_ical(file.get_content())
    [event] = calendar.walk("VEVENT")
    return str(calendar["method"]), event


def asked_for(at_window):
    """The office asks on its page; returns the number of its case."""
    page = at_window(OFFICE).open("/desk/spark/visits/new/")
    form = page.locator("form.card")
    for name, value in {
        "subject": "Training for our new office",
        "text": "Nobody here has used SPARK.",
        "people": "14",
        "place": "Village Office, River Bank",
        "facet-district": "kollam",
    }.items():
        fill(form, name, value)
    form.get_by_role("button", name="Send").click()
    page.wait_for_url(re.compile(r"/cases/SPK-\d+/$"))
    expect(page.locator("body")).to_contain_text("not decided yet")
    return page.url.rstrip("/").rpartition("/")[2]


def approved(bala, number):
    page = bala.open(f"/console/tickets/{number}/visit")
    expect(page.locator("main")).to_contain_text("Village Office, River Bank")
    page.get_by_role("radio", name="Approve").check()
    page.get_by_label("Why", exact=True).fill("Fourteen are many: we come.")
    page.get_by_role("button", name="Decide", exact=True).click()
    bala.reads("Approved.")
    return page


def working_day():
    """The next day SPARK works that is neither today nor tomorrow, by its weekdays alone."""
    day = datetime.now(KOLKATA).date() + timedelta(days=2)
    while day.weekday() == 6 or (day.weekday() == 5 and 8 <= day.day <= 14):
        day += timedelta(days=1)
    return day


def sent(page, *people, day, begins="10:00", ends="16:00", button="Date it"):
    """Choose a day and people in the table of free days and send them."""
    form = page.locator("#plan form.stack")
    if not form.locator(f"input[name=day][value='{day}']").count():
        page.locator("#first").fill(day.isoformat())
        page.get_by_role("button", name="Show").click()
    form.locator(f"input[name=day][value='{day}']").check()
    for name in ("Meera", "Ravi"):
        form.get_by_role("checkbox", name=name).set_checked(name in people)
    fill(form, "begins", begins)
    fill(form, "ends", ends)
    if form.locator("[name=anyway]").count():
        # Holidays of the year the story is told in are not its matter.
        form.locator("[name=anyway]").check()
    form.get_by_role("button", name=button).click()


def dated_and_told(desk, bala, number):
    """Both trainers are dated; everybody concerned has it in the mail. Returns the entry of the
    office's calendar.
    """
    page, day = approved(bala, number), working_day()
    told(desk, OFFICE, "We will come to you")
    sent(page, "Meera", "Ravi", day=day)
    bala.reads("Dated.")
    mail = told(desk, OFFICE, "Who comes: Meera, Ravi")
    method, event = calendar_in(mail)
    assert number in str(mail["Subject"])
    assert (method, int(event["sequence"]), str(event["location"])) == (
        "PUBLISH",
        0,
        "Village Office, River Bank",
    )
    assert event["dtstart"].dt.astimezone(KOLKATA).date() == day
    told(desk, RAVI, "You go on a visit")
    return event


def declined_by_the_office(desk, office, number):
    page = office.open(f"/desk/spark/cases/{number}/")
    page.get_by_label("If it does not suit").fill("Pay day.")
    page.get_by_role("button", name="It does not suit").click()
    office.reads("The desk looks for another date.")
    told(desk, MEERA, "does not suit")


def moved_to_now(desk, bala, number, event):
    """Moved to the next minute and to Meera alone; returns when it begins."""
    begins = (datetime.now(KOLKATA) + timedelta(seconds=75)).replace(second=0, microsecond=0)
    page = bala.open(f"/console/tickets/{number}/visit")
    expect(page.locator("main")).to_contain_text("Pay day.")
    page.get_by_role("link", name="Move").click()
    page.wait_for_url("**move=*")
    sent(page, "Meera", day=begins.date(), begins=f"{begins:%H:%M}", ends="23:59", button="Move")
    bala.reads("Moved.")
    method, moved = calendar_in(told(desk, OFFICE, "was moved"))
    assert (method, int(moved["sequence"]), moved["uid"]) == ("PUBLISH", 1, event["uid"])
    method, off = calendar_in(told(desk, RAVI, "You do not go"))
    assert (method, off["status"], off["uid"]) == ("CANCEL", "CANCELLED", event["uid"])
    return begins


def in_her_calendar(desk, meera):
    feed = meera.open("/console/visits/").locator("#feed-own").input_value()
    answer = httpx.get(desk.site + urlsplit(feed).path, trust_env=False)
    [mine] = Calendar.from_ical(answer.content).walk("VEVENT")
    return mine


def carried_out_and_reported(meera, number):
    page = meera.open(f"/console/tickets/{number}/visit")
    page.get_by_role("button", name="Carried out").click()
    meera.reads("Carried out. What is left is the report.")
    refused = meera.act(number, "stage", "Move", stage="replied")
    expect(refused.locator("body")).to_contain_text("report how many attended first")
    form = meera.open(f"/console/tickets/{number}/visit").locator(".a-visit form[enctype]")
    fill(form, "attended", "2")
    fill(form, "text", "Both made a pay bill.")
    attendance = {"name": "there.csv", "mimeType": "text/csv", "buffer": b"Name\nAnu\nBinu\n"}
    form.locator("[name=files]").set_input_files(attendance)
    form.get_by_role("button", name="Report").click()
    meera.reads("Reported.")
    page = meera.act(number, "stage", "Move", stage="replied")
    expect(page.locator("#head")).to_contain_text("Replied")


def test_an_office_asks_trainers_come_and_the_report_says_how_many_were_there(spark):
    desk, at_window = spark
    bala, meera, office = at_window(BALA), at_window(MEERA), at_window(OFFICE)
    number, asha = asked_for(at_window), at_window(ASHA)
    page = asha.open(f"/console/tickets/{number}/visit")
    expect(page.locator("main")).to_contain_text("SPARK PMU decides.")
    expect(page.get_by_role("radio", name="Approve")).to_have_count(0)
    event = dated_and_told(desk, bala, number)
    declined_by_the_office(desk, office, number)
    begins = moved_to_now(desk, bala, number, event)
    mine = in_her_calendar(desk, meera)
    assert (mine["uid"], mine["status"]) == (event["uid"], "CONFIRMED")
    patiently(lambda: datetime.now(UTC) > begins, "the visit to begin", seconds=90)
    carried_out_and_reported(meera, number)
    office.reads("took place", f"/desk/spark/cases/{number}/")
    assert desk.select("select state, attended from deskbook_datedvisit") == [("reported", 2)]


def test_a_visit_that_is_refused_says_why(spark):
    desk, at_window = spark
    number = asked_for(at_window)
    page = at_window(BALA).open(f"/console/tickets/{number}/visit")
    page.get_by_role("radio", name="Refuse").check()
    page.get_by_label("Why", exact=True).fill("The treasury in your town trains on Thursday.")
    page.get_by_role("button", name="Decide", exact=True).click()
    at_window(BALA).reads("Refused.")
    told(desk, OFFICE, "The treasury in your town trains on Thursday.")
    at_window(OFFICE).reads(
        "The treasury in your town trains on Thursday.", f"/desk/spark/cases/{number}/"
    )
