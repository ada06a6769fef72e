"""Cases of two people that are merged."""

from deskbook.channels.email.models import OutboundMail
from deskbook.channels.email.parse import parse
from deskbook.jobs import letters
from deskbook.tickets.messages import Written
from deskbook.tickets.opening import NewCase, open_ticket
from tests.people_factory import MONDAY


def case_of(contact, subject="The report is empty", at=MONDAY):
    return open_ticket(
        contact, NewCase(subject, Written(f"{contact} wrote."), "portal"), at=at, by=contact
    ).ticket


def letters_of_unmerging(ticket):
    letters.tell_of_merge_taken_back(ticket.log.get(kind="Unmerged").pk)
    mails = OutboundMail.objects.filter(purpose="unmerged")
    return {
        row.recipient.partition("@")[0]: " ".join(parse(bytes(row.raw)).text.split())
        for row in mails
    }
