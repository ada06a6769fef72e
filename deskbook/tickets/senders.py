"""Accepting a mail whose sender was not proven: from then on it is a mail as any other."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Exists, OuterRef

from deskbook.engine.decide_people import decide_accept_sender
from deskbook.people.models import Agent, Contact
from deskbook.tickets.log import Recorded, hold, once, perform
from deskbook.tickets.models import Message
from deskbook.tickets.participants import begin_to_follow

IS_UNPROVEN = Exists(
    Message.objects.filter(ticket=OuterRef("pk"), outsider=False).exclude(unproven="")
)
"""Of a ticket: an answer goes to somebody of whom only a mail that was not proven says that they
wrote.
"""


@once
def accept_sender(
    message: Message,
    followers: Sequence[Contact],
    *,
    at: datetime,
    by: Agent,
    key: str | None = None,
) -> Recorded | None:
    """Says that a message is really from who it names: `followers`, whom it copied in, follow its
    ticket from now on.

    Returns None, and changes nothing, for one that is proven or was accepted before.
    """
    if message.ticket_id is None:
        return None
    hold(message.ticket_id)  # of two who accept it the second finds it accepted
    message.refresh_from_db(fields=["unproven"])
    if not message.unproven:
        return None
    finding = message.unproven
    message.unproven = ""
    message.save(update_fields=["unproven"])
    ids = [str(contact.pk) for contact in followers]
    recorded = perform(
        message.ticket_id,
        decide_accept_sender,
        str(message.pk),
        finding,
        ids,
        at=at,
        by=by,
        key=key,
    )
    for contact in followers:
        begin_to_follow(recorded.ticket, contact, copied_by=message.author_contact, at=message.at)
    return recorded
