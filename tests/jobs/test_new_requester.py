"""Whose case it is now hears what waits for them in it; whose it was has no visit in their calendar
any more.
"""

from datetime import timedelta

import pytest
from icalendar import Calendar

from deskbook.channels.email.models import OutboundMail
from deskbook.channels.email.parse import parse
from deskbook.jobs.new_requester import tell_new_requester
from deskbook.people.books import apply_book
from deskbook.tickets.conversation import ask_requester
from deskbook.tickets.messages import Written
from deskbook.tickets.opening import NewCase, open_ticket
from deskbook.tickets.participants import change_requester
from deskbook.tickets.work import deliver, offer_estimate
from tests.people_factory import BOOKS, MONDAY, make_agent, make_contact, make_desk
from tests.visit_desk import Office

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def estimate(ticket, asha):
    offer_estimate(ticket, HOUR, "10 EUR", "A report", at=MONDAY, by=asha)


def delivery(ticket, asha):
    deliver(ticket, "26.3.1", words="Please try", at=MONDAY, by=asha)


def question(ticket, asha):
    ask_requester(ticket, Written("Which printer?"), ["name"], at=MONDAY, by=asha)


def given_to(ticket, contact, by, at=MONDAY + HOUR):
    change_requester(ticket, contact, follows=False, at=at, by=by)
    tell_new_requester(ticket.log.get(kind="RequesterChanged").pk)
    sent = OutboundMail.objects.exclude(entry=None)
    return {row.recipient.partition("@")[0]: parse(bytes(row.raw)) for row in sent}


@pytest.mark.parametrize(
    ("what", "words"),
    [
        (estimate, ["Our estimate for", "A report", "Cost: 10 EUR", "Please sign or decline it"]),
        (delivery, ["Version 26.3.1 was delivered", "confirm it on the page of the case"]),
        (question, ["We are waiting for your answer:", "> Which printer?"]),
    ],
)
def test_who_is_made_the_requester_is_told_what_waits_for_them(what, words):
    desk = make_desk("sparkrock")
    asha, chitra, joan = make_agent(desk), make_contact(desk), make_contact(desk, "Joan")
    case = NewCase("Printer", Written("It does not print."), "portal")
    ticket = open_ticket(chitra, case, at=MONDAY, by=chitra).ticket
    what(ticket, asha)
    told = given_to(ticket, joan, asha)
    assert told.keys() == {"joan"}
    assert f"“Printer” ({ticket}) is your case now" in told["joan"].text
    assert all(said in told["joan"].text for said in words)


@pytest.mark.parametrize("what", [estimate, delivery, question])
def test_after_the_desks_end_who_is_made_the_requester_is_asked_for_nothing(what):
    text = (BOOKS / "sparkrock.yaml").read_text()
    desk = make_desk("sparkrock", text)
    asha, chitra, joan = make_agent(desk), make_contact(desk), make_contact(desk, "Joan")
    case = NewCase("Printer", Written("It does not print."), "portal")
    ticket = open_ticket(chitra, case, at=MONDAY, by=chitra).ticket
    what(ticket, asha)
    apply_book(desk.key, f"{text}\nopen: {{ until: 2026-03-10 }}\n", at=MONDAY, by=None)
    ticket.desk.refresh_from_db()
    said = given_to(ticket, joan, asha, at=MONDAY + 30 * timedelta(days=1))["joan"].text
    assert f"We have received “Printer”. Its number is {ticket}." in said
    asks = ("Please sign", "Please try", "waiting for your answer")
    assert not any(words in said for words in asks)
    assert "nobody answers" in said


def test_where_nothing_waits_who_had_no_part_in_it_is_told_its_number_and_who_had_it_before_is_not():
    desk = make_desk("sparkrock")
    asha, chitra, joan = make_agent(desk), make_contact(desk), make_contact(desk, "Joan")
    case = NewCase("Printer", Written("It does not print."), "portal")
    ticket = open_ticket(chitra, case, at=MONDAY, by=chitra).ticket
    told = given_to(ticket, joan, asha)
    assert told.keys() == {"joan"}
    assert f"We have received “Printer”. Its number is {ticket}." in told["joan"].text
    change_requester(ticket, chitra, follows=False, at=MONDAY + 2 * HOUR, by=asha)
    tell_new_requester(ticket.log.filter(kind="RequesterChanged").latest("seq").pk)
    assert OutboundMail.objects.exclude(entry=None).count() == 1


def test_a_visit_goes_into_the_calendar_of_the_new_requester_and_out_of_the_one_before():
    office = Office()
    ticket = office.dated()
    told = given_to(ticket, make_contact(office.desk, "Joan"), office.bala, at=office.now)
    assert told.keys() == {"joan", "chitra"}
    assert "We come to you for" in told["joan"].text
    assert "is another person's case now" in told["chitra"].text
    assert str(ticket) in told["chitra"].text and "/cases/" not in told["chitra"].text
    calendars = {who: calendar_in(mail) for who, mail in told.items()}
    events = {who: calendar.events[0] for who, calendar in calendars.items()}
    assert {who: (c["METHOD"], events[who]["STATUS"]) for who, c in calendars.items()} == {
        "joan": ("PUBLISH", "CONFIRMED"),
        "chitra": ("CANCEL", "CANCELLED"),
    }
    assert events["joan"]["UID"] == events["chitra"]["UID"]
    assert {who: "URL" in event for who, event in events.items()} == {"joan": True, "chitra": False}


def calendar_in(mail):
    [file] = [one for one in mail.attachments if one.filename.endswith(".ics")]
    return Calendar.from_ical(file.content)
