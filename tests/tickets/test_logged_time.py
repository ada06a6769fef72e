"""The work a plan includes is logged, counted by month, warned of and kept to."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from deskbook.engine.coming_round import CHANNEL
from deskbook.engine.ticket import SYSTEM
from deskbook.people.refusals import in_words
from deskbook.refusals.refusal import Refused
from deskbook.tickets.messages import Written
from deskbook.tickets.opening import NewCase, open_ticket
from deskbook.tickets.quotas import logged_by_month, used_by
from deskbook.tickets.state import state_of
from deskbook.tickets.work import log_time
from tests.people_factory import make_agent, make_contact, make_desk, make_organisation

pytestmark = pytest.mark.django_db
BOOK = """\
deskbook: 1
name: Harbour
zone: Asia/Kolkata
hours: { office: { mon-fri: 09:00-18:00 } }
plans: { basic: { limits: { time: 10h, each: month } } }
"""
MARCH = datetime(2026, 3, 30, 6, 30, tzinfo=UTC)
APRIL = datetime(2026, 3, 31, 18, 30, tzinfo=UTC)  # midnight in Kolkata


@pytest.fixture
def organisation():
    return make_organisation(make_desk("harbour", BOOK), plan="basic")


@pytest.fixture
def chitra(organisation):
    return make_contact(organisation.desk, organisation=organisation)


@pytest.fixture
def asha(organisation):
    return make_agent(organisation.desk, "Asha", "lead")


def opens(contact, at=MARCH):
    return open_ticket(
        contact, NewCase("Lamp", Written("Dark"), "portal"), at=at, by=contact
    ).ticket


def used(organisation, at):
    return used_by(organisation, at=at)[0].used


def test_work_counts_in_the_month_it_was_logged_in_on_whatever_day_its_case_began(
    organisation, chitra, asha
):
    ticket = opens(chitra, MARCH - timedelta(days=60))
    ticket = log_time(ticket, 90, at=MARCH, by=asha).ticket
    ticket = log_time(ticket, 30, words="Tried it", at=APRIL, by=asha).ticket
    assert (used(organisation, MARCH), used(organisation, APRIL)) == (90, 30)
    assert logged_by_month(organisation, at=APRIL) == [
        (date(2026, 4, 1), 30),
        (date(2026, 3, 1), 90),
    ]


def test_the_oldest_of_the_twelve_months_is_whole(organisation, chitra, asha):
    ticket, first = (
        opens(chitra, APRIL - timedelta(days=400)),
        datetime(2025, 4, 30, 18, 30, tzinfo=UTC),
    )
    ticket = log_time(ticket, 10, at=first - timedelta(minutes=1), by=asha).ticket
    log_time(ticket, 20, at=first, by=asha)
    assert logged_by_month(organisation, at=APRIL) == [(date(2025, 5, 1), 20)]


def test_what_was_logged_too_much_is_taken_away_and_no_more(organisation, chitra, asha):
    ticket = log_time(opens(chitra), 90, at=MARCH, by=asha).ticket
    ticket = log_time(ticket, -60, at=MARCH, by=asha).ticket
    with pytest.raises(Refused):
        log_time(ticket, -60, at=MARCH, by=asha)
    assert sum(one.minutes for one in state_of(ticket).logged) == used(organisation, MARCH) == 30


def test_when_the_time_is_used_the_next_case_is_refused_until_the_next_month(chitra, asha):
    log_time(opens(chitra), 600, at=MARCH, by=asha)
    with pytest.raises(Refused) as refused:
        opens(chitra)
    assert refused.value.rule == "plan time"
    assert "10:00" in in_words(refused.value)
    assert "Wed 1 Apr 2026" in in_words(refused.value, "requester")
    assert opens(chitra, APRIL)


def test_who_logs_and_who_opens_the_organisation_read_that_little_is_left(
    organisation, chitra, asha
):
    ticket, lead = opens(chitra, timezone.now()), Client()
    lead.force_login(asha.user, "django.contrib.auth.backends.ModelBackend")
    page = f"/console/tickets/{ticket}"
    form = {"time": "8 h 30 min", "words": "Moved the server", "client_key": "a" * 32}
    told = lead.post(f"{page}/time", form, follow=True).content.decode()
    assert "Work: 8 h 30 min of 10 h a month – little is left" in told
    assert "Asha logged 510 minutes" in lead.get(page).content.decode()
    place = lead.get(f"/console/organisations/{organisation.pk}").content.decode()
    assert "Work: 8 h 30 min of 10 h a month – little is left" in place
    assert "Time logged by month" in place


def test_recurring_work_counts_as_work_and_not_as_a_case():
    book = BOOK.replace("limits: { time", "limits: [{ most: 1, each: month }, { time").replace(
        "month } }", "month }]}"
    )
    desk = make_desk("harbour", book)
    theirs = make_organisation(desk, plan="basic")
    chitra, asha = make_contact(desk, organisation=theirs), make_agent(desk, "Asha", "lead")
    case = NewCase("Inspection", Written("Dark"), CHANNEL, recurring="inspection")
    ticket = open_ticket(chitra, case, at=MARCH, by=SYSTEM).ticket
    log_time(ticket, 90, at=MARCH, by=asha)
    assert [one.used for one in used_by(theirs, at=MARCH)] == [0, 90]


HISTORY = """
    insert into deskbook_logentry
        (ticket_id, seq, kind, actor, at, recorded_at, data, previous_hash, hash)
    select %s, n, 'Noted', 'system:', %s, now(), '{}', '', '' from generate_series(1000, 9000) n
"""


def test_what_a_plan_has_used_is_found_without_reading_the_log(organisation, chitra, asha):
    ticket = log_time(opens(chitra), 90, at=MARCH, by=asha).ticket
    with connection.cursor() as cursor:
        cursor.execute(HISTORY, [ticket.pk, MARCH])
        cursor.execute("analyze deskbook_logentry, deskbook_ticket")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert used(organisation, MARCH) == 90
        logged_by_month(organisation, at=APRIL)
    of_the_log = [one["sql"] for one in asked if "deskbook_logentry" in one["sql"]]
    assert len(of_the_log) == 2
    for sql in of_the_log:
        with connection.cursor() as cursor:
            cursor.execute(f"explain {sql}")
            plan = "\n".join(line for (line,) in cursor.fetchall())
        assert "time_logged" in plan, plan
        assert "Seq Scan on deskbook_logentry" not in plan, plan
