"""What an agent promised, and the next update as agreed."""

from datetime import datetime
from uuid import uuid4

from deskbook.engine.decide_promise import (
    decide_agree_update,
    decide_keep_promise,
    decide_promise,
    decide_withdraw_promise,
)
from deskbook.engine.ticket import SYSTEM
from deskbook.people.models import Agent
from deskbook.tickets.assignment import store_reason
from deskbook.tickets.log import Recorded, once, perform
from deskbook.tickets.messages import Written, store_message
from deskbook.tickets.models import Message, Ticket


@once
def make_promise(
    ticket: Ticket,
    text: str,
    due_at: datetime,
    *,
    channel: str | None = None,
    at: datetime,
    by: Agent | None,
    key: str | None = None,
) -> Recorded:
    """Promises `text` until `due_at`, by a person or, with `by` None, by the desk itself. Raises
    Refused.
    """
    message = store_message(
        ticket.desk,
        ticket,
        Message.Kind.PROMISE,
        Written(text.strip()),
        channel="console",
        at=at,
        by=by,
    )
    promise = uuid4().hex[:8]
    return perform(
        ticket,
        decide_promise,
        promise,
        due_at,
        str(message.pk),
        channel,
        at=at,
        by=by or SYSTEM,
        key=key,
    )


def keep_promise(
    ticket: Ticket, promise: str, *, at: datetime, by: Agent, key: str | None = None
) -> Recorded:
    """Records that it was done; where it was a call-back, it leaves the list of them. Raises
    Refused.
    """
    return perform(ticket, decide_keep_promise, promise, at=at, by=by, key=key)


@once
def withdraw_promise(
    ticket: Ticket,
    promise: str,
    *,
    reason: str = "",
    at: datetime,
    by: Agent,
    key: str | None = None,
) -> Recorded:
    """Takes a promise back; where it was a call-back, it leaves the list of them. Raises
    Refused.
    """
    why = store_reason(ticket, reason, at=at, by=by)
    return perform(ticket, decide_withdraw_promise, promise, why, at=at, by=by, key=key)


def agree_next_update(
    ticket: Ticket, due_at: datetime, *, at: datetime, by: Agent, key: str | None = None
) -> Recorded:
    """Dates the next update, where the book says "as agreed". Raises Refused."""
    return perform(ticket, decide_agree_update, due_at, at=at, by=by, key=key)
