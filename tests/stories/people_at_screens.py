"""Those who use a desk in a browser: each has a window of their own and signs in by a mailed
code.
"""

import logging
import re
from contextlib import contextmanager
from datetime import datetime, timedelta
from urllib.parse import quote
from zoneinfo import ZoneInfo

from playwright.sync_api import expect

from tests.stories.mail_sink import words_of
from tests.stories.running_desk import patiently

PATIENCE_MS = 20_000
expect.set_options(timeout=PATIENCE_MS)


class Window:
    """Somebody at a screen of a running desk."""

    def __init__(self, desk, chromium, address):
        self.desk, self.address, self.errors = desk, address, []
        self.context = chromium.new_context(
            base_url=desk.site,
            viewport={"width": 1280, "height": 900},
            locale="en-GB",
            accept_downloads=True,
        )
        self.page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE_MS)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def sign_in(self):
        before = len(self.desk.sink.mails(self.address))
        self.page.goto("/account/login/")
        self.page.locator("#email").fill(self.address)
        self.page.locator("form.card button").click()
        patiently(
            lambda: len(self.desk.sink.mails(self.address)) > before, f"the code for {self.address}"
        )
        code = re.search(
            r"^ {4}(\S+)", words_of(self.desk.sink.mails(self.address)[-1]), re.MULTILINE
        )[1]
        self.page.locator("#code").fill(code)
        self.page.locator("button[value=verify]").click()
        self.page.wait_for_url(lambda address: "/account/login" not in address)
        return self

    def open(self, where):
        """Go to an address; one that is a ticket's number is that ticket at the console."""
        self.page.goto(where if where.startswith("/") else f"/console/tickets/{where}")
        return self.page

    def reads(self, words, where=None):
        """Wait until the words stand on the page; `where` goes there first."""
        if where:
            self.open(where)
        expect(self.page.locator("body")).to_contain_text(words)

    def sees(self, words, where):
        """Return whether the words stand on a page now."""
        return words in self.open(where).locator("body").inner_text()

    def logs(self, **given):
        """Log a ticket and return its number; names of fields as the form has them, "facet_…" for
        "facet.…".
        """
        self.open("/console/tickets/new")
        form = self.page.locator("form.sheet")
        for name, value in given.items():
            fill(form, name.replace("facet_", "facet."), value)
        form.get_by_role("button", name="Log the ticket").click()
        self.page.wait_for_url(re.compile(r"/console/tickets/[A-Z]+-\d+"))
        return re.search(r"[A-Z]+-\d+", self.page.url)[0]

    def act(self, number, fact, button, **given):
        """Open a fact beside a ticket, fill its form and send it."""
        self.open(number)
        panel = self.page.locator(f"#fact-{fact}")
        if panel.get_attribute("open") is None:
            if not panel.is_visible():
                self.page.locator("#more-acts > summary").click()
            panel.locator("summary").click()
        for name, value in given.items():
            fill(panel, name.replace("facet_", "facet."), value)
        panel.get_by_role("button", name=button, exact=True).click()
        return self.page

    def ticks(self, number, step):
        self.open(number)
        self.page.get_by_role("checkbox", name=step).click()
        return self.page

    def writes(self, number, text, act="answer"):
        self.open(number)
        self.page.locator(f"input[name=act][value={act}]").check(force=True)
        self.page.locator("#text").fill(text)
        self.page.locator("#composer button.primary").click()
        expect(self.page.locator("#timeline")).to_contain_text(text)

    def uploads(self, what, *lines):
        """Upload a list and take all of it in."""
        self.open(f"/console/lists/?what={what}")
        content = "\n".join(lines).encode()
        self.page.locator("#file").set_input_files(
            {"name": f"{what}.csv", "mimeType": "text/csv", "buffer": content}
        )
        self.page.get_by_role("button", name="Read the file").click()
        self.page.get_by_role("button", name=re.compile("^Take in all")).click()
        self.reads("Taken in.")

    def plans_shift(self, team, person, from_at, until_at, zone):
        """Add a shift to the roster, on the clocks of its team."""
        begins, ends = (at.astimezone(ZoneInfo(zone)) for at in (from_at, until_at))
        self.open(f"/console/roster/shifts/new?team={quote(team)}")
        form = self.page.locator("form.stack").first
        fill(form, "agent", person, by_label=True)
        for name, value in {
            "day": f"{begins:%Y-%m-%d}",
            "from": f"{begins:%H:%M}",
            "until": f"{ends:%H:%M}",
        }.items():
            fill(form, name, value)
        form.get_by_role("button", name="Add").click()
        self.reads("The shift is on the roster.")

    def close(self):
        self.context.close()
        assert self.errors == []


def fill(form, name, value, *, by_label=False):
    """Fill a field of a form whatever kind it is: text, list, radio buttons, file."""
    field = form.locator(f"[name='{name}']")
    kind = field.first.evaluate("field => field.tagName == 'SELECT' ? 'select' : field.type")
    if kind == "select":
        field.select_option(**{"label" if by_label else "value": value})
    elif kind == "radio":
        form.locator(f"[name='{name}'][value='{value}']").check()
    elif kind == "file":
        field.set_input_files(value)
    else:
        field.fill(value)
        if field.get_attribute("role") == "combobox":
            field.press("Tab")


@contextmanager
def told_on(desk, chromium, key, book, *invited):
    """Yield the running desk, emptied, and a function that seats somebody at a window, signed in.

    `invited` are the words after `deskbook invite` for those who are there from the beginning.
    """
    logging.getLogger("mail.log").setLevel(logging.WARNING)
    windows = {}
    desk.begin_anew()
    seats = [["invite", words[0], "--desk", key, *words[1:]] for words in invited]
    desk.run_all([["apply", desk.keep_book(key, book)], *seats])

    def at_window(address):
        if address not in windows:
            windows[address] = Window(desk, chromium, address).sign_in()
        return windows[address]

    try:
        yield desk, at_window
    finally:
        for window in windows.values():
            window.context.close()
    assert {address: window.errors for address, window in windows.items() if window.errors} == {}


def number_in(subject):
    return re.search(r"\[([A-Z]+-\d+)\]", str(subject))[1]


def in_words(on: datetime) -> str:
    """Return a day as the screens write it ("Mon 2 Mar")."""
    return f"{on:%a} {on.day} {on:%b}"


def days(count):
    return timedelta(days=count)
