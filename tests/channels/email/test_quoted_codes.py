"""Somebody answers the mail with their code, or carries it on to the desk: what all of the desk
reads opens nothing.
"""

from base64 import b64encode

import pytest
from django.core import mail as outbox

from deskbook.channels.email.models import InboundMail
from deskbook.channels.email.set_aside import found_by
from deskbook.channels.email.storing import ingest
from deskbook.channels.email.understanding import give_up
from deskbook.jobs.sign_in import mail_code
from deskbook.people.accounts import in_groups, make_codes, use_code
from deskbook.people.contacts import find_or_make_contact
from deskbook.people.mailed_codes import ask_for_code, use_code_mailed_to
from deskbook.tickets.models import Ticket
from tests.channels.email.test_understanding import NOW, raw, take
from tests.people_factory import make_agent

CHITRA = "chitra@customer.example"


@pytest.fixture
def code_mail(desk):
    """The mail with a live code of Chitra's."""
    find_or_make_contact(desk, "email", CHITRA)
    mail_code(ask_for_code(CHITRA, "en", network="192.0.2.1", at=NOW).number, at=NOW)
    return outbox.outbox[-1]


def code_in(mail):
    return mail.subject.rpartition(" ")[2]


@pytest.mark.parametrize("answers", [True, False])
def test_a_code_quoted_to_the_desk_signs_nobody_in_and_is_read_nowhere(desk, code_mail, answers):
    code, mark = (
        code_in(code_mail),
        code_mail.extra_headers["Message-ID"] if answers else "<x@customer.example>",
    )
    words = "I did not ask for this.\n\n" + "\n".join(
        f"> {line}" for line in code_mail.body.splitlines()
    )
    row = take(raw(words, Subject=f"Re: {code_mail.subject}", In_Reply_To=mark))
    assert (row.state, row.ticket.subject) == ("done", "Re: Your code: ····-····")
    message = row.message
    assert "I did not ask for this." in message.text
    assert code not in f"{message.text} {message.quoted} {message.html} {row.ticket.subject}"
    assert use_code_mailed_to(CHITRA, code, at=NOW) is None


def test_a_code_in_a_mail_that_is_held_signs_nobody_in_and_is_not_listed(desk, code_mail):
    code = code_in(code_mail)
    row = take(
        raw(code_mail.body, From="x", Subject=code_mail.subject), mailbox="it@harbour.example"
    )
    assert (row.state, row.subject) == ("held", "Your code: ····-····")
    assert code not in row.words
    assert not found_by(code, InboundMail.objects.all())
    assert use_code_mailed_to(CHITRA, code, at=NOW) is None


def test_the_code_of_a_first_sign_in_quoted_to_the_desk_opens_nothing(desk):
    asha = make_agent(desk)
    code = in_groups(make_codes([asha], at=NOW)[asha.pk])
    take(raw(f"What am I to do with {code}?", From="asha@small.example"))
    assert code not in Ticket.objects.get().messages.get().text
    assert use_code(code, at=NOW) is None


def test_what_only_looks_like_a_code_is_kept_and_ends_nobodys(desk, code_mail):
    row = take(raw("The part is 7K3M-QX4P, serial ABCD-EFGH-JKMN."))
    assert row.message.text == "The part is 7K3M-QX4P, serial ABCD-EFGH-JKMN."
    assert use_code_mailed_to(CHITRA, code_in(code_mail), at=NOW).email == CHITRA


def no_mail_with(words):
    """Return bytes that no reader takes for a mail, with these words in them as programs write them
    down.
    """
    return b"\r\n\r\n" + words


@pytest.mark.parametrize(
    "written",
    [
        bytes,
        lambda code: code[:6] + b"=\r\n" + code[6:],
        lambda code: b64encode(b"Yours is " + code + b" for an hour."),
    ],
    ids=["as it is", "quoted-printable", "base64"],
)
def test_a_code_in_what_cannot_be_read_as_a_mail_signs_nobody_in(desk, code_mail, written):
    code = code_in(code_mail)
    row = take(no_mail_with(written(code.encode())))
    assert row.state == "held"
    assert use_code_mailed_to(CHITRA, code, at=NOW) is None


def test_a_code_in_a_mail_that_stopped_the_worker_signs_nobody_in(desk, code_mail):
    row = ingest(raw(code_mail.body))
    give_up(row, at=NOW)
    assert use_code_mailed_to(CHITRA, code_in(code_mail), at=NOW) is None
