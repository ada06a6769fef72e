"""Mails as they came to desks and were once read wrongly, delivered as they are, and what must
stand on the ticket.
"""

from datetime import timedelta

import pytest
import time_machine

from deskbook.channels.email.models import OutboundMail
from deskbook.channels.email.storing import ingest
from deskbook.channels.email.understanding import receive
from deskbook.jobs.letters import carry_answer
from deskbook.people.contacts import address_of, contact_by
from deskbook.people.models import Agent, Contact
from deskbook.people.refusals import in_words
from deskbook.tickets.conversation import answer_ticket
from deskbook.tickets.messages import Written
from deskbook.tickets.models import Attachment, Ticket
from deskbook.tickets.queues import find, listed
from tests.channels.email.conftest import MONDAY
from tests.channels.email.post import FIXTURES
from tests.people_factory import make_agent


def delivered(name, **how):
    raw = (
        (FIXTURES / f"{name}.eml")
        .read_bytes()
        .replace(b"support@sparkrock.example", b"it@harbour.example")
    )
    return receive(ingest(raw, **how))


@pytest.mark.parametrize(
    ("name", "subject", "words"),
    [
        ("one-bad-byte-in-malayalam", "One bad byte", "പ്രിന്റർ പ്രവർത്തിക്കുന്നില്ല.\nprice � 5"),
        ("subject-cut-inside-a-character", "प्रिंटर काम नहीं करत�", "x"),
        ("charset-only-in-html-meta", "Meta charset", "Здравствуйте, не работает вход"),
        ("raw-bytes-in-encoded-word", "Größe", "x"),
        ("base64-followed-by-footer", "Case 86b", "The words are here, nothing more."),
    ],
)
def test_what_was_sent_is_readable_on_the_ticket(desk, name, subject, words):
    row = delivered(name)
    assert (row.state, row.ticket.subject) == ("done", subject)
    assert words in row.message.text


@pytest.mark.parametrize(
    ("name", "sender", "called"),
    [
        ("address-as-display-name", "mallory44e@evil.example", "chitra@example.org"),
        ("comma-in-unquoted-name", "joan44@customer.example", "Field, Joan"),
        ("comma-in-encoded-name", "jm44c@customer.example", "Müller, Jörg"),
        ("at-in-unquoted-name", "joan44d@customer.example", "Joan @ ACME"),
        ("header-injection-in-from", "a94@outside.example", "A Bcc: victim@x.example"),
        ("from-two-addresses-without-comma", "joan46@customer.example", "joan46@customer.example"),
    ],
)
def test_the_address_in_brackets_is_the_sender_and_nobody_else_becomes_a_contact(
    desk, name, sender, called
):
    requester = delivered(name).ticket.requester
    assert (address_of(requester), requester.name) == (sender, called)
    assert Contact.objects.count() == 1


def test_people_copied_in_without_a_comma_are_all_of_them_followers(desk):
    row = delivered("cc-missing-comma")
    addresses = {f"{who}@customer.example" for who in ("bo", "cy", "dee")}
    followers = {
        address_of(one.contact)
        for one in row.ticket.participants.exclude(contact=row.ticket.requester)
    }
    assert followers == addresses
    assert contact_by(desk, "email", "@customer.example") is None


def test_an_address_too_long_for_any_server_is_held_with_the_reason_and_makes_no_contact(desk):
    row = delivered("held/address-of-300-characters")
    assert (row.state, Contact.objects.count()) == ("held", 0)
    assert "316 characters" in in_words(row.reason)


def test_a_mail_without_from_is_of_who_its_envelope_names(desk):
    row = delivered("held/no-from-but-mail-from", envelope_from="chitra@customer.example")
    assert address_of(row.ticket.requester) == "chitra@customer.example"


def test_a_mail_from_nobody_at_all_is_held_with_the_reason(desk):
    row = delivered("held/no-from-but-mail-from", envelope_from="<>")
    assert (row.state, "who it is from" in in_words(row.reason)) == ("held", True)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("only-text-part-has-a-file-name", "The only words, with a file name."),
        ("plain-part-is-a-placeholder", "The lift in house 4 is stuck between floors since 08:10."),
    ],
)
def test_the_words_are_the_message_wherever_they_stood(desk, name, words):
    row = delivered(name)
    assert row.message.text == words
    assert is_found(row.ticket, make_agent(desk), words)


def test_words_that_only_the_html_has_are_found(desk):
    row = receive(ingest(_TWO_FORMS, "it@harbour.example"))
    assert row.message.text == "Please see below."
    assert is_found(row.ticket, make_agent(desk), "boiler pressure")


_TWO_FORMS = b"""From: chitra@customer.example
To: it@harbour.example
Subject: Heating
Content-Type: multipart/alternative; boundary=b

--b
Content-Type: text/plain

Please see below.
--b
Content-Type: text/html

<p>Please see below.</p><table><tr><td>Boiler</td><td>no pressure</td></tr></table>
--b--
"""


def test_an_invitation_says_when_and_where_also_beside_its_html(desk):
    message = delivered("invitation-with-html").message
    for shown in (message.text, message.html):
        assert "2026-12-01 10:00 (America/Toronto)" in shown
        assert "Place: Room 4" in shown


def test_a_broken_line_among_the_headers_hides_neither_subject_nor_sender(desk):
    row = delivered("junk-line-among-headers")
    assert (row.ticket.subject, row.ticket.requester.name) == ("Case 51", "Joan Field")
    assert row.message.text == "A relay broke one header line."


def test_a_line_longer_than_mail_allows_is_taken_whole(desk):
    assert max(map(len, delivered("line-of-2000-bytes").message.text.splitlines())) >= 1_990


@pytest.mark.parametrize(
    "name", ["calendar-27-semicolons", "calendar-broken-fold", "content-type-semicolons"]
)
def test_a_mail_made_to_be_slow_is_read_like_any_other(desk, name):
    assert delivered(name).state == "done"


def test_the_same_words_of_a_machine_without_id_and_date_a_day_later_are_a_mail_of_their_own(desk):
    with time_machine.travel(MONDAY, tick=False) as clock:
        first = delivered("same-mail-twice-without-id")
        assert delivered("same-mail-twice-without-id") == first
        clock.shift(timedelta(minutes=50))
        assert delivered("same-mail-twice-without-id") == first
        clock.shift(timedelta(days=1))
        second = delivered("same-mail-twice-without-id")
    assert (second.state, second.ticket == first.ticket) == ("done", False)


@pytest.mark.parametrize(
    ("name", "files"),
    [
        ("file-with-content-id-not-shown", ["contract.pdf"]),
        ("photo-with-content-id-not-in-the-html", ["damage.png"]),
        ("two-pictures-with-ids-img1-img10", []),
        ("cid-in-capitals", []),
        ("cid-percent-encoded", ["pic.png"]),
    ],
)
def test_every_file_the_words_do_not_show_is_a_file_of_the_case(desk, name, files):
    row = delivered(name)
    listed = Attachment.objects.filter(message=row.message, inline=False).order_by("pk")
    assert list(listed.values_list("name", flat=True)) == files
    assert all(is_found(row.ticket, make_agent(desk, name), name) for name in files)


@pytest.mark.parametrize(
    ("name", "writer", "words"),
    [
        ("form-mail-with-reply-to", "tiago@home.example", "My printer is on fire."),
        ("form-mail-from-the-desks-own-address", "tiago2@home.example", "own address as From"),
        (
            "list-rewrites-from-to-the-desk",
            "ann.lee@dmarc.example",
            "Our cash desk does not start since eight.",
        ),
        ("person-attaches-a-bounce", "caller08@outside.example", "What must we change?"),
        (
            "answer-marked-auto-generated",
            "tina@tcust.example",
            "it still does not print, the light is red",
        ),
    ],
)
def test_a_person_whom_a_form_a_list_or_a_machine_of_theirs_writes_for_has_a_ticket(
    desk, name, writer, words
):
    row = delivered(name)
    assert (row.state, address_of(row.ticket.requester)) == ("done", writer)
    assert words in row.message.text


@pytest.mark.parametrize(
    ("name", "writer"),
    [
        ("form-mail-with-reply-to", "tiago@home.example"),
        ("form-mail-from-the-desks-own-address", "tiago2@home.example"),
        ("list-rewrites-from-to-the-desk", "ann.lee@dmarc.example"),
    ],
)
def test_who_wrote_through_a_form_or_a_list_gets_the_answers(desk, name, writer):
    ticket = delivered(name).ticket
    answer, *_moved = answer_ticket(
        ticket, Written("It is out."), at=ticket.opened_at, by=make_agent(desk)
    ).entries
    carry_answer(answer.pk)
    assert list(OutboundMail.objects.values_list("recipient", flat=True)) == [writer]


def test_a_report_that_somebody_attached_is_a_file_of_the_case(desk):
    files = Attachment.objects.filter(message=delivered("person-attaches-a-bounce").message)
    assert list(files.values_list("name", flat=True)) == ["details.txt"]


def test_what_outlook_wrapped_into_winmail_dat_is_shown_as_words_and_files(desk):
    row = delivered("winmail-dat")
    assert row.message.text == "The invoice 4711 is in this winmail file."
    [file] = Attachment.objects.filter(message=row.message)
    assert (file.name, file.content_type, bytes(file.blob.data)[:8]) == (
        "invoice.pdf",
        "application/pdf",
        b"%PDF-1.4",
    )
    assert is_found(row.ticket, make_agent(desk), "invoice 4711")


def is_found(ticket: Ticket, by: Agent, words: str) -> bool:
    return ticket.pk in {found.id for found in listed(find(by, words))}
