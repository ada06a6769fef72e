"""Somebody of the desk forwards a customer's mail: the customer is offered as the requester."""

import pytest

from deskbook.channels.email.forwarded import told_apart
from deskbook.channels.email.storing import ingest
from deskbook.channels.email.understanding import receive
from tests.channels.email.post import mail
from tests.people_factory import make_agent

JOAN = "joan@customer.example"
BLOCKS = {
    "Gmail": (
        f"FYI\n\n---------- Forwarded message ---------\nFrom: Joan Field <{JOAN}>\nDate: Mon, 2"
        " Mar 2026\nSubject: Printer\nTo: Asha <asha@small.example>\n\nIt does not print."
    ),
    "Gmail, wrapped": (
        f"---------- Forwarded message ---------\nFrom: Joan Field\n<{JOAN}>\nDate: Mon, 2 Mar"
        " 2026\nSubject: Printer\nTo: <asha@small.example>\n\nIt does not print."
    ),
    "Gmail in Portuguese": (
        f"---------- Mensagem encaminhada ---------\nDe: Joan Field <{JOAN}>\nData: seg., 2 de"
        " mar.\nAssunto: Impressora\nPara: Asha <asha@small.example>\n\nNão imprime."
    ),
    "Apple Mail": (
        f"Begin forwarded message:\n\n> From: Joan Field <{JOAN}>\n> Subject: Printer\n> Date: 2"
        " March 2026\n> To: asha@small.example\n> \n> It does not print."
    ),
    "Thunderbird": (
        "-------- Forwarded Message --------\nSubject: \tPrinter\nDate: \tMon, 2 Mar 2026\n"
        f"From: \tJoan Field <{JOAN}>\nTo: \tasha@small.example\n\nIt does not print."
    ),
    "Outlook": (
        f"Please look.\n\nFrom: Joan Field <{JOAN}>\nSent: Monday, March 2, 2026 10:15\n"
        "To: Asha <asha@small.example>\nSubject: Printer\n\nIt does not print."
    ),
    "old Outlook": (
        f"From: Joan Field [mailto:{JOAN}]\nSent: Monday, March 2, 2026 10:15\n"
        "To: Asha\nSubject: Printer\n\nIt does not print."
    ),
    "from HTML": (
        f"*From:* Joan Field <mailto:{JOAN}>\n*Sent:* Monday\n*To:* Asha\n*Subject:* Printer\n\nNo"
        " print."
    ),
    "Hindi": (
        f"---------- अग्रेषित संदेश ---------\nप्रेषक: Joan Field <{JOAN}>\nदिनांक: सोम\nविषय:"
        " प्रिंटर\nप्रति: Asha\n\nनहीं"
    ),
    "German": (
        "-------- Weitergeleitete Nachricht --------\nBetreff: Drucker\nDatum: Mo\nVon: Joan Field"
        f" <{JOAN}>\nAn: Asha\n\nEr druckt nicht."
    ),
}


@pytest.mark.parametrize("program", BLOCKS)
def test_who_wrote_a_forwarded_mail_is_read_from_the_block_above_it(program):
    assert mail("Subject: Fwd: Printer", BLOCKS[program]).original_sender.addr == JOAN


def test_who_wrote_is_read_from_a_mail_forwarded_as_a_file():
    body = (
        "--b\nContent-Type: text/plain\n\nSee the file.\n--b\nContent-Type:"
        " message/rfc822\nContent-Disposition: attachment; filename=p.eml\n\nFrom: Joan"
        f" <{JOAN}>\nSubject: Printer\n\nNo.\n--b--\n"
    )
    assert (
        mail(
            "Subject: Fwd: Printer\nContent-Type: multipart/mixed; boundary=b", body
        ).original_sender.addr
        == JOAN
    )


@pytest.mark.parametrize(
    "text",
    [
        "It does not print.",
        f"From: Joan <{JOAN}>\nis what the label says.",
        "---------- Forwarded message ---------\n\nx",
    ],
)
def test_where_nothing_says_who_wrote_nobody_is_named(text):
    assert mail("Subject: Printer", text).original_sender is None


def forwarded(sender, block=BLOCKS["Gmail"]):
    head = f"From: {sender}\nTo: it@harbour.example\nSubject: Fwd: Printer\nMessage-ID: <f@x>"
    return receive(ingest(f"{head}\n\n{block}".encode())).ticket


def test_the_mail_an_agent_forwards_names_who_wrote_it_and_anybody_elses_does_not(desk):
    ours, theirs = forwarded(make_agent(desk).user.email), forwarded("evan@customer.example")
    assert ours.messages.get(kind="request").forwarded_from == f"Joan Field <{JOAN}>"
    assert theirs.messages.get().forwarded_from == ""


def test_an_answer_of_the_desk_that_is_forwarded_to_it_names_nobody(desk):
    own = BLOCKS["Gmail"].replace(JOAN, "it@harbour.example")
    assert forwarded(make_agent(desk).user.email, own).messages.get().forwarded_from == ""


def test_what_an_agent_says_about_the_mail_they_forward_is_a_note_and_its_writer_never_reads_it(
    desk,
):
    block = BLOCKS["Outlook"].replace("Please look.", "He is a pain; please look.")
    ticket = forwarded(make_agent(desk).user.email, block)
    said = ticket.messages.get(kind="request")
    assert "pain" not in said.text + said.html and "It does not print." in said.text
    assert ticket.messages.get(kind="note").text.endswith("\n\nHe is a pain; please look.")


def test_a_second_copy_of_a_mail_that_an_agent_forwards_opens_no_second_case(desk):
    address = make_agent(desk).user.email
    assert forwarded(address) == forwarded(address)


@pytest.mark.parametrize("program", BLOCKS)
def test_what_stands_above_a_forwarded_mail_is_told_apart_from_it(program):
    own, carried = told_apart(BLOCKS[program])
    assert own in ("", "FYI", "Please look.")
    assert JOAN in carried
