"""Who was told by when they are answered is told when a newer book moves that."""

from datetime import timedelta

import pytest
from django.utils import timezone

from deskbook.channels.email.models import OutboundMail
from deskbook.channels.email.parse import parse
from deskbook.engine.ticket import SYSTEM
from deskbook.jobs.letters import acknowledge
from deskbook.jobs.told_times import tell_of_moved_answer, told_otherwise
from deskbook.people.books import apply_book, desk_in_force, read_book
from deskbook.tickets.carrying_over import carry_all_over, due_times_moved
from deskbook.tickets.conversation import answer_ticket
from deskbook.tickets.messages import Written
from deskbook.tickets.stages import close_ticket
from deskbook.web.console.ticket.timeline import timeline
from tests.people_factory import make_agent, make_contact, make_desk
from tests.tickets.merged_cases import case_of

pytestmark = pytest.mark.django_db
BOOK = """
deskbook: 1
name: Small desk
zone: UTC
hours: { office: { every day: 00:00-24:00 } }
targets: [{ respond: 8h }]
"""
SLOWER, NONE = BOOK.replace("8h", "20h"), BOOK.replace("8h", "no promise")


@pytest.fixture
def case():
    ticket = case_of(make_contact(make_desk("small", BOOK)), at=timezone.now())
    acknowledge(ticket.log.get(kind="Opened").pk)
    return ticket


def left():
    OutboundMail.objects.update(state="sent", sent_at=timezone.now())


def carried_over(case, book):
    carry_all_over(
        apply_book("small", book, at=timezone.now(), by=None), at=timezone.now(), by=SYSTEM
    )
    entry = case.log.filter(kind="CarriedOver").latest("seq")
    tell_of_moved_answer(entry.pk)
    return [parse(bytes(row.raw)).text for row in OutboundMail.objects.filter(entry=entry)]


def hour(at):
    return f"{at:%H:%M}"


def test_who_was_told_by_when_they_are_answered_is_told_the_new_time_in_one_letter(case):
    left()
    [said] = carried_over(case, SLOWER)
    was, now = case.opened_at + timedelta(hours=8), case.opened_at + timedelta(hours=20)
    assert f"The time we told you for {case} has changed: we answer by" in said
    first, _, second = said.partition("instead of")
    assert (hour(now) in first, hour(was) in second) == (True, True)
    entry = case.log.get(kind="CarriedOver")
    shown = {item.seq: item.fate for item in timeline(case, desk_in_force(case.desk))}
    assert [line.to for line in shown[entry.seq].lines] == ["chitra@small-customer.example"]


def test_who_was_told_anew_is_told_what_they_were_told_last(case):
    left()
    carried_over(case, SLOWER)
    left()
    [said] = carried_over(case, NONE)
    told = case.opened_at + timedelta(hours=20)
    assert hour(told) in said
    assert "No time is set for it now." in said


def test_a_book_that_moves_no_time_a_letter_that_never_left_an_answered_and_a_closed_case_call_for_none(
    case,
):
    assert carried_over(case, SLOWER) == []  # the number waits to leave
    left()
    assert carried_over(case, SLOWER + "prefix: SM\n") == []
    asha = make_agent(case.desk)
    answer_ticket(case, Written("Try this."), at=timezone.now(), by=asha)
    assert carried_over(case, BOOK) == []
    other = case_of(make_contact(case.desk, "Joan"), at=timezone.now())
    acknowledge(other.log.get(kind="Opened").pk)
    left()
    apply_book("small", SLOWER, at=timezone.now(), by=None)
    carry_all_over(case.desk, at=timezone.now(), by=SYSTEM)
    close_ticket(other, at=timezone.now(), by=asha)
    for entry in other.log.filter(kind="CarriedOver"):
        tell_of_moved_answer(entry.pk)
    assert not OutboundMail.objects.filter(entry__kind="CarriedOver").exists()


def test_before_a_book_is_applied_it_is_known_who_would_be_written_to(case):
    def told(book):
        new, at = read_book("small", book), timezone.now()
        return [
            one for one, _ in told_otherwise(due_times_moved(case.desk, new, at=at), new, at=at)
        ]

    assert told(SLOWER) == []
    left()
    assert (told(SLOWER), told(BOOK)) == ([case], [])
