"""A case that is not for now: away from what is to be done, and back in time."""

from datetime import timedelta

import pytest
from django.utils import timezone

from deskbook.jobs.schedule import wake_due_tickets
from deskbook.tickets.conversation import answer_ticket, note_on_ticket, take_in_message
from deskbook.tickets.messages import Written
from deskbook.tickets.models import LogEntry, Ticket
from deskbook.tickets.state import state_of


def sent(at):
    """As a field for a date and a time sends it."""
    return timezone.localtime(at).strftime("%Y-%m-%dT%H:%M")


@pytest.fixture
def answered(case, asha):
    """The case, on which nothing is due for some time."""
    answer_ticket(case, Written("We look."), then_stage="on hold", at=timezone.now(), by=asha)
    return case


@pytest.fixture
def snooze(console, at_ticket):
    return lambda **fields: console.post(at_ticket("snooze"), fields, follow=True)


def now_is(case):
    return Ticket.objects.get(pk=case.pk)


def test_a_snoozed_case_leaves_what_is_to_be_done_and_stands_in_a_section_of_its_own(
    console, answered, snooze
):
    snooze(until="answer")
    assert now_is(answered).turn == "snoozed"
    page = console.get("/console/?queue=mine").content.decode()
    assert "Snoozed" in page
    assert str(answered) in page


def test_it_comes_back_at_its_time_marked_and_its_owner_is_told(
    console, answered, snooze, at_ticket
):
    snooze(until="next")
    back_at = state_of(now_is(answered)).snoozed_until_at
    wake_due_tickets(at=back_at - timedelta(minutes=1))
    assert now_is(answered).turn == "snoozed"
    wake_due_tickets(at=back_at + timedelta(seconds=1))
    assert now_is(answered).turn != "snoozed"
    assert state_of(now_is(answered)).returned_at
    assert "is back" in console.get(at_ticket()).content.decode()
    assert LogEntry.objects.filter(ticket=answered, kind="SnoozeOver").count() == 1


def test_what_the_requester_writes_brings_it_back_before_its_time(answered, snooze, chitra):
    snooze(until="next")
    take_in_message(answered, Written("And?"), channel="portal", at=timezone.now(), by=chitra)
    assert now_is(answered).turn == "requester"
    assert state_of(now_is(answered)).returned_at


def test_a_note_leaves_it_where_it_is(answered, snooze, bala):
    snooze(until="answer")
    note_on_ticket(answered, Written("For later."), at=timezone.now(), by=bala)
    assert now_is(answered).turn == "snoozed"


def test_it_is_taken_back_by_hand_and_the_mark_goes_with_the_first_act(answered, snooze, asha):
    snooze(until="answer")
    snooze(over="yes", until="answer")
    assert now_is(answered).turn != "snoozed"
    assert state_of(now_is(answered)).returned_at is None


def test_nobody_snoozes_a_case_past_what_is_due_and_the_line_is_named(case, snooze):
    due_at = now_is(case).next_due_at
    page = snooze(until="next", until_at=sent(due_at + timedelta(days=1)))
    assert page.status_code == 409
    said = page.content.decode()
    assert "A clock of this case runs out on" in said
    assert "of the book" in said
    assert "EST (line" in said  # the desk's zone, as beside it
    assert now_is(case).turn != "snoozed"


def test_a_time_that_has_passed_is_refused(answered, snooze):
    page = snooze(until="next", until_at=sent(timezone.now() - timedelta(days=1)))
    assert "That time has passed" in page.content.decode()


def test_a_time_that_is_typed_is_meant_whatever_is_chosen_above_it(answered, snooze):
    until_at = timezone.now().replace(second=0, microsecond=0) + timedelta(hours=30)
    with timezone.override("America/Toronto"):
        snooze(until="next", until_at=sent(until_at))
    assert state_of(now_is(answered)).snoozed_until_at == until_at


def test_without_a_choice_the_form_says_what_is_missing(answered, snooze):
    assert "Choose until when" in snooze().content.decode()
