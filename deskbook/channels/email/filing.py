"""A case that a person makes of a mail which became no ticket."""

from datetime import datetime

from deskbook.channels.email.addressees import why_unanswerable
from deskbook.channels.email.copied import answers_elsewhere, not_copied_in
from deskbook.channels.email.mail import ParsedMail
from deskbook.channels.email.mailboxes import ours_of
from deskbook.channels.email.models import InboundMail
from deskbook.channels.email.set_aside import beginning_of, file_by_hand, files_of, read_again
from deskbook.channels.email.writer import writer_of
from deskbook.delivery.left_over import Beginning
from deskbook.people.models import Agent
from deskbook.tickets.models import Message

_BYTES = 20_000
"""Of a mail that cannot be read as one."""


def begins(mail: InboundMail, agent: Agent) -> Beginning:
    """Returns what is known of the mail, and its files."""
    read = read_again(mail)
    if read is None:
        sender = mail.sender or mail.envelope_from.strip("<>")
        text = beginning_of(mail, _BYTES).decode(errors="replace") if mail.may_be_read else ""
        return Beginning(sender, text, "email", mail.subject)
    return Beginning(_writer(agent, mail, read), read.text, "email", read.subject, files_of(read))


def file(mail: InboundMail, message: Message, agent: Agent, at: datetime) -> None:
    """Notes which message was made of the mail, and on it whom the mail names beside the desk."""
    read, ticket = read_again(mail), message.ticket
    if read and ticket:
        elsewhere = answers_elsewhere(ticket.desk, ticket.requester, read)
        named = not_copied_in(ticket, (*read.to, *read.cc))
        message.mended = [*message.mended, *named, *elsewhere]
        message.save(update_fields=["mended"])
    file_by_hand(mail, message, by=agent)


def _writer(agent: Agent, mail: InboundMail, read: ParsedMail) -> str:
    """Who wrote it; nobody where it says it is from the desk itself."""
    ours = ours_of(agent.desk)
    address = writer_of(read, ours).address
    if ours.wrote(address.addr):
        return ""
    if why_unanswerable(address.addr):
        return mail.envelope_from.strip("<>")
    return f"{address.name} <{address.addr}>".strip()
