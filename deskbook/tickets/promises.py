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
from deskbook.engine.ticket import SYSTEM
from deskbook.people.access import actor_of_agent
from deskbook.people.models import Agent
from deskbook.tickets.assignment import store_reason
from deskbook.tickets.call_back_models import CallBack
from deskbook.tickets.log import Recorded, act, recorded_before
from deskbook.tickets.messages import Written, store_message
from deskbook.tickets.models import Message, Ticket


@transaction.atomic
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
    """Promises `text` until `due_at`, by a person or, with `by` None, by the desk itself. Raises Refused."""
    done = recorded_before(key)
    if done:
        return done
    message = store_message(
        ticket.desk, ticket, Message.Kind.PROMISE, Written(text.strip()), channel="console", at=at, by=by
    )
    actor, promise = actor_of_agent(by) if by else SYSTEM, uuid4().hex[:8]
    return act(
        ticket.pk,
        lambda d, s: decide_promise(d, s, promise, due_at, message=str(message.pk), channel=channel, at=at, by=actor),
        at=at, by=actor, key=key,
    )  # fmt: skip


@transaction.atomic
def keep_promise(ticket: Ticket, promise: str, *, at: datetime, by: Agent, key: str | None = None) -> Recorded:
    """Records that it was done; where it was a call-back, it leaves the list of them. Raises Refused."""
    actor = actor_of_agent(by)
    _end_call_back(ticket, promise, CallBack.Outcome.DONE, at)
    return act(ticket.pk, lambda d, s: decide_keep_promise(d, s, promise, at=at, by=actor), at=at, by=actor, key=key)


@transaction.atomic
def withdraw_promise(
    ticket: Ticket, promise: str, *, reason: str = "", at: datetime, by: Agent, key: str | None = None
) -> Recorded:
    """Takes a promise back; where it was a call-back, it leaves the list of them. Raises Refused."""
    done = recorded_before(key)
    if done:
        return done
    actor, why = actor_of_agent(by), store_reason(ticket, reason, at=at, by=by)
    _end_call_back(ticket, promise, CallBack.Outcome.WITHDRAWN, at)
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


def _end_call_back(ticket: Ticket, promise: str, outcome: CallBack.Outcome, at: datetime) -> None:
    CallBack.objects.filter(ticket=ticket, promise=promise, ended_at=None).update(ended_at=at, outcome=outcome)
