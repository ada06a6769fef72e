"""One click sent twice at the same instant is one event and one message."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from deskbook.tickets.conversation import answer_ticket
from deskbook.tickets.messages import Written
from deskbook.tickets.models import LogEntry, Message, Ticket
from deskbook.tickets.opening import NewCase, open_ticket
from deskbook.tickets.relations import link_tickets, merge_ticket, unlink_tickets
from tests.people_factory import MONDAY, make_agent, make_contact, make_desk

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(work, times=4):
    start = Barrier(times)

    def one(_):
        try:
            start.wait(10)
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(one, range(times)))


def test_one_form_sent_four_times_at_once_opens_one_case():
    chitra = make_contact(make_desk("small"))
    case = NewCase("Printer", Written("It hums."), "portal")
    opened = at_once(
        lambda: open_ticket(chitra, case, at=MONDAY, by=chitra, key="one form").ticket.pk
    )
    assert len(set(opened)) == Ticket.objects.count() == Message.objects.count() == 1


def test_one_answer_sent_four_times_at_once_is_one_answer():
    desk = make_desk("small")
    chitra, asha = make_contact(desk), make_agent(desk)
    ticket = open_ticket(
        chitra, NewCase("Printer", Written("It hums."), "portal"), at=MONDAY, by=chitra
    ).ticket
    at_once(
        lambda: answer_ticket(
            ticket, Written("Switch it off."), at=MONDAY, by=asha, key="one click"
        )
    )
    assert (
        LogEntry.objects.filter(kind="Answered").count()
        == Message.objects.filter(kind="answer").count()
        == 1
    )


@pytest.fixture
def asha_and_two_cases():
    desk = make_desk("small")
    chitra, printer = make_contact(desk), NewCase("Printer", Written("It hums."), "portal")
    return make_agent(desk), *(
        open_ticket(chitra, printer, at=MONDAY, by=chitra).ticket for _ in range(2)
    )


def test_a_merge_sent_four_times_at_once_is_written_once_on_both_tickets(asha_and_two_cases):
    asha, one, other = asha_and_two_cases
    at_once(lambda: merge_ticket(one, other, at=MONDAY, by=asha, key="one click"))
    assert (
        LogEntry.objects.filter(kind="Merged").count()
        == LogEntry.objects.filter(kind="Absorbed").count()
        == 1
    )


def test_a_link_sent_again_after_it_was_removed_is_not_half_made(asha_and_two_cases):
    asha, one, other = asha_and_two_cases
    link_tickets(one, other, at=MONDAY, by=asha, key="one click")
    unlink_tickets(one, other, at=MONDAY, by=asha, key="another click")
    link_tickets(one, other, at=MONDAY, by=asha, key="one click")
    assert [Ticket.objects.get(pk=ticket.pk).state["linked"] for ticket in (one, other)] == [[], []]
