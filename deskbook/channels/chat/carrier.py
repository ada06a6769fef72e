"""The chat as a way out of the desk: only while the person is there."""

from datetime import datetime

from deskbook.channels.chat.models import ChatSession
from deskbook.channels.contract import Outgoing
from deskbook.people.merging import same_person

SHOWN = ("answer", "acknowledgement")
"""What a chat screen shows by itself; reminders and promises are worth a letter even to who is there."""


def carry(outgoing: Outgoing, *, at: datetime) -> bool:
    """Whether the person has the chat of this ticket open and reads it there; nothing has to be sent.

    What they have not got when they leave goes after them (jobs/chats.py).
    """
    if outgoing.purpose not in SHOWN:
        return False
    going_on = ChatSession.objects.exclude(state=ChatSession.State.ENDED)
    there = going_on.filter(ticket=outgoing.ticket, contact__in=same_person(outgoing.contact))
    return there.filter(seen_at__gt=at - ChatSession.GONE_AFTER).exists()
