"""Reports that the book promises are mailed on its dates, and counted as kept or late."""

from datetime import UTC, date, datetime, timedelta
from typing import get_args

import pytest
from django.test import Client

from deskbook.book.schema.recurring import ReportLine
from deskbook.channels.email.models import OutboundMail
from deskbook.jobs.promised_reports import mail_promised_reports, standings
from deskbook.people.books import apply_book
from deskbook.people.models import User
from deskbook.reports.all import REPORTS
from deskbook.tickets.messages import Written
from deskbook.tickets.opening import NewCase, open_ticket
from deskbook.web.console.reporting.promised import in_words
from tests.people_factory import make_agent, make_contact, make_desk

pytestmark = pytest.mark.django_db
BOOK = """\
deskbook: 1
name: Harbour
zone: Europe/Lisbon
mail: [it@harbour.example]
hours: { office: { mon-fri: 09:00-18:00 } }
reports:
  - { name: Monthly report, every: 5th of the month, at: 10:00, to: [leads, committee@far.example], on closed days: working day before }
"""
DUE = datetime(2026, 4, 3, 9, 0, tzinfo=UTC)
"""Friday the 3rd, as the 5th is a Sunday; in Lisbon it is 10:00."""
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
def bala():
    desk = make_desk("harbour", BOOK)
    chitra = make_contact(desk)
    for at in (DUE - 10 * DAY, DUE - 5 * DAY, DUE - DAY):  # the last is of April
        open_ticket(chitra, NewCase("Lamp", Written("Dark"), "portal"), at=at, by=chitra)
    return make_agent(desk, "Bala", role="lead")


def told():
    return sorted(OutboundMail.objects.filter(purpose="notice").values_list("recipient", flat=True))


def test_on_its_day_everybody_named_is_mailed_the_last_month_once(bala):
    mail_promised_reports(at=DUE - MINUTE)
    assert told() == []
    for minutes in (1, 6, 11, 2000):
        mail_promised_reports(at=DUE + minutes * MINUTE)
    assert told() == sorted([bala.user.email, "committee@far.example"])
    mail = OutboundMail.objects.get(recipient="committee@far.example")
    assert mail.subject == "Harbour: Monthly report, from 2026-03-01"
    assert b"New: 2" in bytes(mail.raw)
    assert b"/console/" not in bytes(mail.raw)


def test_what_left_on_its_day_is_kept_and_what_did_not_is_late(bala):
    mail_promised_reports(at=DUE + MINUTE)
    (waits,) = standings(bala.desk, at=DUE + 2 * MINUTE)
    assert (waits.last, waits.state, waits.left) == (date(2026, 4, 3), "due", 0)
    (late,) = standings(bala.desk, at=DUE + DAY)
    assert late.state == "late"
    OutboundMail.objects.update(sent_at=DUE + 3 * MINUTE)
    (kept,) = standings(bala.desk, at=DUE + DAY)
    assert (kept.state, kept.left) == ("kept", 2)
    assert kept.next_at == datetime(2026, 5, 5, 9, 0, tzinfo=UTC)


def test_after_an_outage_it_is_mailed_all_the_same_and_counts_as_late(bala):
    mail_promised_reports(at=DUE + 2 * DAY)
    assert len(told()) == 2
    OutboundMail.objects.update(sent_at=DUE + 2 * DAY)
    (late,) = standings(bala.desk, at=DUE + 3 * DAY)
    assert (late.state, late.left) == ("late", 2)


def test_what_was_kept_stays_so_when_somebody_becomes_lead_later(bala):
    assert mail_promised_reports(at=DUE + MINUTE) == 2
    OutboundMail.objects.update(sent_at=DUE + 3 * MINUTE)
    make_agent(bala.desk, "Dev", role="lead")
    assert mail_promised_reports(at=DUE + DAY) == 0
    (kept,) = standings(bala.desk, at=DUE + 2 * DAY)
    assert (kept.state, kept.left) == ("kept", 2)


def test_where_the_mail_of_one_reader_cannot_be_made_it_is_not_kept_and_is_tried_again(bala):
    make_agent(bala.desk, "Dev", role="lead")
    User.objects.filter(name="Dev").update(email="no address\n")
    assert mail_promised_reports(at=DUE + MINUTE) == 0
    OutboundMail.objects.update(sent_at=DUE + 3 * MINUTE)
    (late,) = standings(bala.desk, at=DUE + DAY)
    assert late.state == "late"
    User.objects.filter(name="Dev").update(email="dev@harbour.example")
    assert mail_promised_reports(at=DUE + DAY) == 3


def test_its_day_ends_where_the_hours_are_by_which_its_dates_are_read():
    far = "office: { mon-fri: 09:00-18:00 }, far: { zone: Pacific/Auckland, mon-fri: 09:00-18:00 }"
    text = BOOK.replace("office: { mon-fri: 09:00-18:00 }", far)
    desk = make_desk("harbour", text.replace("every:", "hours: far, every:"))
    made_at = datetime(2026, 4, 2, 21, 0, tzinfo=UTC)  # there it is 10:00 on Friday
    assert mail_promised_reports(at=made_at + MINUTE) == 1
    OutboundMail.objects.update(sent_at=made_at + 15 * timedelta(hours=1))
    (late,) = standings(desk, at=made_at + 16 * timedelta(hours=1))  # in Lisbon still Friday
    assert (late.last, late.state) == (date(2026, 4, 3), "late")


def test_a_report_that_gets_other_dates_was_not_due_on_those_before_the_change(bala):
    moved = BOOK.replace("5th of the month", "thursday")
    apply_book("harbour", moved, at=DUE, by=None)
    assert mail_promised_reports(at=DUE + MINUTE) == 0
    (fresh,) = standings(bala.desk, at=DUE + MINUTE)
    assert (fresh.last, fresh.state) == (None, None)


def test_leads_read_on_the_screen_of_reports_how_each_stands(bala):
    client = Client()
    client.force_login(bala.user)
    page = client.get("/console/reports/flow/").content.decode()
    assert "Reports that are promised" in page
    due = standings(bala.desk, at=datetime.now(UTC))[0].last
    day = f"{due:%a} {due.day} {due:%b %Y}"
    assert f"Monthly report: due on {day}, late (0 mails have left)" in page


def test_one_mail_is_said_as_one(bala):
    (stands,) = standings(bala.desk, at=DUE + DAY)
    said = in_words(stands._replace(left=1, state="kept"))
    assert said.startswith("Monthly report: due on Fri 3 Apr 2026, kept (1 mail has left)")


def test_every_report_a_book_may_promise_is_one_of_the_console():
    (word,) = get_args(ReportLine.model_fields["says"].annotation)
    assert set(get_args(word)) <= set(REPORTS)
