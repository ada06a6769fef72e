"""What telephone systems told becomes calls, in any order, and cases of those that were missed."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from deskbook.book.shelf import book_text
from deskbook.channels.phone.models import Call
from deskbook.channels.phone.taking_in import take_in_event
from deskbook.channels.phone.told import Told
from deskbook.people.books import apply_book
from deskbook.people.contacts import find_or_make_contact
from deskbook.people.models import ContactIdentity
from deskbook.tickets.call_back_models import CallBack
from deskbook.tickets.messages import Written
from deskbook.tickets.models import Ticket
from deskbook.tickets.opening import NewCase, open_ticket
from tests.rung_desk import NUMBER

NIGHT = datetime(2026, 3, 2, 16, 30, tzinfo=UTC)  # Monday, 22:00 in Kerala
MORNING = datetime(2026, 3, 3, 4, 0, tzinfo=UTC)  # Tuesday, 09:30
EVENING = datetime(2026, 3, 3, 12, 0, tzinfo=UTC)  # 17:30
NOON = datetime(2026, 3, 2, 6, 30, tzinfo=UTC)


def told(type_, **more):
    return Told(
        "pbx", "c1", type_, NOON + timedelta(seconds=TIMES[type_]), caller="9447012345", **more
    )


TIMES = {"ringing": 0, "answered": 5, "ended": 65, "recording": 70}


@pytest.mark.parametrize("order", list(itertools.permutations(TIMES)))
def test_in_whatever_order_events_come_the_call_ends_the_same(desk, chitra, order):
    for type_ in order:
        more = {"recording_url": "https://pbx.example/1.wav"} if type_ == "recording" else {}
        take_in_event(desk, told(type_, **more), at=NOON + timedelta(minutes=5))
    call = Call.objects.get()
    assert (call.state, call.answered_at, call.ended_at) == (
        "ended",
        NOON + timedelta(seconds=5),
        NOON + timedelta(seconds=65),
    )
    assert call.recording_url == "https://pbx.example/1.wav"
    assert call.started_at == NOON
    assert not Ticket.objects.exists()


def test_the_agent_whose_extension_rings_has_the_call(desk, asha):
    asha.extension = "204"
    asha.save()
    take_in_event(desk, told("ringing", extension="204"), at=NOON)
    assert Call.objects.get().agent == asha


def test_an_agent_is_known_by_their_number_too(desk, asha):
    asha.phone = "+919447099999"
    asha.save()
    take_in_event(desk, told("ringing", extension="09447099999"), at=NOON)
    assert Call.objects.get().agent == asha


def test_a_number_two_people_have_names_neither_of_them(desk, chitra):
    find_or_make_contact(desk, "whatsapp", NUMBER, name="Devi")
    take_in_event(desk, told("ringing"), at=NOON)
    assert Call.objects.get().contact is None


def missed(desk, call_id="c1", at=NIGHT, caller="9447012345"):
    return take_in_event(desk, Told("pbx", call_id, "missed", at, caller=caller), at=at)[0]


def test_a_call_missed_at_night_is_a_case_to_call_back_from_the_next_opening(desk, chitra):
    call = missed(desk)
    row = CallBack.objects.get()
    assert (row.ticket, row.number, row.from_at, row.due_at) == (
        call.ticket,
        NUMBER,
        MORNING,
        EVENING,
    )
    assert row.ticket.requester == chitra
    assert row.ticket.subject == "Missed call from +91 94470 12345"
    assert list(row.ticket.log.values_list("kind", flat=True))[-1] == "Promised"
    assert call.settled_at


def test_who_rings_again_before_it_opens_is_added_to_the_same_case(desk, chitra):
    first = missed(desk)
    second = missed(desk, "c2", at=NIGHT + timedelta(hours=2))
    assert first.ticket == second.ticket
    assert (Ticket.objects.count(), CallBack.objects.count()) == (1, 1)
    assert first.ticket.log.filter(kind="CustomerWrote").count() == 1


def test_somebody_else_and_another_night_are_cases_of_their_own(desk, chitra):
    missed(desk)
    missed(desk, "c2", caller="9447054321")
    missed(desk, "c3", at=NIGHT + timedelta(days=1))
    assert Ticket.objects.count() == 3


def test_a_missed_call_told_twice_is_one(desk, chitra):
    missed(desk)
    missed(desk)
    assert (Ticket.objects.count(), CallBack.objects.count()) == (1, 1)


def test_who_nobody_knows_is_known_by_the_number_from_then_on(desk):
    missed(desk)
    assert ContactIdentity.objects.get(channel="phone").identifier == NUMBER
    assert Ticket.objects.get().requester.user is None


@pytest.mark.parametrize("caller", ["", "anonymous", "12"])
def test_a_withheld_number_or_one_that_does_not_parse_waits_in_the_list(desk, caller):
    call = missed(desk, caller=caller)
    assert (call.state, call.settled_at, call.ticket) == ("missed", None, None)


def test_a_call_missed_while_the_phone_is_open_waits_in_the_list(desk, chitra):
    call = missed(desk, at=NOON)
    assert (call.state, call.settled_at, call.ticket) == ("missed", None, None)


def test_ended_without_an_answer_is_missed(desk, chitra):
    take_in_event(desk, told("ringing"), at=NOON)
    take_in_event(desk, told("ended", reached=False), at=NOON)
    assert Call.objects.get().state == "missed"


def test_a_call_of_ours_that_nobody_took_is_not_a_missed_one(desk, chitra):
    take_in_event(desk, Told("pbx", "c1", "missed", NIGHT, "outbound", caller=NUMBER), at=NIGHT)
    assert Call.objects.get().state == "ended"
    assert not Ticket.objects.exists()


def test_a_recording_that_comes_after_the_call_was_logged_is_on_its_ticket(desk, asha, case):
    take_in_event(desk, told("answered"), at=NOON)
    Call.objects.update(ticket=case, settled_at=NOON)
    take_in_event(desk, told("recording", recording_url="https://pbx.example/1.wav"), at=NOON)
    console = Client()
    console.force_login(asha.user, "django.contrib.auth.backends.ModelBackend")
    assert 'href="https://pbx.example/1.wav"' in (
        console.get(f"/console/tickets/{case}").content.decode()
    )


def test_a_recording_is_on_the_ticket_whatever_the_book_calls_its_telephone(desk, asha, chitra):
    two_lines = book_text("spark").replace(
        "  phone: { hours: working days }",
        "  phone: { hours: working days }\n  hotline: { by: phone, hours: working days }",
    )
    apply_book("spark", two_lines, at=NOON, by=None)
    desk.refresh_from_db()
    written = NewCase("HRA", Written("The HRA of our office is wrong."), "hotline")
    case = open_ticket(chitra, written, at=timezone.now(), by=chitra).ticket
    take_in_event(desk, told("recording", recording_url="https://pbx.example/1.wav"), at=NOON)
    Call.objects.update(ticket=case, settled_at=NOON)
    console = Client()
    console.force_login(asha.user, "django.contrib.auth.backends.ModelBackend")
    page = console.get(f"/console/tickets/{case}").content.decode()
    assert 'href="https://pbx.example/1.wav"' in page
