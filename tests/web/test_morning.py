"""A lead's morning: what broke and why, what will, who has too much, who is missing, what is stuck."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from deskbook.engine.hours import last_working_day
from deskbook.engine.rosters import Gap
from deskbook.people.books import desk_in_force
from deskbook.people.roster_models import Leave, Shift
from deskbook.tickets.assignment import assign_ticket
from deskbook.tickets.conversation import answer_ticket
from deskbook.tickets.log import wake
from deskbook.tickets.messages import Written
from deskbook.tickets.opening import NewCase, open_ticket
from deskbook.web.console.leading.morning import is_why
from tests.costs import statements_of
from tests.screens import everybody_can_use, one_line
from tests.web.test_roster_screen import text

MORNING = "/console/morning/"
HOUR = timedelta(hours=1)


@pytest.fixture
def opened(chitra):
    def opens(subject, at, severity="s2"):
        case = NewCase(subject, Written("It is empty"), "portal", severity=severity)
        return open_ticket(chitra, case, at=at, by=chitra).ticket

    return opens


@pytest.fixture
def since(desk):
    """When the last working day opened."""
    book = desk_in_force(desk)
    return last_working_day(book.calendars[book.hours], timezone.now())


@pytest.fixture
def broken(opened, since, asha):
    """A case that came as the last working day opened, and was answered in its seventh hour."""
    ticket = opened("The payroll report is empty", since)
    assign_ticket(ticket, asha, at=since + HOUR, by=asha)
    wake(ticket.pk, at=since + 6.5 * HOUR)
    answer_ticket(ticket, Written("Try again"), at=since + 7 * HOUR, by=asha)
    return ticket


def tiles(page):
    """Return the numbers on top of the page."""
    found = re.findall(r'class="tile[^"]*" href="([^"]*)"><b>(\d+)</b> ([^<]*)<', page)
    return {words: (int(count), href) for href, count, words in found}


def test_what_broke_its_time_since_the_last_working_day_says_by_how_much_and_quotes_the_book(
    as_bala, broken
):
    page = one_line(text(as_bala.get(MORNING)))
    assert tiles(page)["out of time"][0] == 1
    assert "1 h late" in page
    assert "- { severity: S2, respond: 1/2 bd, update: 1bd or as agreed }" in page
    assert re.search(r"Line \d+ of the book", page)
    assert page.count("<td>") >= 3, "the spans that were counted"


def test_what_broke_its_time_before_that_day_is_no_news(as_bala, opened, since):
    old = opened("Old", since - 30 * 24 * HOUR)
    wake(old.pk, at=since - HOUR)
    assert tiles(one_line(text(as_bala.get(MORNING))))["out of time"][0] == 0


def test_every_number_of_tickets_opens_them(as_bala, broken, opened, asha):
    own = opened("Asha has this", timezone.now() - 2 * HOUR)
    assign_ticket(own, asha, at=timezone.now(), by=asha)
    page = one_line(text(as_bala.get(MORNING)))
    listed = text(as_bala.get(tiles(page)["out of time"][1]))
    assert (broken.subject in listed, own.subject in listed) == (True, False)
    of_asha = re.search(rf'href="([^"]*of=held:{asha.pk})">(\d+)<', page)
    listed = text(as_bala.get(of_asha[1]))
    assert listed.count('class="row') == int(of_asha[2])
    assert own.subject in listed


def test_what_falls_due_before_midnight_is_told(as_bala, opened, monkeypatch, desk):
    ticket = opened("Due today", timezone.now(), severity="s1")
    ticket.refresh_from_db()
    tonight = ticket.next_due_at + HOUR
    from deskbook.tickets.sections import Day
    from deskbook.web.console.leading import morning

    monkeypatch.setattr(morning, "today", lambda: Day(timezone.now(), tonight))
    page = one_line(text(as_bala.get(MORNING)))
    assert tiles(page)["late by tonight"][0] == 1
    assert "Due today" in page


def test_who_is_on_leave_and_which_shifts_nobody_works_is_told(as_bala, desk, asha):
    now = timezone.now()
    Leave.objects.create(
        desk=desk,
        agent=asha,
        from_at=now - HOUR,
        until_at=now + HOUR,
        state="accepted",
        asked_at=now,
    )
    team = next(iter(desk_in_force(desk).teams))
    Shift.objects.create(desk=desk, team=team, from_at=now + 24 * HOUR, until_at=now + 30 * HOUR)
    page = one_line(text(as_bala.get(MORNING)))
    assert (tiles(page)["off today"][0], tiles(page)["gaps in 7 days"][0]) == (1, 1)
    assert "It has no person yet." in page


def test_a_shift_nobody_works_where_too_few_are_on_is_one_gap_and_not_two():
    noon = timezone.now()
    gap = Gap("l2", noon, noon + 6 * HOUR, on_shift=0, needed=1, line=159)
    assert is_why(Shift(team="l2", from_at=noon, until_at=noon + 6 * HOUR), gap)
    assert not is_why(Shift(team="l1", from_at=noon, until_at=noon + 6 * HOUR), gap)
    assert not is_why(Shift(team="l2", from_at=noon - HOUR, until_at=noon + HOUR), gap)


def test_the_morning_is_for_leads(console, as_bala, case):
    assert console.get(MORNING).status_code == 404
    assert MORNING not in text(console.get("/console/"))
    assert MORNING in text(as_bala.get("/console/"))
    assert as_bala.get("/console/morning/tickets?of=nothing").status_code == 404


def test_a_morning_asks_few_questions_however_much_broke(as_bala, broken, opened, since):
    def asked():
        return len(statements_of(lambda: as_bala.get(MORNING)))

    asked()
    before = asked()
    for n in range(4):
        wake(opened(f"Case {n}", since).pk, at=since + 7 * HOUR)
    assert asked() == before <= 16


@pytest.mark.browser
def test_a_morning_is_read_by_everybody_on_a_phone_and_reached_by_two_keys(
    page, live_desk, sign_in, broken, opened, bala
):
    opened("Due soon", timezone.now(), "s1")
    sign_in(page, bala.user)
    page.goto("/console/")
    page.keyboard.press("g")
    page.keyboard.press("g")
    expect(page.get_by_role("heading", name="Morning")).to_be_visible()
    page.get_by_text("Why", exact=True).click()
    expect(page.get_by_text("respond: 1/2 bd")).to_be_visible()
    everybody_can_use(page, "the morning")
