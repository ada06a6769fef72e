"""Leela in Kannur chats with SPARK from her phone, on a line that is cut; a paper comes as a
file.
"""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.stories.mail_sink import words_of
from tests.stories.people_at_screens import PATIENCE_MS
from tests.stories.running_desk import patiently

pytestmark = pytest.mark.browser

BOOK = (Path(__file__).parents[2] / "books/spark.yaml").read_text(encoding="utf-8")
HOURS = "working days: { mon-sat: 09:30-17:30, closed: kerala holidays }"
OPEN = BOOK.replace(HOURS, "working days: { mon-sun: 00:00-24:00 }")
"""The hours, so that the story is told at any time of any day."""
SHUT = BOOK.replace(HOURS, "working days: { thu: 03:00-03:01 }")
ASHA, BALA, LEELA = "asha@pmu.example", "bala@pmu.example", "leela@school.example"
TWO_MINUTES_LATER = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "deskbook.config.settings"
from deskbook.server.database import available
from deskbook.config.environment import read
with available(read()):
    import django
    django.setup()
    from datetime import UTC, datetime, timedelta
    from deskbook.jobs.chats import tend
    tend(datetime.now(UTC) + timedelta(seconds=100))
"""


@pytest.fixture(scope="module")
def spark(story):
    assert OPEN != BOOK
    agents = ((BALA, "--name", "Bala", "--role", "lead"), (ASHA, "--name", "Asha", "--team", "pmu"))
    with story("spark", OPEN, *agents) as (desk, at_window):
        leela = f"Leela K. Nair,{LEELA},+919447123456,512345,en,Kannur"
        at_window(BALA).uploads("contacts", "name,mail,phone,pen,language,district", leela)
        yield desk, at_window


@pytest.fixture
def phone(spark, chromium):
    """Leela's phone: small, in India, not signed in anywhere."""
    desk, _at_window = spark
    context = chromium.new_context(
        base_url=desk.site,
        viewport={"width": 360, "height": 740},
        timezone_id="Asia/Kolkata",
        locale="en-IN",
    )
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    yield page
    context.close()


def states(page, pen, text):
    page.get_by_label("Name").fill("leela nair")
    page.get_by_label("PEN").fill(pen)
    page.get_by_label("Registered mobile").fill("94471 23456")
    page.get_by_label("How can we help?").fill(text)


def writes(page, text):
    page.get_by_label("Your message").fill(text)
    page.get_by_role("button", name="Send", exact=True).click()


def answers(console, text):
    console.locator(".pane textarea").fill(text)
    console.locator(".pane textarea").press("Enter")


def is_said_once(page, lines, text):
    expect(page.locator(lines).get_by_text(text, exact=True)).to_have_count(1)


def gets_in(phone):
    phone.goto("/chat/spark/")
    states(phone, "512354", "My DA arrears are missing.")
    phone.get_by_role("button", name="Begin the chat").click()
    expect(phone.locator("#refusal")).to_contain_text("This does not match what the desk knows.")
    phone.get_by_label("PEN").fill("512345")
    phone.get_by_role("button", name="Begin the chat").click()
    expect(phone.locator("#where")).to_contain_text("You are next.")


def is_taken(console, phone):
    console.get_by_role("button", name=re.compile("^Take next")).click()
    expect(phone.locator("#where")).to_contain_text("Asha is here.")
    answers(console, "Which months are missing?")
    is_said_once(phone, "#lines", "Which months are missing?")
    return console.locator(".pane .number").inner_text()


def talks_through_a_cut_line(console, phone):
    phone.context.set_offline(True)
    writes(phone, "September and October")
    expect(phone.locator(".bubble.waits")).to_contain_text("Not sent yet")
    answers(console, "And please send the slip.")
    phone.context.set_offline(False)
    is_said_once(phone, "#lines", "And please send the slip.")
    is_said_once(console, ".pane-log", "September and October")


def hands_in_a_paper(console, phone):
    slip = {"name": "slip.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 slip"}
    phone.locator("#files").set_input_files(slip)
    expect(console.locator(".pane a.file")).to_contain_text("slip.pdf")
    expect(phone.locator("#lines a.file")).to_contain_text("slip.pdf")


def not_heard_of_for_a_minute(desk, console):
    """The clock is put forward for her line, once more as long as the desk has not seen that it is
    closed.
    """

    def told():
        desk.select(
            "update deskbook_chatsession set seen_at = now() - interval '1 minute' returning id"
        )
        return console.locator(".pane .why").filter(has_text="Line cut").count()

    patiently(told, "that her line is cut, at the console")


def is_written_to_after_she_left(desk, console, phone):
    phone.context.close()
    answers(console, "Both will be in the December bill.")
    is_said_once(console, ".pane-log", "Both will be in the December bill.")
    not_heard_of_for_a_minute(desk, console)
    desk.run_python(TWO_MINUTES_LATER)
    missed = patiently(
        lambda: [m for m in desk.sink.mails(LEELA) if "December bill" in words_of(m)],
        "what she missed",
    )
    assert "Which months are missing?" not in words_of(missed[-1])


def test_leela_gets_in_talks_through_a_cut_line_and_hands_in_her_slip(spark, phone):
    desk, at_window = spark
    console = at_window(ASHA).open("/console/chats/")
    gets_in(phone)
    number = is_taken(console, phone)
    talks_through_a_cut_line(console, phone)
    hands_in_a_paper(console, phone)
    is_written_to_after_she_left(desk, console, phone)
    console.get_by_role("button", name="End", exact=True).click()
    expect(console.locator(".pane .why")).to_contain_text("The chat has ended.")
    ticket = at_window(ASHA).open(number)
    expect(ticket.locator("#timeline")).to_contain_text("September and October")
    expect(ticket.locator("#timeline").get_by_role("link", name="slip.pdf")).to_be_visible()
    expect(ticket.locator("#timeline")).to_contain_text("Both will be in the December bill.")
    expect(ticket.locator("#fact-assignment")).to_contain_text("Asha")


def test_out_of_hours_the_chat_takes_a_message_and_says_when_it_opens(spark, phone):
    desk, at_window = spark
    desk.apply("spark", SHUT)
    phone.goto("/chat/spark/")
    expect(phone.get_by_text("the Master Trainers answer on the next working day")).to_be_visible()
    expect(phone.locator("#opens")).to_contain_text(re.compile(r"Thu.*0?3:00.*(IST|GMT\+5:30)"))
    states(phone, "512345", "The form of my colleague was returned.")
    phone.get_by_role("button", name="Send the message").click()
    thanks = phone.get_by_role("status").first
    expect(thanks).to_contain_text("We have your message.")
    number = re.search(r"SPK-\d+", thanks.inner_text())[0]
    expect(at_window(ASHA).open(number).locator("#timeline")).to_contain_text(
        "The form of my colleague"
    )
