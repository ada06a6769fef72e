"""Mail that becomes no ticket: what a machine wrote, what came back, what cannot be read."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from deskbook.channels.email.floods import MAX_PER_HOUR
from deskbook.channels.email.models import InboundMail
from deskbook.channels.email.set_aside import LATELY, found_by, note_older, read_again, retry
from deskbook.channels.email.signing import headers_of_account_mail, signer_for
from deskbook.channels.email.storing import ingest
from deskbook.channels.email.understanding import give_up, receive
from deskbook.people.books import apply_book
from deskbook.people.refusals import in_words
from deskbook.tickets.models import Ticket
from deskbook.tickets.state import state_of
from tests.channels.email.conftest import BOOK
from tests.channels.email.post import FIXTURES
from tests.channels.email.test_understanding import NOW, raw, take


@pytest.mark.parametrize(
    "mark",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-generated"},
        {"Precedence": "bulk"},
        {"Subject": "Out of office: Printer"},
    ],
)
def test_what_a_machine_writes_on_a_case_is_shown_there_and_moves_nothing(desk, mark):
    ticket = take(raw()).ticket
    before = state_of(ticket)
    row = take(
        raw("Away.", In_Reply_To="<m1@customer.example>", Message_ID="<m2@x.example>", **mark)
    )
    ticket.refresh_from_db()
    assert (row.state, row.ticket, row.message.text, row.may_acknowledge) == (
        "done",
        ticket,
        "Away.",
        False,
    )
    assert row.message.automatic
    assert ticket.log.latest("seq").kind == "Noted"
    assert replace(state_of(ticket), seq=before.seq, last_at=before.last_at) == before


def test_a_machine_that_writes_on_a_case_without_end_is_left_out_and_holds_up_nobody(desk):
    ticket = take(raw()).ticket
    note = {"Auto_Submitted": "auto-replied", "In_Reply_To": "<m1@customer.example>"}
    rows = [
        take(raw(f"Away {n}.", Message_ID=f"<n{n}@x.example>", **note)) for n in range(MAX_PER_HOUR)
    ]
    assert [row.state for row in rows] == ["done"] * (MAX_PER_HOUR - 1) + ["ignored"]
    assert (rows[-1].ticket, rows[-1].sender) == (ticket, "Chitra <chitra@customer.example>")


def test_what_was_left_out_is_found_by_the_words_of_the_mail_it_carries(desk):
    row = take(
        b"From: Chitra <chitra@customer.example>\r\nTo: help@harbour.example\r\nSubject:"
        b" Fwd\r\nMessage-ID: <c1@x>\r\nAuto-Submitted: auto-replied\r\nMIME-Version:"
        b" 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type:"
        b" text/plain\r\n\r\nSee below.\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nFrom: Evan"
        b" <evan@customer.example>\r\nSubject: Scanner\r\n\r\nIt whistles.\r\n--b--\r\n"
    )
    assert row.state == "ignored"
    for words in ("whistles", "scanner", "evan"):
        assert list(found_by(words, InboundMail.objects.all())) == [row]


def test_an_absence_note_opens_no_case_and_is_found_among_what_was_left_out(desk):
    row = take(raw("Away until Monday.", Auto_Submitted="auto-replied"))
    assert (row.state, row.ticket, row.words, row.subject) == (
        "ignored",
        None,
        "Away until Monday.",
        "Printer",
    )
    assert list(found_by("away chitra", InboundMail.objects.all())) == [row]
    assert not found_by("gone", InboundMail.objects.all())


@pytest.mark.parametrize(
    "kept", [b"Subject: =?utf-8?q?Gr=C3=B6=C3=9Fe?=\r\nFrom: ghost\r\n\r\nBoo", raw(From="x")]
)
def test_sender_and_subject_of_a_held_mail_are_read_as_far_as_can_be(desk, kept):
    row = take(kept, mailbox="it@harbour.example")
    assert (row.state, row.sender, row.subject) in (
        ("held", "ghost", "Größe"),
        ("held", "x", "Printer"),
    )


def test_a_held_mail_that_is_retried_keeps_nothing_of_what_it_was_found_by(desk):
    row = take(raw(From="x"))
    retry(row)
    row.refresh_from_db()
    assert (row.sender, row.subject, row.words) == ("", "", "")
    assert not found_by("printer", InboundMail.objects.all())


@pytest.mark.parametrize(
    "headers",
    [
        {"From": "MAILER-DAEMON@mx.example", "Subject": "Undeliverable: Your code"},
        {"Auto_Submitted": "auto-replied", "In_Reply_To": "{notice}"},
        {"Auto_Submitted": "auto-replied", "To": "{reply}"},
        {"Message_ID": "{notice}"},
        {"Message_ID": "{code}", "From": "it@harbour.example"},
        {"Auto_Submitted": "auto-replied", "In_Reply_To": "{code}"},
    ],
)
def test_what_quotes_a_mail_of_ours_that_may_hold_a_code_is_listed_and_not_to_be_read(
    desk, headers
):
    signer, code = signer_for(desk), headers_of_account_mail()["Message-ID"]
    marks = {
        "code": code,
        "notice": signer.message_id("notice", "n-1"),
        "reply": signer.reply_address("notice"),
    }
    row = take(
        raw(
            "Your code is KQ7-MJ2.",
            **{name: value.format(**marks) for name, value in headers.items()},
        )
    )
    assert (row.state, row.may_be_read, row.words) == ("ignored", False, "")
    assert read_again(row) is None
    assert not found_by("KQ7", InboundMail.objects.all())


@pytest.mark.parametrize("name", ["dsn-hard", "read-receipt", "abuse-report", "bounce-prose"])
def test_reports_open_no_ticket(desk, name):
    row = take((FIXTURES / f"{name}.eml").read_bytes(), mailbox="it@harbour.example")
    assert (row.state, row.ticket) == ("ignored", None)
    assert in_words(row.reason).endswith(".")


def test_our_own_mail_come_back_is_ignored(desk):
    row = take(raw(From="it@harbour.example"))
    assert (row.state, row.ticket) == ("ignored", None)


@pytest.mark.parametrize(
    "content",
    [b"", b"\x89PNG not a mail", b"Subject: from nobody\r\n\r\nwords", raw(From="somebody")],
)
def test_what_cannot_be_read_is_kept_with_a_sentence_and_the_next_goes_on(desk, content):
    row = take(content, mailbox="it@harbour.example")
    assert row.state == "held"
    assert in_words(row.reason).endswith(".")
    assert bytes(row.raw.data) == content
    assert take(raw()).state == "done"


def test_a_mail_that_ended_every_process_it_was_read_in_is_set_aside(desk):
    row = InboundMail.objects.get(pk=ingest(raw()))
    give_up(row.pk)
    row.refresh_from_db()
    assert row.state == "held"
    assert "stopped the worker three times" in in_words(row.reason)
    receive(row.pk, at=NOW)
    assert not Ticket.objects.exists()


def test_mail_for_nobody_is_quarantined_when_there_are_two_desks(desk):

    other = (
        BOOK.read_text()
        .replace("it@harbour.example", "other@harbour.example")
        .replace("prefix: IT", "prefix: OT")
    )
    apply_book("other", other, at=NOW - timedelta(days=1), by=None)
    row = take(raw(To="stranger@elsewhere.example"))
    assert row.state == "held"
    assert "Add the address to a book" in in_words(row.reason)


def test_what_was_set_aside_before_it_was_searched_is_found_by_what_may_be_read_of_it(desk):
    absent = take(raw("Away until Monday.", Auto_Submitted="auto-replied", Subject="Holidays"))
    held = take(raw("Help me with the boiler.", Message_ID="<m2@x.example>", From="ghost"))
    assert (absent.state, held.state) == ("ignored", "held")
    rows = InboundMail.objects.filter(pk__in=(absent.pk, held.pk))
    rows.update(search=None, sender="", subject="", words="")
    rows.filter(pk=absent.pk).update(may_be_read=False)  # as the upgrade leaves what was left out
    assert note_older(at=NOW) == 0  # whoever reads a mail that just came notes it
    assert note_older(at=NOW + 2 * LATELY) == 2
    assert list(found_by("chitra holidays", rows)) == [absent]
    assert list(found_by("boiler", rows)) == [held]
    assert not found_by("monday", rows)
    assert note_older(at=NOW + 2 * LATELY) == 0


def test_what_the_clock_looks_for_every_minute_is_not_looked_for_among_all_that_was_set_aside(desk):
    with CaptureQueriesContext(connection) as asked:
        note_older(at=NOW)
    with connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")
        cursor.execute(f"explain {asked[0]['sql']}")
        assert "mail_not_noted" in "".join(line for [line] in cursor.fetchall())
