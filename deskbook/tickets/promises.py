"""What an agent promised, and the next update as agreed."""

from datetime import datetime
from uuid import uuid4

from django.db import transaction

from deskbook.engine.decide_promise import (
    decide_agree_update,
    decide_keep_promise,
    decide_promise,
    decide_withdraw_promise,
)
from deskbook.people.access import actor_of_agent
from deskbook.people.models import Agent
from deskbook.tickets.assignment import store_reason
from deskbook.tickets.log import Recorded, act, recorded_before
from deskbook.tickets.messages import Written, store_message
from deskbook.tickets.models import Message, Ticket


@transaction.atomic
def make_promise(
    ticket: Ticket, text: str, due_at: datetime, *, at: datetime, by: Agent, key: str | None = None
) -> Recorded:
    """Promises `text` until `due_at`. Raises Refused."""
    done = recorded_before(key)
    if done:
        return done
    message = store_message(
        ticket.desk, ticket, Message.Kind.PROMISE, Written(text.strip()), channel="console", at=at, by=by
    )
    actor, promise = actor_of_agent(by), uuid4().hex[:8]
    return act(
        ticket.pk,
        lambda d, s: decide_promise(d, s, promise, due_at, message=str(message.pk), at=at, by=actor),
        at=at, by=actor, key=key,
    )  # fmt: skip


def keep_promise(ticket: Ticket, promise: str, *, at: datetime, by: Agent, key: str | None = None) -> Recorded:
    actor = actor_of_agent(by)
    return act(ticket.pk, lambda d, s: decide_keep_promise(d, s, promise, at=at, by=actor), at=at, by=actor, key=key)


@transaction.atomic
def withdraw_promise(
    ticket: Ticket, promise: str, *, reason: str = "", at: datetime, by: Agent, key: str | None = None
) -> Recorded:
    done = recorded_before(key)
    if done:
        return done
    actor, why = actor_of_agent(by), store_reason(ticket, reason, at=at, by=by)
    return act(
        ticket.pk,
        lambda d, s: decide_withdraw_promise(d, s, promise, reason=why, at=at, by=actor),
        at=at,
        by=actor,
        key=key,
    )


def agree_next_update(ticket: Ticket, due_at: datetime, *, at: datetime, by: Agent, key: str | None = None) -> Recorded:
    """Dates the next update, where the book says "as agreed". Raises Refused."""
    actor = actor_of_agent(by)
    return act(ticket.pk, lambda d, s: decide_agree_update(d, s, due_at, at=at, by=actor), at=at, by=actor, key=key)
