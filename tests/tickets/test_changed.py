"""Who keeps a copy of the tickets asks for what changed, and misses nothing."""

from datetime import timedelta

import psycopg
import pytest
from django.db import connection
from django.utils import timezone

from deskbook.tickets.assignment import take_ticket
from deskbook.tickets.changed import since
from deskbook.tickets.conversation import note_on_ticket
from deskbook.tickets.messages import Written
from deskbook.tickets.models import Ticket
from deskbook.tickets.opening import NewCase, open_ticket
from deskbook.tickets.queues import every, listed, queue, statement_of
from tests.conftest import database_of_the_tests
from tests.people_factory import MONDAY, make_agent, make_contact, make_desk
from tests.tickets.many import multiply, tickets_read


@pytest.fixture
def asha(db):
    return make_agent(make_desk("sparkrock"))


def opened(asha, subject="Help"):
    chitra = make_contact(asha.desk)
    case = NewCase(subject, Written("Help."), "portal")
    return open_ticket(chitra, case, at=timezone.now(), by=chitra).ticket


def changed(asha, at):
    return [ticket.id for ticket in listed(since(at, every(asha)))]


@pytest.mark.django_db(transaction=True)
def test_what_is_written_first_and_committed_last_is_waited_for(asha):
    slow, quick, begun = opened(asha, "Slow"), opened(asha, "Quick"), timezone.now()
    with psycopg.connect(database_of_the_tests()) as other:
        other.execute("update deskbook_ticket set seq = seq + 1 where id = %s", [slow.pk])
        take_ticket(quick, at=timezone.now(), by=asha)
        assert changed(asha, begun) == []
        other.commit()
        assert changed(asha, begun) == [slow.pk, quick.pk]


@pytest.mark.django_db(transaction=True)
def test_who_only_reads_holds_nobody_up(asha):
    with psycopg.connect(database_of_the_tests()) as other:
        other.execute("select count(*) from deskbook_ticket")
        ticket = opened(asha)
        assert changed(asha, MONDAY) == [ticket.pk]


def test_what_happened_earlier_than_it_was_noted_counts_from_when_it_was_noted(asha):
    ticket, begun = opened(asha), timezone.now()
    assert changed(asha, begun) == []
    note_on_ticket(ticket, Written("Rang last week."), at=begun - timedelta(days=7), by=asha)
    assert changed(asha, begun) == [ticket.pk]


@pytest.mark.parametrize("of", [every, lambda agent: queue(agent, "open")], ids=["all", "open"])
def test_of_many_tickets_no_more_are_looked_at_than_a_page_shows(asha, of):
    multiply(opened(asha), 6000)
    at = Ticket.objects.filter(number=3100).values_list("changed_at", flat=True).get()
    statement, values = statement_of(since(at, of(asha)))
    with connection.cursor() as cursor:
        cursor.execute(f"explain (analyze, timing off, format json) {statement}", values)
        plan = cursor.fetchone()[0][0]["Plan"]
    assert [one.number for one in listed(since(at, of(asha)), 3)] == [3100, 3101, 3102]
    assert tickets_read(plan) <= 2 * 51
