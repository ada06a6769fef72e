"""The chat as a way out of the desk: only while the person is there."""

from datetime import datetime

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


def where(
    ticket: Ticket, contact: Contact, purpose: str, language: str, *, at: datetime
) -> str | None:
    """Returns an empty address when the person reads it in the chat of this ticket; else None."""
    if purpose not in SHOWN:
        return None
    going_on = ChatSession.objects.exclude(state=ChatSession.State.ENDED)
    there = going_on.filter(ticket=ticket, contact__in=same_person(contact))
    reads = there.filter(seen_at__gt=at - ChatSession.GONE_AFTER).exists()
    # A chat shows nothing to who has no part in its case any more.
    return "" if reads and takes_part(contact, ticket) else None
