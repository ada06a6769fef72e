"""The day is mailed at closing time to those the book names, once."""

from datetime import UTC, datetime, timedelta

import pytest

from deskbook.channels.email.models import OutboundMail
from deskbook.engine.hours import closed_lately, last_working_day
from deskbook.jobs.day_sheets import mail_day_sheets
from deskbook.people.books import desk_in_force
from deskbook.tickets.messages import Written
from deskbook.tickets.opening import NewCase, open_ticket
from tests.people_factory import BOOKS, make_agent, make_contact, make_desk

pytestmark = pytest.mark.django_db
TELL = "\ntell: [{ on: closing time, to: [leads, programme@far.example] }]\n"
MINUTE = timedelta(minutes=1)
CLOSES = datetime(2026, 3, 4, 1, 0, tzinfo=UTC)
"""Tuesday the 3rd, 20:00 in Toronto."""


@pytest.fixture
def desk():
    return make_desk("sparkrock", (BOOKS / "sparkrock.yaml").read_text() + TELL)


@pytest.fixture
def day(desk):
    """Two cases came on Tuesday."""
    chitra = make_contact(desk)
    for hours in (2, 5):
        case = NewCase("A case", Written("It is empty"), "portal", severity="s3")
        open_ticket(chitra, case, at=CLOSES - timedelta(hours=hours), by=chitra)
    return make_agent(desk, "Bala", role="lead")


def told():
    return sorted(OutboundMail.objects.filter(purpose="notice").values_list("recipient", flat=True))


def test_when_the_desk_closes_those_the_book_names_are_mailed_how_the_day_went_once(day):
    mail_day_sheets(at=CLOSES - MINUTE)
    assert told() == []
    mail_day_sheets(at=CLOSES + MINUTE)
    mail_day_sheets(at=CLOSES + 6 * MINUTE)
    assert told() == sorted([day.user.email, "programme@far.example"])
    mail = OutboundMail.objects.get(recipient=day.user.email)
    assert mail.subject.endswith("how 2026-03-03 went")
    assert b"New: 2" in bytes(mail.raw)
    assert b"/console/days/2026-03-03/" in bytes(mail.raw)


def test_who_is_outside_gets_the_numbers_and_no_link_into_the_console(day):
    mail_day_sheets(at=CLOSES + MINUTE)
    outside = OutboundMail.objects.get(recipient="programme@far.example")
    assert b"New: 2" in bytes(outside.raw)
    assert b"/console/" not in bytes(outside.raw)


def test_after_an_outage_a_day_that_was_over_long_ago_is_mailed_to_nobody(day):
    mail_day_sheets(at=CLOSES + timedelta(hours=7))
    assert told() == []


def test_a_desk_whose_book_names_nobody_mails_nobody():
    desk = make_desk("sparkrock")
    make_agent(desk, "Bala", role="lead")
    assert mail_day_sheets(at=CLOSES + MINUTE) == 0


def test_the_last_working_day_is_friday_until_monday_is_over(desk):
    book = desk_in_force(desk)
    hours = book.calendars[book.hours]
    friday = datetime(2026, 3, 6, 13, 0, tzinfo=UTC)
    for day in (7, 8, 9):
        assert last_working_day(hours, datetime(2026, 3, day, 18, 0, tzinfo=UTC)) == friday


def test_a_day_is_over_when_its_last_hours_are(desk):
    book = desk_in_force(desk)
    hours = book.calendars[book.hours]
    lately = timedelta(hours=1)
    assert closed_lately(hours, CLOSES - MINUTE, lately) is None
    assert closed_lately(hours, CLOSES, lately).isoformat() == "2026-03-03"
    assert closed_lately(hours, CLOSES + 2 * lately, lately) is None
