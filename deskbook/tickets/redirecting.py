"""Passing a case to somebody outside the desk, which ends it as redirected."""

from datetime import datetime

from deskbook.engine.decide_redirect import decide_redirect
from deskbook.people.models import Agent
from deskbook.tickets.assignment import store_reason
from deskbook.tickets.log import Recorded, once, perform
from deskbook.tickets.models import Ticket


@once
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

    `reference` says who took it or under which number, `words` is what the requester reads with it;
    they are kept apart from the log. Raises Refused: an unknown contact, a channel they are not
    reached by, no reference.
    """
    said = "\n\n".join(part for part in (reference.strip(), words.strip()) if part)
    kept = store_reason(ticket, said, at=at, by=by) if reference.strip() else None
    return perform(ticket, decide_redirect, to, channel, kept, at=at, by=by, key=key)
