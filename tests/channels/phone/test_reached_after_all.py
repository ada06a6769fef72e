"""A call told as missed and then as answered, out of hours: it ends as if it had been answered
first.
"""

import itertools
from datetime import UTC, datetime, timedelta

import pytest

from deskbook.channels.phone.models import Call
from deskbook.channels.phone.taking_in import take_in_event
from deskbook.channels.phone.told import Told
from deskbook.channels.sms.models import TextMessage
from deskbook.channels.sms.send import send_text
from deskbook.delivery.states import State
from deskbook.jobs.letters import acknowledge, tell_of_closing, tell_of_withdrawal, text_number
from deskbook.tickets.assignment import take_ticket
from deskbook.tickets.call_back_models import CallBack
from deskbook.tickets.models import Ticket
from deskbook.tickets.verify import broken_links
from tests.channels.sms.texting_desk import connect

NIGHT = datetime(2026, 3, 2, 16, 30, tzinfo=UTC)
"""A Monday, 22:00 in Kerala: the phone is closed."""


def tell(desk, type_, call_id="c1"):
    told = Told("pbx", call_id, type_, NIGHT, caller="9447012345")
    return take_in_event(desk, told, at=NIGHT + timedelta(minutes=1))[0]


@pytest.mark.parametrize("order", list(itertools.permutations(("missed", "answered", "ended"))))
def test_in_whatever_order_they_are_told_nothing_of_the_miss_is_left(desk, chitra, order):
    for type_ in order:
        tell(desk, type_)
    call = Call.objects.get()
    assert (call.state, call.ticket, call.opens_at, call.settled_at) == ("ended", None, None, None)
    assert not Ticket.objects.filter(is_open=True).exists()
    assert not CallBack.objects.filter(ended_at=None).exists()


def test_the_case_says_that_the_call_was_answered_and_nobody_is_told(desk, chitra):
    ticket = tell(desk, "missed").ticket
    tell(desk, "answered")
    last = list(ticket.log.order_by("-seq")[:2])
    assert [(entry.kind, entry.actor) for entry in last] == [
        ("Closed", "system"),
        ("PromiseWithdrawn", "system"),
    ]
    assert last[0].data["cause"] == "reached"
    tell_of_closing(last[0].pk)
    tell_of_withdrawal(last[1].pk)
    assert not TextMessage.objects.exists()
    assert list(broken_links([Ticket.objects.get()])) == []


def test_a_text_that_has_not_left_is_dropped(desk, chitra):
    connect(desk, "other", "http://127.0.0.1:1", body_kind="json")
    ticket = tell(desk, "missed").ticket
    acknowledge(ticket.log.get(kind="Opened").pk)
    for acknowledged in ticket.log.filter(kind="Acknowledged"):
        text_number(acknowledged.pk)
    text = TextMessage.objects.get()
    tell(desk, "answered")
    assert send_text(text.pk).state == State.DROPPED


def test_a_case_somebody_took_stays_theirs(desk, chitra, asha):
    ticket = tell(desk, "missed").ticket
    take_ticket(ticket, at=NIGHT + timedelta(minutes=2), by=asha)
    assert tell(desk, "answered").ticket == ticket
    ticket.refresh_from_db()
    assert ticket.is_open
    assert CallBack.objects.get().ended_at is None


def test_a_case_of_two_missed_calls_stays_when_one_of_them_was_answered(desk, chitra):
    ticket = tell(desk, "missed").ticket
    tell(desk, "missed", "c2")
    tell(desk, "answered")
    ticket.refresh_from_db()
    assert ticket.is_open
    assert CallBack.objects.get().ended_at is None
