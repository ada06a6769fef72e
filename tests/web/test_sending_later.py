"""An answer that is written now and leaves when somebody is there to read it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from deskbook.jobs.sendings import let_leave
from deskbook.tickets.conversation import answer_ticket, take_in_message
from deskbook.tickets.messages import Written
from deskbook.tickets.models import LogEntry, Ticket
from deskbook.tickets.sending_models import Sending


def typed(at):
    """As a field for a date and a time sends it."""
    return timezone.localtime(at).strftime("%Y-%m-%dT%H:%M")


@pytest.fixture
def answered(case, asha):
    """The case, on which no answer is due for some time."""
    answer_ticket(case, Written("We look."), then_stage="on hold", at=timezone.now(), by=asha)
    return case


@pytest.fixture
def send(console, at_ticket):
    def sent(**fields):
        given = {"act": "answer", "text": "It works again.", **fields}
        return console.post(at_ticket("writing"), given, follow=True)

    return sent


def answers(case):
    return LogEntry.objects.filter(ticket=case, kind="Answered").count()


def test_an_answer_leaves_when_the_desk_opens_and_only_once(answered, send):
    page = send(later="next").content.decode()
    assert "It leaves on" in page
    leaves_at = Sending.objects.get().leaves_at
    let_leave(at=leaves_at - timedelta(minutes=1))
    assert answers(answered) == 1
    for _ in range(2):
        let_leave(at=leaves_at + timedelta(seconds=1))
    assert answers(answered) == 2
    assert not Sending.objects.exists()


def test_it_is_refused_past_the_time_they_are_to_be_answered_by_and_the_line_is_named(case, send):
    due_at = Ticket.objects.get(pk=case.pk).next_due_at
    page = send(later="next", later_at=typed(due_at + timedelta(hours=1)))
    assert page.status_code == 409
    said = page.content.decode()
    assert "They are to be answered by" in said
    assert "of the book" in said
    assert "EST (line" in said  # the desk's zone, as beside it
    assert "It works again." in said
    # Sent once more, it would not leave at once.
    assert f'value="{typed(due_at + timedelta(hours=1))}"' in said
    assert not Sending.objects.exists()


def test_a_time_that_is_typed_is_meant_though_now_stands_above_it(answered, send):
    leaves_at = timezone.now().replace(second=0, microsecond=0) + timedelta(hours=3)
    with timezone.override("America/Toronto"):
        send(later="", later_at=typed(leaves_at))
    assert Sending.objects.get().leaves_at == leaves_at
    assert answers(answered) == 1


def test_what_the_requester_writes_before_it_leaves_holds_it(answered, send, chitra):
    send(later="next")
    take_in_message(answered, Written("Still?"), channel="portal", at=timezone.now(), by=chitra)
    let_leave(at=Sending.objects.get().leaves_at + timedelta(minutes=1))
    assert answers(answered) == 1
    assert Sending.objects.get().held


def test_it_is_changed_sent_now_or_taken_back_by_who_wrote_it(answered, send, console, at_ticket):
    send(later="next")
    one = Sending.objects.get()
    to = typed(one.leaves_at + timedelta(hours=1))
    console.post(at_ticket("undo"), {"sending": one.pk, "leaves_at": to})
    assert Sending.objects.get().leaves_at.minute == (one.leaves_at + timedelta(hours=1)).minute
    assert Sending.objects.get().leaves_at > one.leaves_at
    console.post(at_ticket("undo"), {"sending": one.pk, "now": "yes"})
    assert answers(answered) == 2


def test_a_time_that_has_passed_or_is_missing_is_refused_with_the_words_kept(answered, send):
    past = send(later="other", later_at=typed(timezone.now() - timedelta(days=2)))
    assert "That time has passed" in past.content.decode()
    none = send(later="other").content.decode()
    assert "Give a date and a time" in none
    assert "It works again." in none
