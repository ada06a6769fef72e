"""The chat as a way out of the desk: only while the person is there."""

from datetime import datetime

from django.db.models import QuerySet

from deskbook.channels.chat.models import ChatSession
from deskbook.channels.contract import Outgoing
from deskbook.people.access import takes_part
from deskbook.people.merging import same_person
from deskbook.people.models import Contact
from deskbook.tickets.models import Ticket

SHOWN = ("answer", "acknowledgement")
"""What a chat screen shows by itself; reminders and promises are worth a letter even to who is
there.
"""


def carry(outgoing: Outgoing, *, at: datetime) -> bool:
    """Whether the person has the chat of this ticket open and reads it there; nothing has to be
    sent.

    What they have not got when they leave goes after them (jobs/chats.py).
    """
    return (
        where(outgoing.ticket, outgoing.contact, outgoing.purpose, outgoing.language, at=at)
        is not None
    )


def stays_for(outgoing: Outgoing, *, at: datetime) -> bool:
    """Whether it stays in a chat that goes on though the line of the person is cut: there they read
    it when they are back. Once that has ended without them, they are told by another way, or it is
    said that they were not.
    """
    return _shows(outgoing.ticket, outgoing.contact, outgoing.purpose).exists()


def where(
    ticket: Ticket, contact: Contact, purpose: str, language: str, *, at: datetime
) -> str | None:
    """Returns an empty address when the person reads it in the chat of this ticket; else None."""
    there = _shows(ticket, contact, purpose).filter(seen_at__gt=at - ChatSession.GONE_AFTER)
    return "" if there.exists() else None


def _shows(ticket: Ticket, contact: Contact, purpose: str) -> QuerySet[ChatSession]:
    """The chats that go on and show it to the person; none to who has no part in the case any
    more.
    """
    if purpose not in SHOWN or not takes_part(contact, ticket):
        return ChatSession.objects.none()
    going_on = ChatSession.objects.exclude(state=ChatSession.State.ENDED)
    return going_on.filter(ticket=ticket, contact__in=same_person(contact))
