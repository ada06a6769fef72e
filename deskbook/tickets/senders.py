"""Accepting a mail whose sender was not proven: from then on it is a mail as any other."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from deskbook.engine.decide_people import decide_accept_sender
from deskbook.people.access import actor_of_agent
from deskbook.people.models import Agent, Contact
from deskbook.tickets.log import Recorded, act, hold, recorded_before
from deskbook.tickets.models import Message
from deskbook.tickets.participants import begin_to_follow

IS_UNPROVEN = Exists(Message.objects.filter(ticket=OuterRef("pk"), outsider=False).exclude(unproven=""))
"""Of a ticket: an answer goes to somebody of whom only a mail that was not proven says that they wrote."""


@transaction.atomic
def accept_sender(
    message: Message, followers: Sequence[Contact], *, at: datetime, by: Agent, key: str | None = None
) -> Recorded | None:
    """Says that a message is really from who it names: `followers`, whom it copied in, follow its ticket from now on.

    Returns None, and changes nothing, for one that is proven or was accepted before.
    """
    done = recorded_before(key)
    if done or message.ticket_id is None:
        return done
    hold(message.ticket_id)  # of two who accept it the second finds it accepted
    message.refresh_from_db(fields=["unproven"])
    if not message.unproven:
        return None
    finding, actor = message.unproven, actor_of_agent(by)
    message.unproven = ""
    message.save(update_fields=["unproven"])
    ids = [str(contact.pk) for contact in followers]
    recorded = act(
        message.ticket_id,
        lambda d, s: decide_accept_sender(d, s, str(message.pk), finding, ids, at=at, by=actor),
        at=at, by=actor, key=key,
    )  # fmt: skip
    for contact in followers:
        begin_to_follow(recorded.ticket, contact, copied_by=message.author_contact, at=message.at)
    return recorded
