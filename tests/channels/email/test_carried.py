"""A mail that carries another on as a file: its words are read and found on the ticket, and act for
nobody.
"""

import email.message
import email.policy

import pytest

from deskbook.channels.email.carried import MOST_DEPTH, MOST_MAILS
from deskbook.channels.email.parse import parse
from deskbook.channels.email.signing import signer_for
from deskbook.channels.email.storing import ingest
from deskbook.channels.email.understanding import receive
from deskbook.people.models import ContactIdentity
from deskbook.tickets.messages import copy_message
from deskbook.tickets.models import Attachment, CarriedMail, Ticket
from tests.people_factory import make_agent

JOAN = "Joan Field <joan@customer.example>"


def letter(sender="chitra@customer.example", words="See the file.", **headers):
    made = email.message.EmailMessage(policy=email.policy.SMTP)
    made["From"], made["To"] = sender, headers.pop("to", "it@harbour.example")
    for name, value in {
        "Subject": "Fwd: Printer",
        "Message-ID": f"<{len(words)}@customer.example>",
        **headers,
    }.items():
        made[name.replace("_", "-")] = value
    made.set_content(words)
    return made


def joans(**headers):
    """The mail that is carried on: with HTML, a file of its own, and all that makes a mail act."""
    mail = letter(
        JOAN,
        "The zebra printer burns.",
        Subject="Printer",
        Date="Mon, 2 Mar 2026 10:15:42 +0530",
        **headers,
    )
    mail.add_alternative(
        "<p>The <b>zebra</b> printer burns. <script>steal()</script></p>", subtype="html"
    )
    mail.add_attachment(b"smoke", maintype="image", subtype="png", filename="smoke.png")
    return mail


def carrying(*mails, **headers):
    outer = letter(**headers)
    for mail in mails:
        outer.add_attachment(mail)
    return bytes(outer)


def test_a_carried_mail_says_who_wrote_it_when_about_what_and_the_original_stays_as_it_came(desk):
    raw = carrying(joans())
    ticket = receive(ingest(raw)).ticket
    said = CarriedMail.objects.get()
    assert (said.wrote, said.subject, said.text.strip()) == (
        JOAN,
        "Printer",
        "The zebra printer burns.",
    )
    assert said.written_at.isoformat() == "2026-03-02T04:45:42+00:00"
    assert "<b>zebra</b>" in said.html and "script" not in said.html
    assert bytes(said.file.blob.data) in raw
    inside = Attachment.objects.get(within=said.file)
    assert (inside.name, bytes(inside.blob.data), inside.message.ticket) == (
        "smoke.png",
        b"smoke",
        ticket,
    )


def test_a_ticket_is_found_by_the_words_and_files_of_a_mail_it_carries(desk):
    ticket = receive(ingest(carrying(joans()))).ticket
    for word in ("zebra", "joan", "smoke"):
        assert Ticket.objects.filter(search=word).get() == ticket


def test_every_mail_of_a_digest_and_every_mail_in_a_mail_is_opened(desk):
    digest = b"\r\n".join(
        [
            b"--d\r\n\r\nFrom: a%d@x.example\r\nSubject: No %d\r\n\r\nWord%d.\r\n" % (n, n, n)
            for n in range(3)
        ]
    )
    raw = (
        b"From: list@customer.example\nTo: it@harbour.example\nContent-Type: multipart/digest;"
        b" boundary=d\n\n"
    )
    receive(ingest(raw + digest + b"--d--\n"))
    assert list(CarriedMail.objects.order_by("file").values_list("subject", flat=True)) == [
        "No 0",
        "No 1",
        "No 2",
    ]
    CarriedMail.objects.all().delete()
    middle = letter("m@x.example", "Middle.", Subject="Middle")
    middle.add_attachment(joans())
    receive(ingest(carrying(middle, words="Outer.")))
    inner = CarriedMail.objects.get(subject="Printer")
    assert inner.file.within.carried.subject == "Middle"


def test_a_mail_named_eml_is_opened_whatever_its_type_says_and_what_is_none_stays_a_file():
    outer = letter()
    for name, content in (("a.eml", bytes(joans())), ("b.eml", b"no mail at all")):
        outer.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    read = parse(bytes(outer))
    assert [one.path for one in read.carried] == [(0,)]
    assert [one.filename for one in read.attachments] == ["a.eml", "b.eml"]


def test_so_many_mails_are_opened_and_so_deep_and_the_others_stay_files():
    many = parse(carrying(*(joans() for _ in range(MOST_MAILS + 5))))
    assert (len(many.carried), len(many.attachments)) == (MOST_MAILS, MOST_MAILS + 5)
    nest = joans()
    for depth in range(MOST_DEPTH + 2):
        outer = letter(Subject=f"Level {depth}")
        outer.add_attachment(nest)
        nest = outer
    assert len(parse(bytes(nest)).carried) == MOST_DEPTH


def test_nothing_in_a_carried_mail_is_the_senders_act(desk):
    """It neither threads nor bounces, names no follower and no sender, and marks nothing as written
    by a machine.
    """
    theirs = receive(ingest(bytes(letter(words="My printer.")))).ticket
    answer = signer_for(desk).reply_address(str(theirs.pk))
    inner = letter(
        "MAILER-DAEMON@x.example",
        "It came back.",
        to=f"{answer}, evan@customer.example",
        Cc="dev@customer.example",
        Subject=f"Re: [{theirs}]",
        In_Reply_To="<11@customer.example>",
        Auto_Submitted="auto-replied",
    )
    row = receive(ingest(carrying(inner)))
    assert row.state == "done" and row.ticket != theirs
    assert str(row.ticket.requester) == str(theirs.requester)
    said = row.ticket.messages.get()
    assert not (said.automatic or said.unproven or said.forwarded_from)
    assert not ContactIdentity.objects.filter(
        identifier__in=["evan@customer.example", "dev@customer.example"]
    ).exists()


def test_the_mail_an_agent_forwards_as_a_file_is_what_its_writer_reads_and_what_was_said_about_it_is_a_note(
    desk,
):
    raw = carrying(joans(), sender=make_agent(desk).user.email, words="He is a pain.")
    ticket = receive(ingest(raw)).ticket
    asked = ticket.messages.get(kind="request")
    assert asked.forwarded_from == JOAN
    assert "zebra" in asked.text and "pain" not in asked.text + asked.html
    assert "pain" in ticket.messages.get(kind="note").text


def test_a_second_copy_of_a_mail_that_an_agent_forwards_as_a_file_opens_no_second_case(desk):
    raw = carrying(joans(), sender=make_agent(desk).user.email)
    copy = receive(ingest(raw + b"\r\n-- \r\nof a list", "list@harbour.example"))
    assert receive(ingest(raw)).ticket == copy.ticket


def test_a_carried_mail_gives_nobody_a_colleagues_answer_address(desk):
    address = signer_for(desk).agent_address("12", "3")
    receive(ingest(carrying(letter(JOAN, f"Write to {address} please."))))
    assert "+a.12.3.****************@" in CarriedMail.objects.get().text


def test_what_is_taken_back_to_its_writers_own_case_takes_along_the_mails_it_carries(desk):
    here, there = (
        receive(ingest(carrying(joans(), words=words))) for words in ("One.", "The other one.")
    )
    copy = copy_message(here.message, there.ticket)
    mail = CarriedMail.objects.get(file__message=copy)
    assert "zebra" in mail.text
    assert Attachment.objects.get(within=mail.file).message == copy
    assert CarriedMail.objects.filter(file__message=here.message).exists()


@pytest.mark.parametrize(
    "content", [b"\x00\xff" * 50, b"From: \n\n", b"Subject: =?utf-8?b?/w==?=\n\n\x00"]
)
def test_a_damaged_mail_in_a_mail_is_stored_all_the_same(desk, content):
    outer = letter()
    outer.add_attachment(content, maintype="application", subtype="octet-stream", filename="a.eml")
    assert receive(ingest(bytes(outer))).state == "done"
