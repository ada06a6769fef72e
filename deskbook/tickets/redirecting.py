"""Passing a case to somebody outside the desk, which ends it as redirected."""

from datetime import datetime

from django.db import transaction

from deskbook.engine.decide_redirect import decide_redirect
from deskbook.people.access import actor_of_agent
from deskbook.people.models import Agent
from deskbook.tickets.assignment import store_reason
from deskbook.tickets.log import Recorded, act, recorded_before
from deskbook.tickets.models import Ticket


@transaction.atomic
def redirect_ticket(
    ticket: Ticket,
    to: str,
    channel: str,
    *,
    reference: str,
    words: str = "",
    at: datetime,
    by: Agent,
    key: str | None = None,
) -> Recorded:
    """Ends the ticket at an outside contact of the book, counted apart from solved.

    `reference` says who took it or under which number, `words` is what the requester reads with it; they are kept
    apart from the log. Raises Refused: an unknown contact, a channel they are not reached by, no reference.
    """
    done = recorded_before(key)
    if done:
        return done
    said = "\n\n".join(part for part in (reference.strip(), words.strip()) if part)
    kept = store_reason(ticket, said, at=at, by=by) if reference.strip() else None
    actor = actor_of_agent(by)
    return act(
        ticket.pk,
        lambda d, s: decide_redirect(d, s, to, channel, reference=kept, at=at, by=actor),
        at=at, by=actor, key=key,
    )  # fmt: skip
