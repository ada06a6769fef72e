"""Owners, teams, and what a case is sorted by."""

from collections.abc import Mapping
from datetime import datetime

from deskbook.engine.decide_assignment import (
    decide_assign,
    decide_categorise,
    decide_hand_over,
    decide_route,
    decide_take,
)
from deskbook.people.duty import has_left
from deskbook.people.models import Agent, Contact
from deskbook.refusals.refusal import Refused
from deskbook.tickets.log import Recorded, once, perform
from deskbook.tickets.messages import Written, store_message
from deskbook.tickets.models import Message, Ticket


def assign_ticket(
    ticket: Ticket, owner: Agent | None, *, at: datetime, by: Agent, key: str | None = None
) -> Recorded:
    """Gives the ticket to an agent of its desk, or to nobody. Raises Refused."""
    if owner is not None and (owner.desk_id != ticket.desk_id or has_left(owner, at=at)):
        raise Refused("no such agent")
    owner_id = str(owner.pk) if owner else None
    return perform(ticket, decide_assign, owner_id, at=at, by=by, key=key)


def take_ticket(ticket: Ticket, *, at: datetime, by: Agent, key: str | None = None) -> Recorded:
    """Makes `by` the owner; Refused when somebody else was first."""
    return perform(ticket, decide_take, at=at, by=by, key=key)


@once
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

    Raises Refused, naming the line of the book, for a way or a channel the book does not know from
    here.
    """
    why = store_reason(ticket, reason, at=at, by=by)
    return perform(ticket, decide_hand_over, team, channel, why, at=at, by=by, key=key)


def route_ticket(ticket: Ticket, *, at: datetime, by: Agent, key: str | None = None) -> Recorded:
    """Hands the ticket to the team the book's rules name. Raises Refused, naming what is not stated
    yet.
    """
    return perform(ticket, decide_route, at=at, by=by, key=key)


def categorise_ticket(
    ticket: Ticket, facets: Mapping[str, str], *, at: datetime, by: Agent, key: str | None = None
) -> Recorded:
    """Sorts the case by the book's facets. Raises Refused for values the book does not know."""
    return perform(ticket, decide_categorise, facets, at=at, by=by, key=key)


def store_reason(ticket: Ticket, reason: str, *, at: datetime, by: Agent | Contact) -> str | None:
    """Stores why something was done, apart from the log, and returns the id the log holds."""
    if not reason.strip():
        return None
    message = store_message(
        ticket.desk,
        ticket,
        Message.Kind.REASON,
        Written(reason.strip()),
        channel=_place(by),
        at=at,
        by=by,
    )
    return str(message.pk)


def _place(by: Agent | Contact) -> str:
    return "console" if isinstance(by, Agent) else "portal"
