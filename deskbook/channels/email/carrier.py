"""Mail as a way out of the desk."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from textwrap import shorten
from typing import Any

from deskbook.channels.contract import Outgoing
from deskbook.channels.email.budgets import ASIDE
from deskbook.channels.email.models import OutboundMail
from deskbook.channels.email.queueing import Post, queue_letter
from deskbook.channels.email.recipients import is_proven, letter_addresses
from deskbook.delivery.states import LEAVES_BY_ITSELF, LEFT_OVER, State
from deskbook.people.access import follows
from deskbook.people.merging import person
from deskbook.people.models import Contact
from deskbook.people.prepared import Prepared
from deskbook.tickets.models import Ticket
from deskbook.tickets.participants import leaving_link

MOST_SUBJECT = 90
"""Characters of the words that a letter beside a case is called by."""
UNASKED = ("acknowledgement", "freeze")
"""Purposes of letters that leave before anybody of the desk has looked at the case."""


def carry(outgoing: Outgoing, *, at: datetime) -> bool:
    """Queues a mail to the address of the person that `letter_addresses` names first; False when
    there is none.
    """
    contact = person(outgoing.contact)
    known = letter_addresses(outgoing.ticket, [contact], outgoing.purpose, at=at)[contact.pk]
    queued = _queued(outgoing)
    if _is_on_its_way(queued, contact, known):
        return True
    address = next((address for address in known if not _is_over(queued, address)), None)
    if address is None:
        return False
    post = Post(
        outgoing.purpose,
        address,
        outgoing.text,
        outgoing.language,
        outgoing.contact.name,
        message=outgoing.message,
        contact=contact,
        ask_for_answer=outgoing.ask_for_answer,
        files=outgoing.files,
        leave_at=_leaving_link(outgoing, contact),
        around=outgoing.around,
    )
    if outgoing.purpose in UNASKED and not is_proven(outgoing.ticket, contact):
        post = replace(post, recipient_name="", subject=outgoing.ticket.desk.title)
    if outgoing.purpose == ASIDE:
        post = replace(post, subject=_first_line(outgoing))
    queue_letter(outgoing.entry, outgoing.ticket, post, at=at)
    return True


def _first_line(outgoing: Outgoing) -> str:
    """What was written beside a case is called by its own words: the case's are its requester's."""
    first = outgoing.text.strip().partition("\n")[0]
    return shorten(first, MOST_SUBJECT, placeholder="…") or outgoing.ticket.desk.title


def where(
    ticket: Ticket, contact: Contact, purpose: str, language: str, *, at: datetime
) -> str | None:
    """Returns the address a letter on a ticket goes to, None where no mail reaches the person."""
    one = person(contact)
    return next(iter(letter_addresses(ticket, [one], purpose, at=at)[one.pk]), None)


def where_all(ticket: Ticket, people: Sequence[Contact], *, at: datetime) -> Sequence[str | None]:
    """Returns for each person the address an answer goes to, None where no mail reaches them."""
    known = letter_addresses(ticket, people, "answer", at=at)
    return [next(iter(known[one.pk]), None) for one in people]


def _leaving_link(outgoing: Outgoing, contact: Contact) -> str:
    stops = outgoing.purpose == "answer" and follows(contact, outgoing.ticket)
    return leaving_link(outgoing.ticket, contact) if stops else ""


Queued = Sequence[tuple[Any, ...]]
"""Of a mail as it was queued: whose it is, its address, its state."""


def _queued(outgoing: Outgoing) -> Queued:
    return _QUEUED.columns(entry=outgoing.entry.pk, purpose=outgoing.purpose)


_QUEUED = Prepared(
    lambda entry, purpose: OutboundMail.objects.filter(entry=entry, purpose=purpose).values_list(
        "contact", "recipient", "state"
    ),
    "entry",
    "purpose",
)


def _is_on_its_way(queued: Queued, contact: Contact, addresses: Sequence[str]) -> bool:
    """Whether this very mail is queued or has left for one of their addresses: asked for again it
    takes no other.
    """
    going = (*LEAVES_BY_ITSELF, State.HANDED_OVER)
    return any(
        state in going and (whose == contact.pk or recipient in addresses)
        for whose, recipient, state in queued
    )


def _is_over(queued: Queued, address: str) -> bool:
    """Whether this very mail was given up, held, or dropped by a person: it goes another way, or
    none.
    """
    over = (*LEFT_OVER, State.DROPPED)
    return any(recipient == address and state in over for _whose, recipient, state in queued)
