"""Owners, teams, and what a case is sorted by."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from deskbook.engine.decide_assignment import (
    decide_assign,
    decide_categorise,
    decide_hand_over,
    decide_route,
    decide_take,
)
from deskbook.people.access import actor_of_agent
from deskbook.people.models import Agent, Contact
from deskbook.refusals.refusal import Refused
from deskbook.tickets.log import Recorded, act, recorded_before
from deskbook.tickets.messages import Written, store_message
from deskbook.tickets.models import Message, Ticket


def assign_ticket(ticket: Ticket, owner: Agent | None, *, at: datetime, by: Agent, key: str | None = None) -> Recorded:
    """Gives the ticket to an agent of its desk, or to nobody. Raises Refused."""
    if owner is not None and (owner.desk_id != ticket.desk_id or not owner.is_active):
        raise Refused("no such agent")
    actor, owner_id = actor_of_agent(by), str(owner.pk) if owner else None
    return act(ticket.pk, lambda d, s: decide_assign(d, s, owner_id, at=at, by=actor), at=at, by=actor, key=key)


def take_ticket(ticket: Ticket, *, at: datetime, by: Agent, key: str | None = None) -> Recorded:
    """Makes `by` the owner; Refused when somebody else was first."""
    actor = actor_of_agent(by)
    return act(ticket.pk, lambda d, s: decide_take(d, s, at=at, by=actor), at=at, by=actor, key=key)


@transaction.atomic
def hand_over_ticket(
    ticket: Ticket,
    team: str,
    *,
    channel: str | None = None,
    reason: str = "",
    at: datetime,
    by: Agent,
    key: str | None = None,
) -> Recorded:
    """Hands the ticket to another team over `channel`, with a reason for it if one is given.

    Raises Refused, naming the line of the book, for a way or a channel the book does not know from here.
    """
    done = recorded_before(key)
    if done:
        return done
    actor, why = actor_of_agent(by), store_reason(ticket, reason, at=at, by=by)
    return act(
        ticket.pk,
        lambda d, s: decide_hand_over(d, s, team, channel=channel, reason=why, at=at, by=actor),
        at=at, by=actor, key=key,
    )  # fmt: skip


def route_ticket(ticket: Ticket, *, at: datetime, by: Agent, key: str | None = None) -> Recorded:
    """Hands the ticket to the team the book's rules name. Raises Refused, naming what is not stated yet."""
    actor = actor_of_agent(by)
    return act(ticket.pk, lambda d, s: decide_route(d, s, at=at, by=actor), at=at, by=actor, key=key)


def categorise_ticket(
    ticket: Ticket, facets: Mapping[str, str], *, at: datetime, by: Agent, key: str | None = None
) -> Recorded:
    """Sorts the case by the book's facets. Raises Refused for values the book does not know."""
    actor = actor_of_agent(by)
    return act(ticket.pk, lambda d, s: decide_categorise(d, s, facets, at=at, by=actor), at=at, by=actor, key=key)


def store_reason(ticket: Ticket, reason: str, *, at: datetime, by: Agent | Contact) -> str | None:
    """Stores why something was done, apart from the log, and returns the id the log holds."""
    if not reason.strip():
        return None
    message = store_message(
        ticket.desk, ticket, Message.Kind.REASON, Written(reason.strip()), channel=_place(by), at=at, by=by
    )
    return str(message.pk)


def _place(by: Agent | Contact) -> str:
    return "console" if isinstance(by, Agent) else "portal"
