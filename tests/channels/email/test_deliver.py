import smtplib
import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from deskbook.channels.email import budgets
from deskbook.channels.email.budgets import MAX_AUTOMATIC_PER_RECIPIENT, WAITS_AT_MOST
from deskbook.channels.email.deliver import TRIED_FOR, TryAgain, deliver, is_dead
from deskbook.channels.email.held import held_mail, release, release_all, waiting_mail
from deskbook.channels.email.models import OutboundMail
from deskbook.channels.email.notices import Notice, queue_notice
from deskbook.channels.email.parse import parse
from deskbook.channels.email.signing import signer_for
from deskbook.channels.email.smtp import is_of_the_address, no_such_address
from deskbook.people.refusals import in_words
from deskbook.tickets.models import LogEntry, Ticket
from tests.channels.email.conftest import apply_small_book
from tests.channels.email.outbox import NOW, queue
from tests.channels.email.test_understanding import raw, take
from tests.people_factory import make_agent, make_desk


def test_a_mail_leaves_once_with_our_envelope_and_headers(entry, sink):
    row = queue(entry)
    assert deliver(row.pk, at=NOW).state == "sent"
    assert deliver(row.pk, at=NOW).state == "sent"
    ((sender, to, content),) = sink.got
    mail = parse(content)
    assert to == ["chitra@customer.example"]
    assert signer_for(entry.ticket.desk).read_bounce_address(sender) is not None
    assert mail.in_reply_to == "<m1@customer.example>"
    assert mail.message_id == f"<{row.mail_id}>"


def test_an_acknowledgement_leaves_from_nobody(entry, sink):
    deliver(queue(entry, "acknowledgement").pk, at=NOW)
    assert sink.got[0][0] in ("", "<>", None)


def test_an_answer_to_what_left_comes_back_to_its_ticket(entry, sink):
    deliver(queue(entry).pk, at=NOW)
    sent = parse(sink.got[0][2])
    answer = take(
        raw(
            "Yes.",
            To=sent.reply_to[0].addr,
            In_Reply_To=sent.message_id,
            Message_ID="<m9@x.example>",
        )
    )
    assert (answer.ticket, answer.message.text) == (entry.ticket, "Yes.")


def test_a_server_that_is_busy_is_tried_again_and_in_the_end_given_up(entry, sink):
    sink.reply["data"] = "451 4.7.1 Greylisted"
    row = queue(entry)
    for hours in (0, 1, 24, 71):
        with pytest.raises(TryAgain, match="Greylisted"):
            deliver(row.pk, at=NOW + timedelta(hours=hours))
    row = deliver(row.pk, at=NOW + TRIED_FOR)
    assert (row.state, row.attempts, row.hard) == ("failed", 5, False)


def test_a_server_that_is_away_is_tried_again(entry, sink, settings):
    settings.EMAIL_PORT = 1
    row = queue(entry)
    with pytest.raises(TryAgain):
        deliver(row.pk, at=NOW)
    row.refresh_from_db()
    assert (row.state, row.attempts) == ("queued", 1)


def test_a_mail_the_program_fails_to_send_waits_with_the_reason_and_not_without_one(
    entry, sink, settings
):
    row = queue(entry)
    here, settings.EMAIL_HOST = settings.EMAIL_HOST, f"{'m' * 70}.example"
    with pytest.raises(UnicodeError):
        deliver(row.pk, at=NOW)
    row.refresh_from_db()
    said = in_words(row.reason)
    assert said.startswith(
        "The program failed when it tried to send it, and tries again: UnicodeError: "
    )
    assert (row.state, list(waiting_mail(make_agent(entry.ticket.desk, role="lead")))) == (
        "queued",
        [row],
    )
    settings.EMAIL_HOST = here
    assert (deliver(row.pk, at=NOW).state, deliver(row.pk, at=NOW).reason) == ("sent", "")


def test_a_recipient_refused_for_good_is_said_on_the_ticket(entry, sink):
    sink.reply["rcpt"] = "550 5.1.1 User unknown"
    row = deliver(queue(entry).pk, at=NOW)
    assert row.state == "bounced"
    assert "User unknown" in in_words(row.reason)
    assert LogEntry.objects.filter(ticket=entry.ticket, kind="DeliveryFailed").count() == 1


def test_a_bounce_marks_the_mail_and_the_ticket_and_causes_no_mail(entry, sink):
    row = queue(entry)
    deliver(row.pk, at=NOW)
    queued = OutboundMail.objects.count()
    bounce = raw(
        "user unknown", From="MAILER-DAEMON@mx.example", To=row.envelope_from, Return_Path="<>"
    )
    inbound = take(bounce)
    row.refresh_from_db()
    assert (inbound.state, inbound.ticket, row.state) == ("ignored", entry.ticket, "bounced")
    assert LogEntry.objects.filter(ticket=entry.ticket, kind="DeliveryFailed").exists()
    assert OutboundMail.objects.count() == queued


@pytest.mark.parametrize("known", ["its id", "its id, and the address of another mail"])
def test_who_knows_the_id_of_a_mail_makes_no_address_dead_by_a_report(entry, sink, known):
    row, theirs = queue(entry), queue(entry, "reminder", "follower@evil.example")
    deliver(row.pk, at=NOW)
    said = "chitra@customer.example: 550 5.1.1 User unknown"
    report = {"From": "MAILER-DAEMON@mx.example", "Return_Path": "<>", "Subject": "Undeliverable"}
    forged = raw(said, In_Reply_To=f"<{row.mail_id}>", **report)
    take(forged, envelope_to=[theirs.envelope_from] if "another" in known else [])
    assert not is_dead("chitra@customer.example", at=NOW)
    take(raw(said, To=row.envelope_from, **report))
    assert is_dead("chitra@customer.example", at=NOW)


def test_a_mail_that_is_reported_again_and_again_failed_once(entry, sink):
    row = queue(entry)
    deliver(row.pk, at=NOW)
    for n in range(3):
        take(
            raw(
                f"unknown {n}",
                From="MAILER-DAEMON@mx.example",
                To=row.envelope_from,
                Return_Path="<>",
            )
        )
    assert LogEntry.objects.filter(ticket=entry.ticket, kind="DeliveryFailed").count() == 1


def test_reminders_to_an_address_that_bounced_are_held(entry, sink):
    sink.reply["rcpt"] = "550 5.1.1 User unknown"
    deliver(queue(entry).pk, at=NOW)
    row = deliver(queue(entry, "reminder").pk, at=NOW)
    assert row.state == "held"
    assert "Correct the address" in in_words(row.reason)


def test_more_automatic_mails_an_hour_than_honest_leave_later(entry, sink):
    rows = [
        deliver(queue(entry, f"notice {n}").pk, at=NOW) for n in range(MAX_AUTOMATIC_PER_RECIPIENT)
    ]
    assert {row.state for row in rows} == {"sent"}
    late = queue(entry, "one more")
    with pytest.raises(TryAgain, match=r'budget\.recipient.*"most": 10') as waits:
        deliver(late.pk, at=NOW)
    assert waits.value.at == NOW + timedelta(hours=1)
    assert deliver(queue(entry).pk, at=NOW).state == "sent"  # what a person wrote leaves
    assert deliver(late.pk, at=waits.value.at).state == "sent"


def test_what_waited_for_a_day_is_held_for_a_person_and_released_with_all_the_others(entry, sink):
    lead = make_agent(entry.ticket.desk, "Bala", role="lead")
    late = NOW + WAITS_AT_MOST + timedelta(minutes=1)
    old = [queue(entry, f"old {n}") for n in range(3)]
    for n in range(MAX_AUTOMATIC_PER_RECIPIENT):
        deliver(queue(entry, f"notice {n}").pk, at=late)
    assert {deliver(row.pk, at=late).state for row in old} == {"held"}
    assert release_all(lead, at=late) == 3
    assert {deliver(row.pk, at=late).state for row in old} == {"sent"}


def test_people_at_the_desk_are_told_all_that_happens(entry, sink):
    asha = make_agent(entry.ticket.desk, "Asha").user.email
    rows = [deliver(queue(entry, f"notice {n}", asha).pk, at=NOW) for n in range(40)]
    assert [row.state for row in rows] == ["sent"] * 40


def test_a_budget_counts_what_left_and_not_what_waits(entry, sink, monkeypatch):
    monkeypatch.setattr(budgets, "MAX_PER_DESK", 5)
    rows = [queue(entry, f"campaign {n}", f"c{n}@customer.example") for n in range(20)]
    monkeypatch.setattr(budgets, "MAX_PER_TICKET", 1_000)
    assert {deliver(row.pk, at=NOW).state for row in rows[:5]} == {"sent"}
    for row in rows[5:]:
        with pytest.raises(TryAgain, match=r'budget\.desk", "most": 5, "what": {"word": "mails"}'):
            deliver(row.pk, at=NOW)
    later = NOW + timedelta(hours=1)
    assert {deliver(row.pk, at=later).state for row in rows[5:10]} == {"sent"}
    assert OutboundMail.objects.filter(state="held").count() == 0


def test_what_strangers_make_one_desk_write_holds_no_mail_of_another(entry, sink, monkeypatch):
    monkeypatch.setattr(budgets, "MAX_ACKNOWLEDGEMENTS_PER_DESK", 3)
    for n in range(3):
        deliver(queue(entry, "acknowledgement", f"stranger{n}@evil.example").pk, at=NOW)
    with pytest.raises(TryAgain, match=r'"most": 3, "what": {"word": "acknowledgements"}'):
        deliver(queue(entry, "acknowledgement", "stranger3@evil.example").pk, at=NOW)
    other = make_desk("mukta")
    reminder = queue_notice(
        other, Notice("gap 1", "dev@customer.example", "Gap", "Nobody is on."), at=NOW
    )
    assert deliver(reminder.pk, at=NOW).state == "sent"


def test_a_flood_that_is_acknowledged_delays_neither_reminders_nor_answers(
    entry, sink, monkeypatch
):
    monkeypatch.setattr(budgets, "MAX_ACKNOWLEDGEMENTS_PER_DESK", 3)
    monkeypatch.setattr(budgets, "MAX_PER_DESK", 3)
    flood = [queue(entry, "acknowledgement", f"stranger{n}@evil.example") for n in range(5)]
    assert {deliver(row.pk, at=NOW).state for row in flood[:3]} == {"sent"}
    with pytest.raises(TryAgain, match=r'"most": 3, "what": {"word": "acknowledgements"}'):
        deliver(flood[3].pk, at=NOW)
    assert [
        deliver(queue(entry, what).pk, at=NOW).state for what in ("reminder", "closing", "answer")
    ] == ["sent"] * 3


def test_acknowledgements_of_what_was_written_in_a_name_use_up_none_of_its_owners_mail(
    entry, sink, monkeypatch
):
    monkeypatch.setattr(budgets, "MAX_AUTOMATIC_PER_RECIPIENT", 1)
    deliver(queue(entry, "acknowledgement").pk, at=NOW)
    assert deliver(queue(entry, "reminder").pk, at=NOW).state == "sent"


def test_an_answer_does_not_wait_in_line_behind_acknowledgements(entry):
    rows = [queue(entry, what) for what in ("acknowledgement", "answer", "reminder")]
    jobs = ProcrastinateJob.objects.filter(
        task_name="deliver_mail", args__outbound_id__in=[row.pk for row in rows]
    )
    first = [job.args["outbound_id"] for job in jobs.order_by("-priority", "id")]
    assert first == [rows[1].pk, rows[2].pk, rows[0].pk]


def test_a_mail_that_was_given_up_is_listed_and_sent_again(entry, sink):
    lead = make_agent(entry.ticket.desk, "Bala", role="lead")
    sink.reply["data"] = "451 4.7.1 Greylisted"
    row = deliver(queue(entry).pk, at=NOW + TRIED_FOR)
    assert (row.state, [one.pk for one in held_mail(lead)]) == ("failed", [row.pk])
    sink.reply["data"] = "250 OK"
    assert release_all(lead, at=NOW) == 1
    assert deliver(row.pk, at=NOW).state == "sent"


@pytest.mark.parametrize(
    ("code", "words", "hard"),
    [
        (550, "5.1.1 User unknown", True),
        (550, "No such user here", True),
        (552, "5.2.2 Mailbox full", True),
        (450, "4.2.0 Greylisted", False),
        (554, "5.7.1 Relay access denied", False),
        (550, "relay not permitted", False),
        (530, "5.7.0 Authentication required", False),
        (503, "Bad sequence", False),
        (550, "5.3.2 Going down", False),
    ],
)
def test_only_what_is_said_of_the_address_is_hard(code, words, hard):
    assert is_of_the_address(code, words) is hard


@pytest.mark.django_db(transaction=True)
def test_no_row_is_locked_while_the_server_takes_its_time(sink):
    apply_small_book()
    entry = LogEntry.objects.select_related("ticket__desk").get(ticket=take(raw()).ticket, seq=1)
    row, seen = queue(entry), []

    def changed_by_somebody_else():
        with transaction.atomic():
            seen.append(OutboundMail.objects.select_for_update(nowait=True).get(pk=row.pk).state)
        connection.close()

    def in_the_meantime():
        meanwhile = threading.Thread(target=changed_by_somebody_else)
        meanwhile.start()
        meanwhile.join()

    sink.while_talking = in_the_meantime
    assert deliver(row.pk, at=NOW).state == "sent"
    assert seen == ["sending"]


def test_an_address_that_is_only_put_off_is_no_address_that_does_not_exist():
    assert no_such_address(
        smtplib.SMTPRecipientsRefused({"c@x.example": (550, b"5.1.1 User unknown")})
    )
    assert not no_such_address(
        smtplib.SMTPRecipientsRefused({"c@x.example": (450, b"4.2.0 Greylisted")})
    )
    assert not no_such_address(
        smtplib.SMTPRecipientsRefused({"c@x.example": (530, b"5.7.0 Authentication required")})
    )


def test_an_address_outside_ascii_is_reached(entry, sink):
    assert deliver(queue(entry, recipient="चित्रा@उदाहरण.भारत").pk, at=NOW).state == "sent"


def test_junk_that_comes_back_to_the_bounce_address_is_a_soft_failure_of_that_mail_and_no_ticket(
    entry, sink
):
    row = queue(entry)
    deliver(row.pk, at=NOW)
    junk = raw(
        "\x01\x02", From="MAILER-DAEMON@mx.example", To="someone@elsewhere.example", Subject="???"
    )
    inbound = take(junk, envelope_from="<>", envelope_to=[row.envelope_from])
    row.refresh_from_db()
    assert (inbound.state, inbound.ticket, row.state) == ("ignored", entry.ticket, "bounced")
    assert "came back" in in_words(inbound.reason)
    (failure,) = LogEntry.objects.filter(ticket=entry.ticket, kind="DeliveryFailed")
    assert failure.data["hard"] is False
    assert Ticket.objects.count() == 1


def test_what_a_lead_sends_after_all_leaves_and_is_not_held_again(entry, sink):
    lead = make_agent(entry.ticket.desk, "Bala", role="lead")
    sink.reply["rcpt"] = "550 5.1.1 User unknown"
    deliver(queue(entry).pk, at=NOW)
    sink.reply["rcpt"] = "250 OK"
    row = deliver(queue(entry, "reminder").pk, at=NOW)
    assert [held.pk for held in held_mail(lead)] == [row.pk]
    assert release(row, at=NOW, by=lead)
    assert not release(row, at=NOW, by=lead)
    assert deliver(row.pk, at=NOW).state == "sent"


def test_two_letters_that_come_back_in_the_same_words_are_both_said_to_have(entry, sink):
    """A report without Message-ID and Date is told from another by the address it came to."""
    report = (
        b"From: MAILER-DAEMON@mx.example\r\nSubject: Undelivered Mail Returned to Sender\r\n\r\n"
        b"<chitra@customer.example>: 550 5.1.1 user unknown\r\n"
    )
    sent = [deliver(queue(entry, one).pk, at=NOW) for one in ("answer", "severity")]
    for letter in sent:
        take(report, envelope_from="", envelope_to=[letter.envelope_from])
    assert [OutboundMail.objects.get(pk=one.pk).state for one in sent] == ["bounced"] * 2
