"""What the desk takes of one person: counted, said kindly, and nothing lost."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from deskbook.book.load import load_book
from deskbook.channels.contract import Incoming
from deskbook.channels.way_in import take_in
from deskbook.engine.quotas import Before, refused_to_person
from deskbook.people.books import desk_in_force
from deskbook.people.refusals import in_words
from deskbook.refusals.refusal import Refused
from deskbook.tickets.conversation import take_in_message
from deskbook.tickets.messages import Written
from deskbook.tickets.models import Ticket
from deskbook.tickets.opening import NewCase, open_ticket
from deskbook.tickets.quotas import used_by_person
from deskbook.tickets.stages import close_ticket
from deskbook.web.shared.plan_words import used_in_words
from tests.people_factory import make_agent, make_contact, make_desk

pytestmark = pytest.mark.django_db
BOOK = """\
deskbook: 1
name: Harbour
zone: Asia/Kolkata
hours: { office: { mon-fri: 09:00-18:00 } }
channels: [email, portal, phone, live chat]
limits:
  - { most: 2, at a time: yes }
  - { of: reminders, after: 3d }
  - { of: reminders, most: 1, each: week }
"""
NOON = datetime(2026, 3, 30, 6, 30, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def chitra():
    return make_contact(make_desk("harbour", BOOK))


def opens(contact, *, by=None, at=NOON):
    case = NewCase("Lamp", Written("It is dark"), "portal")
    return open_ticket(contact, case, at=at, by=by or contact).ticket


def writes(ticket, contact, at, channel="portal"):
    return take_in_message(ticket, Written("Well?"), channel=channel, at=at, by=contact)


def test_one_more_than_may_be_open_waits_until_one_is_closed(chitra):
    first = opens(chitra)
    opens(chitra)
    with pytest.raises(Refused) as refused:
        opens(chitra)
    assert "(line 7 of the book)" in in_words(refused.value)
    assert in_words(refused.value, "requester") == (
        "You have as many such cases open as we take at a time: 2. Write on one of them, or open"
        " the next when one is closed."
    )
    (used,) = used_by_person(chitra, at=NOON)
    assert used_in_words(desk_in_force(chitra.desk), used) == (
        "Cases: 2 of 2 open – one more is refused"
    )
    close_ticket(first, at=NOON, by=chitra)
    opens(chitra)
    assert Ticket.objects.count() == 3


def test_others_are_not_counted_and_an_agent_logs_what_was_heard(chitra):
    opens(chitra)
    opens(chitra)
    other = make_contact(chitra.desk, "dinesh@far.example")
    assert opens(other).requester == other
    asha = make_agent(chitra.desk)
    logged = opens(chitra, by=asha)
    assert logged.state["beyond"] == [7]
    client = Client()
    client.force_login(asha.user, "django.contrib.auth.backends.ModelBackend")
    page = client.get(f"/console/tickets/{logged}").content.decode()
    assert "beyond what one person may open (line 7 of the book)" in page
    assert "Beyond what one person may open" in page
    assert "beyond the plan" not in page.lower()


def test_a_reminder_is_too_early_or_too_often_and_an_answer_begins_anew(chitra):
    ticket = opens(chitra)
    writes(ticket, chitra, NOON + timedelta(minutes=50))
    with pytest.raises(Refused) as early:
        writes(ticket, chitra, NOON + DAY)
    said = in_words(early.value, "requester")
    assert "Remind us from Thu 2 Apr" in said
    assert "12:50 IST, if you have no answer by then" in said
    writes(ticket, chitra, NOON + DAY, channel="live chat")
    writes(ticket, chitra, NOON + 4 * DAY)
    with pytest.raises(Refused) as often:
        writes(ticket, chitra, NOON + 5 * DAY)
    assert often.value.rule == "reminders"
    assert "we take at most 1 a week. Write again from Mon 6 Apr 2026" in in_words(
        often.value, "requester"
    )


def test_what_comes_by_a_channel_is_refused_whole_for_its_channel_to_hold(chitra):
    ticket = opens(chitra)
    incoming = Incoming(
        sender=chitra,
        subject="Lamp",
        written=Written("Well?"),
        channel="email",
        at=NOON + DAY,
        key="mail 1",
        ticket=ticket,
    )
    with pytest.raises(Refused) as refused:
        take_in(incoming)
    assert refused.value.rule == "reminder early"
    assert ticket.messages.count() == 1


def test_the_form_of_a_new_case_says_what_is_used(chitra):
    opens(chitra, at=datetime.now(UTC))
    client = Client()
    client.force_login(chitra.user)
    page = client.get("/desk/harbour/cases/new/").content.decode()
    assert "Of what you may open, used now:" in page
    assert "Cases: 1 of 2 open" in page
    assert "as we take at a time" not in page
    opens(chitra, at=datetime.now(UTC))
    page = client.get("/desk/harbour/cases/new/").content.decode()
    assert "as we take at a time: 2. Write on one of them" in page


@pytest.mark.parametrize(
    "limit, reader, said",
    [
        ("", "requester", "We take at most 1 cases of Urgent / Grave a week from one person."),
        ("", "agent", "At most 1 cases of Urgent / Grave a week are taken of one person (line 7"),
        (", at a time: yes", "requester", "You have as many such cases open as we take at a time"),
    ],
)
def test_of_which_cases_no_more_are_taken_is_said_to_a_person_too(limit, reader, said):
    each = "" if limit else ", each: week"
    lines = f"limits: [{{ most: 1, severity: [urgent, grave]{each}{limit} }}]\n"
    severities = "severities: { urgent: , grave: , usual: { default: yes } }\n"
    desk = load_book(BOOK.partition("limits:")[0] + severities + lines).desk_or_raise()
    facets = {"severity": "grave"}
    refused = refused_to_person(desk, facets, [Before(NOON, facets, is_open=True)], at=NOON)
    assert in_words(refused, reader).startswith(said)
