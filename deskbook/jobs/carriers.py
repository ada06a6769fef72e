"""Which way a message goes out: the way the person last wrote by, else mail, else whatever reaches them."""

from collections.abc import Mapping
from datetime import datetime

from deskbook.channels.chat import carrier as chat
from deskbook.channels.contract import Carrier, Outgoing
from deskbook.channels.email import carrier as email
from deskbook.channels.sms import carrier as sms
from deskbook.channels.whatsapp import carrier as whatsapp
from deskbook.engine.channels import ChannelKind
from deskbook.people.books import desk_in_force
from deskbook.people.merging import same_person
from deskbook.people.models import Contact
from deskbook.tickets.models import Message, Ticket

CARRIERS: Mapping[ChannelKind, Carrier] = {
    "chat": chat.carry,
    "email": email.carry,
    "whatsapp": whatsapp.carry,
    "sms": sms.carry,
}
"""In the order they are tried when the person's own way does not reach them."""


def send(outgoing: Outgoing, *, at: datetime) -> ChannelKind | None:
    """Queues the message by the first way that reaches the person, once; returns the way, None when there is none."""
    for kind in ways_to(outgoing.ticket, outgoing.contact):
        if CARRIERS[kind](outgoing, at=at):
            return kind
    return None


def ways_to(ticket: Ticket, contact: Contact) -> list[ChannelKind]:
    """Returns the ways in the order they are tried for somebody on a ticket: their own first."""
    first = way_they_wrote_by(ticket, contact)
    return sorted(CARRIERS, key=lambda kind: kind != first)


def way_they_wrote_by(ticket: Ticket, contact: Contact) -> ChannelKind | None:
    """Returns the kind of channel somebody wrote on a ticket by last: the way they are answered first."""
    written = Message.objects.filter(
        ticket=ticket, author_contact__in=same_person(contact), kind=Message.Kind.REQUEST
    ).order_by("-at", "-id")
    key = written.values_list("channel", flat=True).first()
    channel = desk_in_force(ticket.desk).channels.get(key or "")
    return channel.kind if channel else None
