"""What was done a moment ago is undone for ten seconds, and nobody hears of it."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from deskbook.channels.email.models import OutboundMail
from deskbook.engine.clocks import readings
from deskbook.jobs.on_their_way import words_wait
from deskbook.jobs.sendings import let_leave
from deskbook.people.books import desk_at
from deskbook.tickets.conversation import take_in_message
from deskbook.tickets.drafts import draft_at, keep_draft
from deskbook.tickets.messages import Written
from deskbook.tickets.models import LogEntry, Ticket
from deskbook.tickets.sending_models import Sending
from deskbook.tickets.state import state_of
from deskbook.tickets.verify import broken_links
from tests.people_factory import BOOKS, make_desk


@pytest.fixture(autouse=True)
def _may_be_undone(settings):
    settings.DESKBOOK_UNDO = True


@pytest.fixture
def desk(db):
    """One whose agents close cases by hand."""
    return make_desk(
        "sparkrock", (BOOKS / "sparkrock.yaml").read_text().replace(", by hand: no", "")
    )


def clocks_of(ticket):
    ticket = Ticket.objects.get(pk=ticket.pk)
    return readings(desk_at(ticket.desk_id, ticket.book_version), state_of(ticket))


def as_it_stands(ticket):
    state = state_of(Ticket.objects.get(pk=ticket.pk))
    return {name: value for name, value in vars(state).items() if name not in ("seq", "last_at")}


def waiting_to_be_told(ticket):
    return ProcrastinateJob.objects.filter(
        task_name="react", status="todo", scheduled_at__isnull=False, args__ticket_id=ticket.pk
    )


def undo_of(response):
    """The address and field of the toast's button."""
    page = response.content.decode()
    found = re.search(
        r'class="toast undo".*?action="([^"]+)".*?name="(first|sending)" value="(\d+)"', page, re.S
    )
    return found[1], {found[2]: found[3]}


def test_a_case_that_was_closed_by_mistake_stands_as_before_and_nobody_was_told(
    console, case, at_ticket
):
    before, clocks = as_it_stands(case), clocks_of(case)
    page = console.post(at_ticket("closure"), follow=True)
    assert waiting_to_be_told(case).count() == 1
    address, field = undo_of(page)
    assert "Undone" in console.post(address, field, follow=True).content.decode()
    assert as_it_stands(case) == before
    assert clocks_of(case) == clocks
    assert not waiting_to_be_told(case).exists()
    assert not list(broken_links([case]))


def test_a_case_given_to_somebody_is_its_owners_again_who_hear_nothing(
    console, case, at_ticket, bala
):
    before = as_it_stands(case)
    page = console.post(at_ticket("assignment"), {"owner": bala.user.email}, follow=True)
    assert Ticket.objects.get(pk=case.pk).owner == bala
    console.post(*undo_of(page))
    assert as_it_stands(case) == before
    assert not waiting_to_be_told(case).exists()


def test_a_merge_taken_back_at_once_leaves_both_cases_as_they_were(
    console, case, open_case, at_ticket
):
    other = open_case("The same once more")
    before = as_it_stands(case), as_it_stands(other)
    page = console.post(at_ticket("merge"), {"other": str(other)}, follow=True)
    assert Ticket.objects.get(pk=case.pk).outcome == "merged"
    console.post(*undo_of(page))
    assert (as_it_stands(case), as_it_stands(other)) == before
    assert not waiting_to_be_told(case).exists()
    assert not waiting_to_be_told(other).exists()


def test_after_ten_seconds_it_is_too_late_and_a_sentence_says_so(
    console, case, at_ticket, monkeypatch
):
    page = console.post(at_ticket("closure"), follow=True)
    later = timezone.now() + timedelta(seconds=11)
    monkeypatch.setattr("deskbook.web.console.shared.undoing.timezone.now", lambda: later)
    said = console.post(*undo_of(page), follow=True).content.decode()
    assert "The 10 seconds to undo it are over" in said
    assert Ticket.objects.get(pk=case.pk).closed_at


def test_what_a_worker_has_begun_to_tell_is_not_undone(console, case, at_ticket):
    page = console.post(at_ticket("closure"), follow=True)
    with connection.cursor() as cursor:
        cursor.execute(
            "update procrastinate_jobs set status = 'doing' where task_name = 'react' and"
            " scheduled_at is not null"
        )
    assert (
        "seconds to undo it are over" in console.post(*undo_of(page), follow=True).content.decode()
    )
    assert Ticket.objects.get(pk=case.pk).closed_at


def test_what_somebody_did_since_keeps_it_from_being_undone(
    console, as_bala, case, at_ticket, bala
):
    page = console.post(at_ticket("assignment"), {"owner": bala.user.email}, follow=True)
    as_bala.post(at_ticket("writing"), {"act": "note", "text": "Mine, thank you."})
    said = console.post(*undo_of(page), follow=True).content.decode()
    assert "Something else has happened on this case since" in said
    assert Ticket.objects.get(pk=case.pk).owner == bala


def test_nobody_undoes_what_somebody_else_did(console, as_bala, case, at_ticket):
    page = console.post(at_ticket("closure"), follow=True)
    assert "This cannot be undone" in as_bala.post(*undo_of(page), follow=True).content.decode()
    assert Ticket.objects.get(pk=case.pk).closed_at


def test_the_log_keeps_what_was_undone_and_that_it_was(console, case, at_ticket):
    console.post(*undo_of(console.post(at_ticket("closure"), follow=True)))
    kinds = list(LogEntry.objects.filter(ticket=case).values_list("kind", flat=True))
    assert kinds[-2:] == ["Closed", "Undone"]
    assert "Asha undid that at once" in console.get(at_ticket()).content.decode()


def answer(console, at_ticket, text="Try it again, please.", act="answer", **more):
    return console.post(at_ticket("writing"), {"act": act, "text": text, **more}, follow=True)


def test_an_answer_leaves_after_ten_seconds_once(console, case, at_ticket):
    sent_at = timezone.now()
    answer(console, at_ticket)
    let_leave(at=sent_at + timedelta(seconds=9))
    assert not LogEntry.objects.filter(ticket=case, kind="Answered").exists()
    let_leave(at=sent_at + timedelta(seconds=11))
    let_leave(at=sent_at + timedelta(seconds=12))
    assert LogEntry.objects.filter(ticket=case, kind="Answered").count() == 1


def test_an_answer_that_was_undone_goes_to_nobody_and_its_words_stand_in_the_box_again(
    console, case, at_ticket
):
    before = as_it_stands(case)
    page = answer(console, at_ticket)
    assert "It leaves in a few seconds." in page.content.decode()
    again = console.post(*undo_of(page), follow=True).content.decode()
    assert re.search(r"<textarea[^>]*>\s*Try it again, please.</textarea>", again)
    let_leave(at=timezone.now() + timedelta(minutes=1))
    assert as_it_stands(case) == before
    assert not Sending.objects.exists()


def test_words_begun_since_stay_below_those_that_come_back(console, case, at_ticket, asha):
    page = answer(console, at_ticket, "First.")
    keep_draft(asha.user, f"ticket {case.pk}", {"text": "Second."})
    console.post(*undo_of(page))
    assert draft_at(asha.user_id, f"ticket {case.pk}").fields["text"] == "First.\n\nSecond."


def test_the_same_form_sent_twice_is_one_answer(console, case, at_ticket):
    for _ in range(2):
        answer(console, at_ticket, client_key="k1")
    assert Sending.objects.count() == 1


def test_what_the_book_refuses_is_refused_at_once_and_not_after_the_ten_seconds(
    console, case, at_ticket
):
    page = answer(console, at_ticket, stage="on the moon")
    assert page.status_code == 409
    assert not Sending.objects.exists()


def test_until_it_leaves_the_clock_runs_and_the_requester_reads_nothing(
    console, client, case, at_ticket, chitra
):
    clocks = clocks_of(case)
    answer(console, at_ticket)
    assert clocks_of(case) == clocks
    assert not case.messages.filter(text="Try it again, please.").exists()


def test_an_answer_in_the_last_seconds_of_a_clock_leaves_at_once(
    console, case, at_ticket, monkeypatch
):
    due_at = Ticket.objects.get(pk=case.pk).next_due_at
    monkeypatch.setattr(
        "deskbook.web.console.ticket.writing.timezone.now", lambda: due_at - timedelta(seconds=5)
    )
    answer(console, at_ticket)
    assert LogEntry.objects.filter(ticket=case, kind="Answered").exists()
    assert not LogEntry.objects.filter(ticket=case, kind="LimitBreached").exists()


def test_what_the_requester_writes_before_it_leaves_holds_it_and_its_writer_is_told(
    console, case, at_ticket, chitra, asha
):
    answer(console, at_ticket)
    take_in_message(case, Written("It works now!"), channel="portal", at=timezone.now(), by=chitra)
    let_leave(at=timezone.now() + timedelta(minutes=1))
    assert not LogEntry.objects.filter(ticket=case, kind="Answered").exists()
    page = console.get(at_ticket()).content.decode()
    assert "Something was said on this case after you sent this" in page
    [told] = OutboundMail.objects.filter(purpose="held")
    assert told.recipient == asha.user.email
    number = Sending.objects.get().pk
    console.post(at_ticket("undo"), {"sending": number, "now": "yes"})
    assert LogEntry.objects.filter(ticket=case, kind="Answered").exists()


def test_a_question_with_what_is_awaited_leaves_as_it_was_asked(console, case, at_ticket):
    answer(console, at_ticket, "Which month?", "question", awaited=["logs"])
    let_leave(at=timezone.now() + timedelta(seconds=11))
    asked = LogEntry.objects.get(ticket=case, kind="InformationRequested")
    assert asked.data["awaited"] == ["logs"]


def test_only_who_wrote_it_takes_it_back(console, as_bala, case, at_ticket):
    page = answer(console, at_ticket)
    said = as_bala.post(*undo_of(page), follow=True).content.decode()
    assert "Asha sent this: they alone change it" in said
    assert Sending.objects.exists()


def test_nobody_is_closed_for_silence_while_an_answer_waits_to_leave(console, case, at_ticket):
    answer(console, at_ticket)
    assert words_wait(case)
