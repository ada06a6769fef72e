"""Which way a message goes out: the way the person last wrote by, else mail, else whatever reaches
them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from deskbook.channels.chat import carrier as chat
from deskbook.channels.contract import Carrier, Outgoing, Where
from deskbook.channels.email import carrier as email
from deskbook.channels.email.recipients import letter_addresses
from deskbook.channels.sms import carrier as sms
from deskbook.channels.whatsapp import carrier as whatsapp
from deskbook.engine.channels import ChannelKind
from deskbook.people.books import desk_in_force
from deskbook.people.merging import person
from deskbook.people.models import Contact
from deskbook.tickets.followers import Used, used_on
from deskbook.tickets.models import Ticket

CARRIERS: Mapping[ChannelKind, Carrier] = {
    "chat": chat.carry,
    "email": email.carry,
    "whatsapp": whatsapp.carry,
    "sms": sms.carry,
}
"""In the order they are tried when the person's own way does not reach them."""
_WHERE: Mapping[ChannelKind, Where] = {
    "chat": chat.where,
    "whatsapp": whatsapp.where,
    "sms": sms.where,
}


@dataclass(frozen=True, slots=True)
class Reached:
    """By which way an answer reaches somebody, and where: an address, a number; empty in a chat."""

    kind: ChannelKind
    address: str = ""


def send(outgoing: Outgoing, *, at: datetime) -> ChannelKind | None:
    """Queues the message by the first way that reaches the person, once; returns the way, None when
    there is none.
    """
    for kind in ways_to(outgoing.ticket, outgoing.contact):
        if CARRIERS[kind](outgoing, at=at):
            return kind
    return None


def ways_to(ticket: Ticket, contact: Contact) -> list[ChannelKind]:
    """Returns the ways in the order they are tried for somebody on a ticket: their own first."""
    return _in_order(way_they_wrote_by(ticket, contact))


def way_they_wrote_by(ticket: Ticket, contact: Contact) -> ChannelKind | None:
    """Returns the kind of channel somebody wrote on a ticket by last: the way they are answered
    first.
    """
    return _last_way(ticket, used_on(ticket).get(person(contact).pk, ()))


def reached_at(ticket: Ticket, people: Sequence[Contact], *, at: datetime) -> list[Reached | None]:
    """Returns for each person where an answer goes now, as `send` finds it; None for whom no way
    reaches.
    """
    letters = letter_addresses(ticket, people, "answer", at=at)
    desk = desk_in_force(ticket.desk)
    others = [kind for kind in CARRIERS if kind != "email" and desk.channel_of(kind)]
    used = used_on(ticket) if others else {}
    found = []
    for one in people:
        ways = _in_order(_last_way(ticket, used.get(one.pk, ())))
        by_mail = next((Reached("email", address) for address in letters[one.pk]), None)
        reached = (
            by_mail if kind == "email" else _by(kind, ticket, one, at)
            for kind in ways
            if kind in (*others, "email")
        )
        found.append(next(filter(None, reached), None))
    return found


def _by(kind: ChannelKind, ticket: Ticket, contact: Contact, at: datetime) -> Reached | None:
    address = _WHERE[kind](ticket, contact, "answer", contact.language or "en", at=at)
    return None if address is None else Reached(kind, address)


def _in_order(first: ChannelKind | None) -> list[ChannelKind]:
    return sorted(CARRIERS, key=lambda kind: kind != first)


def _last_way(ticket: Ticket, used: Sequence[Used]) -> ChannelKind | None:
    channel = desk_in_force(ticket.desk).channels.get(used[0].channel) if used else None
    return channel.kind if channel else None
