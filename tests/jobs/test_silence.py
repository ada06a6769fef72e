"""Nobody is closed for silence who was not told: from the ladder to the mail server and back."""

from datetime import UTC, datetime, timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from deskbook.channels.all import carrying
from deskbook.channels.email.deliver import TRIED_FOR, TryAgain, deliver, fail
from deskbook.channels.email.held import drop
from deskbook.channels.email.models import OutboundMail
from deskbook.channels.sms.models import TextMessage
from deskbook.channels.sms.send import send_text
from deskbook.channels.whatsapp.deliver import deliver as deliver_whatsapp
from deskbook.channels.whatsapp.models import WhatsAppOutgoing
from deskbook.channels.whatsapp.statuses import UNDELIVERABLE
from deskbook.jobs import letters, schedule
from deskbook.jobs.another_way import carry_another_way
from deskbook.people.models import ContactIdentity
from deskbook.tickets.conversation import (
    answer_ticket,
    ask_requester,
    note_on_ticket,
    take_in_message,
)
from deskbook.tickets.log import WORDS_LOOKED_AFTER
from deskbook.tickets.messages import Written
from deskbook.tickets.models import LogEntry
from deskbook.tickets.opening import NewCase, open_ticket
from deskbook.tickets.reminders import record_left
from deskbook.tickets.stages import move_ticket
from deskbook.tickets.verify import broken_links
from tests.people_factory import MONDAY, make_agent, make_contact, make_desk

pytestmark = pytest.mark.django_db
FIRST, SECOND, CLOSING = (
    MONDAY + timedelta(days=2),
    MONDAY + timedelta(days=4),
    MONDAY + timedelta(days=8),
)
"""After two, four and six business days."""
NOW = datetime.now(UTC)


@pytest.fixture
def asha():
    return make_agent(make_desk("sparkrock"))


@pytest.fixture
def chitra(asha):
    return make_contact(asha.desk)


@pytest.fixture
def case(asha, chitra):
    return asked(asha, chitra)


def asked(asha, contact):
    """A case that waits for its requester since Monday."""
    ticket = open_ticket(
        contact, NewCase("Empty report", Written("Help"), "portal"), at=MONDAY, by=contact
    ).ticket
    ask_requester(ticket, Written("Which report?"), [], at=MONDAY, by=asha)
    return ticket


def let_pass(case, at):
    """What a worker does at that time: wakes what is due, and the jobs of reminders."""
    schedule.wake_due_tickets(at=at)
    for entry in LogEntry.objects.filter(ticket=case, kind="ReminderDue").order_by("seq"):
        letters.remind(entry.pk)
    case.refresh_from_db()
    return list(OutboundMail.objects.filter(ticket=case, purpose="reminder").order_by("pk"))


def kinds(case):
    told = (
        "ReminderDue",
        "ReminderSent",
        "ReminderCameBack",
        "CannotBeReached",
        "Closed",
        "DeliveryFailed",
    )
    return list(
        LogEntry.objects.filter(ticket=case, kind__in=told)
        .order_by("seq")
        .values_list("kind", flat=True)
    )


def test_a_reminder_is_sent_when_the_mail_server_has_it_and_not_before(case, sink):
    [mail] = let_pass(case, FIRST)
    assert kinds(case) == ["ReminderDue"]
    deliver(mail.pk, at=FIRST)
    deliver(mail.pk, at=FIRST)
    assert kinds(case) == ["ReminderDue", "ReminderSent"]
    for at in (SECOND, CLOSING):
        for mail in let_pass(case, at):
            deliver(mail.pk, at=at)
    assert kinds(case) == ["ReminderDue", "ReminderSent"] * 2 + ["Closed"]
    assert list(broken_links([case])) == []


def test_a_reminder_repeats_the_question_and_not_what_was_said_after_it(case, asha):
    answer_ticket(case, Written("By the way: closed on Friday."), at=MONDAY, by=asha)
    [mail] = let_pass(case, FIRST)
    words = bytes(mail.raw).decode()
    assert "> Which report?" in words
    assert "closed on Friday" not in words
    ask_requester(case, Written("And which printer?"), [], at=FIRST, by=asha)
    mails = let_pass(case, FIRST + timedelta(days=2))
    assert "> And which printer?" in bytes(mails[-1].raw).decode()


def test_a_solved_case_is_not_closed_before_the_solution_has_left(asha, chitra, sink):
    case = open_ticket(
        chitra, NewCase("Empty", Written("Help"), "portal"), at=MONDAY, by=chitra
    ).ticket
    solved = answer_ticket(
        case, Written("Choose the year."), then_stage="complete", at=MONDAY, by=asha
    )
    letters.carry_answer(solved.entries[0].pk)
    [mail] = OutboundMail.objects.filter(ticket=case, purpose="answer")
    late = MONDAY + timedelta(days=60)
    for at in (late, late + timedelta(hours=1)):
        # What somebody does closes it no more than time.
        note_on_ticket(case, Written("Still there."), at=at, by=asha)
        schedule.wake_due_tickets(at=at)
        case.refresh_from_db()
        assert (case.is_open, case.wake_at) == (True, at + WORDS_LOOKED_AFTER)
    OutboundMail.objects.filter(pk=mail.pk).update(state="held")
    schedule.wake_due_tickets(at=late + timedelta(days=1))
    case.refresh_from_db()
    assert case.is_open
    OutboundMail.objects.filter(pk=mail.pk).update(state="queued")
    deliver(mail.pk, at=late + timedelta(days=2))
    schedule.wake_due_tickets(at=late + timedelta(days=2))
    case.refresh_from_db()
    assert not case.is_open
    assert list(broken_links([case])) == []


def test_a_solution_queued_before_mails_had_a_contact_keeps_its_case_open(asha, chitra):
    case = solved(asha, chitra)
    OutboundMail.objects.filter(ticket=case, purpose="answer").update(contact=None)
    schedule.wake_due_tickets(at=NOW + timedelta(days=90))
    case.refresh_from_db()
    assert case.is_open


@pytest.mark.parametrize("way", ["mail", "text", "WhatsApp"])
def test_a_reminder_that_waits_leaves_by_no_way_once_its_requester_answered(case, chitra, way):
    [mail] = let_pass(case, FIRST)
    entry = LogEntry.objects.get(ticket=case, kind="ReminderDue")
    told = {
        "entry": entry,
        "ticket": case,
        "purpose": "reminder",
        "queued_at": FIRST,
        "next_try_at": FIRST,
    }
    text = TextMessage.objects.create(desk=case.desk, number="+14165550101", text="?", **told)
    whatsapp = WhatsAppOutgoing.objects.create(
        contact=chitra, part=0, form="text", text="?", **told
    )
    take_in_message(
        case, Written("The yearly one."), channel="portal", at=FIRST + timedelta(hours=1), by=chitra
    )
    late = FIRST + timedelta(hours=2)
    sending = {
        "mail": (deliver, mail),
        "text": (send_text, text),
        "WhatsApp": (deliver_whatsapp, whatsapp),
    }
    do, row = sending[way]
    assert do(row.pk, at=late).state == "dropped"
    assert kinds(case) == ["ReminderDue"]


def test_who_has_no_way_to_be_told_is_not_closed_and_the_desk_learns_of_it(asha, chitra):
    ContactIdentity.objects.filter(contact=chitra).delete()  # who called and gave no address
    case = asked(asha, chitra)
    for at in (FIRST, SECOND, CLOSING, MONDAY + timedelta(days=90)):
        assert let_pass(case, at) == []
    assert kinds(case) == ["ReminderDue", "CannotBeReached"]
    assert LogEntry.objects.get(ticket=case, kind="CannotBeReached").data["reason"] == "no way"
    assert (case.is_open, case.waits_for) == (True, "desk")


def test_who_whatsapp_does_not_reach_is_reminded_by_mail_and_their_ladder_goes_on(
    case, chitra, sink
):
    schedule.wake_due_tickets(at=FIRST)
    entry = LogEntry.objects.get(ticket=case, kind="ReminderDue")
    row = WhatsAppOutgoing.objects.create(
        entry=entry,
        ticket=case,
        contact=chitra,
        purpose="reminder",
        part=0,
        form="text",
        text="?",
        letter="Which one?",
        state="failed",
        code=UNDELIVERABLE,
        queued_at=FIRST,
    )
    carry_another_way(*carrying()["whatsapp"].another_way(row.pk), at=FIRST)
    assert (
        deliver(OutboundMail.objects.get(ticket=case, purpose="reminder").pk, at=FIRST).state
        == "sent"
    )
    assert kinds(case) == ["ReminderDue", "ReminderSent"]


def test_who_moved_to_another_address_is_not_closed(case, sink):
    sink.reply["rcpt"] = "550 5.1.1 User unknown"
    [mail] = let_pass(case, FIRST)
    deliver(mail.pk, at=FIRST)
    assert ProcrastinateJob.objects.filter(task_name="remind").exists()
    let_pass(case, FIRST)
    let_pass(case, CLOSING)
    assert kinds(case) == ["ReminderDue", "CannotBeReached"]
    assert LogEntry.objects.get(ticket=case, kind="CannotBeReached").data["reason"] == "failed"


def test_who_has_a_second_address_is_told_there(case, chitra, sink):
    other = "chitra@new.example"
    ContactIdentity.objects.create(
        contact=chitra, desk=chitra.desk, channel="email", identifier=other
    )
    sink.reply["rcpt"] = "550 5.1.1 User unknown"
    [mail] = let_pass(case, FIRST)
    deliver(mail.pk, at=FIRST)
    sink.reply["rcpt"] = "250 OK"
    [_old, mail] = let_pass(case, FIRST)
    assert mail.recipient == other
    deliver(mail.pk, at=FIRST)
    assert kinds(case) == ["ReminderDue", "ReminderSent"]


def test_a_server_that_puts_a_mail_off_for_days_closes_nobody(case, sink):
    sink.reply["data"] = "451 4.7.1 Greylisted"
    [mail] = let_pass(case, FIRST)
    with pytest.raises(TryAgain):
        deliver(mail.pk, at=FIRST)
    # The second reminder does not pile up behind the first.
    assert len(let_pass(case, CLOSING)) == 1
    assert kinds(case) == ["ReminderDue"]
    deliver(mail.pk, at=mail.queued_at + TRIED_FOR)
    let_pass(case, MONDAY + timedelta(days=30))
    assert kinds(case) == ["ReminderDue", "CannotBeReached"]
    assert case.is_open


def test_a_week_of_the_desks_own_downtime_closes_nobody_and_sends_one_mail_to_each(asha, sink):
    cases = [asked(asha, make_contact(asha.desk, f"Caller {n}")) for n in range(5)]
    back_at = MONDAY + timedelta(days=30)
    schedule.wake_due_tickets(at=back_at)
    mails = [mail for case in cases for mail in let_pass(case, back_at)]
    assert [deliver(mail.pk, at=back_at).state for mail in mails] == ["sent"] * 5
    schedule.wake_due_tickets(at=back_at + timedelta(days=1))
    assert {tuple(kinds(case)) for case in cases} == {
        ("ReminderDue", "ReminderDue", "ReminderSent")
    }
    schedule.wake_due_tickets(at=back_at + timedelta(days=5))
    assert {kinds(case)[-1] for case in cases} == {"Closed"}


def test_an_answer_in_the_meantime_ends_what_was_to_be_told(case, chitra, sink):
    [mail] = let_pass(case, FIRST)
    take_in_message(case, Written("This one."), channel="email", at=FIRST, by=chitra)
    assert deliver(mail.pk, at=FIRST).state == "dropped"
    assert sink.got == []
    assert kinds(case) == ["ReminderDue"]


def test_a_reminder_that_may_have_arrived_is_sent_again_and_in_the_log_although_they_answered(
    case, chitra, sink
):
    [mail] = let_pass(case, FIRST)
    sink.is_silent = True
    with pytest.raises(TryAgain):
        deliver(mail.pk, at=FIRST)
    sink.is_silent, sink.reply["data"] = False, "451 4.7.1 Greylisted"
    with pytest.raises(TryAgain):
        deliver(mail.pk, at=FIRST)
    take_in_message(case, Written("This one."), channel="email", at=FIRST, by=chitra)
    sink.reply["data"] = "250 OK"
    assert deliver(mail.pk, at=FIRST).state == "sent"
    assert kinds(case) == ["ReminderDue", "ReminderSent"]


def test_a_reminder_that_was_put_off_is_not_sent_once_its_requester_answered(case, chitra, sink):
    """A server that puts off what it does not know yet has taken nothing."""
    sink.reply["data"] = "451 4.7.1 Greylisted"
    [mail] = let_pass(case, FIRST)
    with pytest.raises(TryAgain):
        deliver(mail.pk, at=FIRST)
    take_in_message(case, Written("This one."), channel="email", at=FIRST, by=chitra)
    sink.reply["data"] = "250 OK"
    assert deliver(mail.pk, at=FIRST).state == "dropped"
    assert sink.got == []
    assert kinds(case) == ["ReminderDue"]


def test_a_reminder_the_requester_has_is_in_the_log_also_when_they_wrote_while_it_left(
    case, chitra
):
    let_pass(case, FIRST)
    take_in_message(case, Written("This one."), channel="email", at=FIRST, by=chitra)
    record_left(LogEntry.objects.get(ticket=case, kind="ReminderDue"), "reminder", at=FIRST)
    assert kinds(case) == ["ReminderDue", "ReminderSent"]
    assert let_pass(case, CLOSING)[1:] == []
    assert (case.is_open, case.waits_for) == (True, "desk")
    assert list(broken_links([case])) == []


def test_an_acknowledgement_that_nobody_can_get_is_said_on_the_case(asha, chitra, sink):
    case = open_ticket(
        chitra, NewCase("Empty report", Written("Help"), "email"), at=MONDAY, by=chitra
    ).ticket
    letters.acknowledge(LogEntry.objects.get(ticket=case, kind="Opened").pk)
    [mail] = OutboundMail.objects.filter(ticket=case)
    sink.reply["rcpt"] = "550 5.1.1 User unknown"
    assert deliver(mail.pk).state == "bounced"
    assert kinds(case) == ["DeliveryFailed"]


def test_an_answer_nobody_can_get_is_said_on_the_case_once(asha, chitra):
    ContactIdentity.objects.filter(contact=chitra).delete()
    case = asked(asha, chitra)
    answer_ticket(case, Written("Switch it on."), at=MONDAY, by=asha)
    last = LogEntry.objects.filter(ticket=case, kind="Answered").latest("seq")
    for _ in range(2):
        letters.carry_answer(last.pk)
    assert kinds(case).count("DeliveryFailed") == 1


def solved(asha, contact):
    """A case that was solved by an answer just now, and closes by itself without a reminder."""
    ticket = open_ticket(
        contact, NewCase("Empty report", Written("Help"), "phone"), at=NOW, by=contact
    ).ticket
    answer_ticket(ticket, Written("It is full again."), then_stage="complete", at=NOW, by=asha)
    answered = LogEntry.objects.get(ticket=ticket, kind="Answered")
    letters.carry_answer(answered.pk)
    return ticket


def test_who_was_not_told_that_it_is_solved_is_not_closed_for_silence(asha, chitra):
    ContactIdentity.objects.filter(contact=chitra).delete()
    case = solved(asha, chitra)
    let_pass(case, NOW + timedelta(days=90))
    assert kinds(case) == ["DeliveryFailed", "CannotBeReached"]
    assert case.is_open
    assert list(broken_links([case])) == []


def test_who_was_told_that_it_is_solved_and_says_nothing_is_closed(asha, chitra, sink):
    case = solved(asha, chitra)
    deliver(OutboundMail.objects.get(ticket=case, purpose="answer").pk, at=NOW)
    let_pass(case, NOW + timedelta(days=90))
    assert kinds(case) == ["Closed"]


def test_who_was_told_that_it_is_solved_and_did_not_get_it_in_three_days_is_not_closed(
    asha, chitra, sink
):
    case = solved(asha, chitra)
    mail = OutboundMail.objects.get(ticket=case, purpose="answer")
    sink.reply["data"] = "452 4.3.1 No room just now"
    deliver(mail.pk, at=mail.queued_at + TRIED_FOR)
    let_pass(case, NOW + timedelta(days=90))
    assert kinds(case) == ["DeliveryFailed", "CannotBeReached"]
    assert case.is_open


def test_a_reminder_that_comes_back_after_it_left_does_not_count(case, sink):
    [mail] = let_pass(case, FIRST)
    deliver(mail.pk, at=FIRST)
    [_first, mail] = let_pass(case, SECOND)
    mail = deliver(mail.pk, at=SECOND)
    fail(mail, "It came back: 550 5.1.1 User unknown.", hard=True, at=SECOND + timedelta(hours=1))
    let_pass(case, SECOND + timedelta(hours=1))
    let_pass(case, MONDAY + timedelta(days=90))
    assert kinds(case) == [
        "ReminderDue",
        "ReminderSent",
        "ReminderDue",
        "ReminderSent",
        "ReminderCameBack",
        "CannotBeReached",
    ]
    assert (case.is_open, case.waits_for) == (True, "desk")
    assert list(broken_links([case])) == []


def test_a_reminder_that_comes_back_goes_to_the_next_address(case, chitra, sink):
    ContactIdentity.objects.create(
        contact=chitra, desk=chitra.desk, channel="email", identifier="chitra@new.example"
    )
    [mail] = let_pass(case, FIRST)
    fail(deliver(mail.pk, at=FIRST), "It came back.", hard=True, at=FIRST + timedelta(hours=1))
    [_old, mail] = let_pass(case, FIRST + timedelta(hours=1))
    deliver(mail.pk, at=FIRST + timedelta(hours=1))
    assert mail.recipient == "chitra@new.example"
    assert kinds(case) == ["ReminderDue", "ReminderSent", "ReminderCameBack", "ReminderSent"]


def test_a_reminder_that_is_held_for_a_person_goes_to_the_next_address(case, chitra, sink):
    """Nobody may look for days; a day after it fell due it is told where it can be."""
    ContactIdentity.objects.create(
        contact=chitra, desk=chitra.desk, channel="email", identifier="chitra@new.example"
    )
    [mail] = let_pass(case, FIRST)
    OutboundMail.objects.filter(pk=mail.pk).update(state="held")
    [_held, mail] = let_pass(case, FIRST + timedelta(days=1))
    deliver(mail.pk, at=FIRST + timedelta(days=1))
    assert mail.recipient == "chitra@new.example"
    assert kinds(case) == ["ReminderDue", "ReminderSent"]


def test_a_second_report_of_a_reminder_that_went_another_way_stops_nothing(case, chitra, sink):
    ContactIdentity.objects.create(
        contact=chitra, desk=chitra.desk, channel="email", identifier="chitra@new.example"
    )
    [mail] = let_pass(case, FIRST)
    fail(deliver(mail.pk, at=FIRST), "It came back.", hard=True, at=FIRST + timedelta(hours=1))
    [old, mail] = let_pass(case, FIRST + timedelta(hours=1))
    deliver(mail.pk, at=FIRST + timedelta(hours=1))
    fail(old, "It came back once more.", hard=True, at=FIRST + timedelta(hours=2))
    assert kinds(case) == ["ReminderDue", "ReminderSent", "ReminderCameBack", "ReminderSent"]


def test_a_reminder_that_comes_back_after_they_answered_moves_nothing(case, chitra, sink):
    [mail] = let_pass(case, FIRST)
    mail = deliver(mail.pk, at=FIRST)
    take_in_message(case, Written("This one."), channel="email", at=FIRST, by=chitra)
    fail(mail, "It came back.", hard=True, at=FIRST + timedelta(hours=1))
    let_pass(case, CLOSING)
    assert kinds(case) == ["ReminderDue", "ReminderSent"]


def test_who_was_not_told_because_somebody_discarded_the_answer_is_not_closed(asha, chitra):
    case = solved(asha, chitra)
    OutboundMail.objects.filter(ticket=case, purpose="answer").update(state="held")
    assert drop(OutboundMail.objects.get(ticket=case, purpose="answer"), at=NOW, by=asha)
    let_pass(case, NOW + timedelta(days=90))
    assert kinds(case) == ["DeliveryFailed", "CannotBeReached"]


def test_who_did_not_get_the_answer_before_it_was_solved_is_not_closed(asha, chitra):
    ContactIdentity.objects.filter(contact=chitra).delete()
    case = open_ticket(
        chitra, NewCase("Empty report", Written("Help"), "phone"), at=NOW, by=chitra
    ).ticket
    answer_ticket(case, Written("It is full again."), at=NOW, by=asha)
    letters.carry_answer(LogEntry.objects.get(ticket=case, kind="Answered").pk)
    move_ticket(case, "complete", at=NOW + timedelta(minutes=1), by=asha)
    let_pass(case, NOW + timedelta(days=90))
    assert kinds(case) == ["DeliveryFailed", "CannotBeReached"]
    assert (case.is_open, case.waits_for) == (True, "desk")
    assert list(broken_links([case])) == []
