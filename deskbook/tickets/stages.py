"""Stages, closing, reopening, severity."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from deskbook.engine.decide_severity import decide_verify
from deskbook.engine.decide_stage import decide_close, decide_stage
from deskbook.people.access import actor_of_agent, actor_of_contact, may_open_and_close
from deskbook.people.models import Agent, Contact
from deskbook.refusals.refusal import Refused
from deskbook.tickets.assignment import store_reason
from deskbook.tickets.log import Recorded, act, recorded_before
from deskbook.tickets.models import Ticket


def move_ticket(
    ticket: Ticket,
    stage: str,
    *,
    stated: Mapping[str, str] | None = None,
    at: datetime,
    by: Agent,
    key: str | None = None,
) -> Recorded:
    """Moves the ticket to a stage the book allows from here; `stated` holds what that stage needs. Raises Refused."""
    actor = actor_of_agent(by)
    return act(
        ticket.pk, lambda d, s: decide_stage(d, s, stage, stated=stated, at=at, by=actor), at=at, by=actor, key=key
    )


def close_ticket(ticket: Ticket, *, at: datetime, by: Agent | Contact, key: str | None = None) -> Recorded:
    """Closes the ticket. Raises Refused; only named contacts close for their organisation."""
    if isinstance(by, Contact) and not may_open_and_close(by):
        raise Refused("named contacts: close")
    actor = actor_of_agent(by) if isinstance(by, Agent) else actor_of_contact(by)
    return act(ticket.pk, lambda d, s: decide_close(d, s, at=at, by=actor), at=at, by=actor, key=key)


@transaction.atomic
def verify_severity(
    ticket: Ticket, severity: str, *, reason: str = "", at: datetime, by: Agent, key: str | None = None
) -> Recorded:
    """Verifies or corrects the claimed severity; a correction needs a reason. Raises Refused."""
    done = recorded_before(key)
    if done:
        return done
    actor, why = actor_of_agent(by), store_reason(ticket, reason, at=at, by=by)
    return act(
        ticket.pk, lambda d, s: decide_verify(d, s, severity, reason=why, at=at, by=actor), at=at, by=actor, key=key
    )
