"""What the desk sends before anybody has looked at a case: it carries nobody's words to a third
person.
"""

from email import message_from_bytes
from email.policy import default

from deskbook.channels.chat.identity import newcomer
from deskbook.channels.email.models import OutboundMail
from deskbook.jobs.letters import acknowledge
from deskbook.tickets.messages import Written
from deskbook.tickets.opening import NewCase, open_ticket
from tests.channels.email.conftest import MONDAY
from tests.channels.email.test_understanding import raw, take

OURS = "mx.harbour.example"
STRANGERS = "Win at evil.example"


def acknowledged(ticket):
    """Let the acknowledgement be written, and return the mail."""
    acknowledge(ticket.log.get(kind="Opened").pk)
    return message_from_bytes(bytes(OutboundMail.objects.get(ticket=ticket).raw), policy=default)


def said_in(mail):
    return f"{mail['To']} {mail['Subject']} {mail.get_body(('plain',)).get_content()}"


def mailed(**headers):
    return take(
        raw(From=f"{STRANGERS} <chitra@customer.example>", Subject=STRANGERS, **headers)
    ).ticket


def test_where_anybody_can_forge_a_sender_the_acknowledgement_has_only_the_desks_own_words_and_keeps_its_thread(
    desk,
):
    ticket = mailed()
    mail = acknowledged(ticket)
    assert STRANGERS not in said_in(mail)
    assert mail["Subject"] == f"{desk.title} [{ticket}]"
    assert f"We have received your message. Its number is {ticket}." in said_in(mail)
    assert mail["In-Reply-To"] == "<m1@customer.example>"
    assert mail["References"].startswith("<m1@customer.example> ")


def test_a_sender_the_mail_server_proved_is_told_which_of_their_mails_it_was(desk, settings):
    settings.DESKBOOK_TRUSTED_MAIL_SERVERS = (OURS,)
    ticket = mailed(Authentication_Results=f"{OURS}; dmarc=pass header.from=customer.example")
    mail = acknowledged(ticket)
    assert mail["Subject"] == f"{STRANGERS} [{ticket}]"
    assert f"We have received “{STRANGERS}”. Its number is {ticket}." in said_in(mail)


def test_an_address_that_was_only_typed_gets_none_of_the_words_typed_with_it(desk):
    stranger = newcomer(desk, STRANGERS, "farah@mail.example", language="en")
    ticket = open_ticket(
        stranger, NewCase(STRANGERS, Written("x"), "email"), at=MONDAY, by=stranger
    ).ticket
    assert STRANGERS not in said_in(acknowledged(ticket))
