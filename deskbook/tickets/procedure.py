"""The steps of a case and the papers it needs: ticking, taking in, sending back, asking for what is missing."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from deskbook.engine.decide_procedure import (
    decide_receive_paper,
    decide_return_paper,
    decide_tick,
    decide_untick,
)
from deskbook.engine.decision import Refusal
from deskbook.engine.desk import Paper
from deskbook.engine.procedures import missing_papers
from deskbook.people.access import actor_of_agent, actor_of_contact
from deskbook.people.books import desk_at
from deskbook.people.models import Agent, Contact
from deskbook.tickets.assignment import store_reason
from deskbook.tickets.conversation import ask_requester
from deskbook.tickets.log import Recorded, Refused, act, recorded_before
from deskbook.tickets.messages import Written
from deskbook.tickets.models import Message, Ticket
from deskbook.tickets.state import state_of


def tick_step(
    ticket: Ticket, step: str, *, on_duty: bool = True, at: datetime, by: Agent, key: str | None = None
) -> Recorded:
    """Records that a step of the book's procedure was done. Raises Refused: no such step, or off duty."""
    actor = actor_of_agent(by)
    return act(
        ticket.pk, lambda d, s: decide_tick(d, s, step, on_duty=on_duty, at=at, by=actor), at=at, by=actor, key=key
    )


def untick_step(ticket: Ticket, step: str, *, at: datetime, by: Agent, key: str | None = None) -> Recorded:
    """Takes a tick back. Raises Refused."""
    actor = actor_of_agent(by)
    return act(ticket.pk, lambda d, s: decide_untick(d, s, step, at=at, by=actor), at=at, by=actor, key=key)


def receive_paper(
    ticket: Ticket,
    paper: str,
    *,
    message: Message | None = None,
    at: datetime,
    by: Agent | Contact,
    key: str | None = None,
) -> Recorded:
    """Records that a paper the request needs has come, with the message it came in. Raises Refused."""
    actor = actor_of_agent(by) if isinstance(by, Agent) else actor_of_contact(by)
    if message is not None and message.ticket_id != ticket.pk:
        raise Refused(Refusal("paper", "This file belongs to another ticket."))
    place = str(message.pk) if message else None
    return act(
        ticket.pk,
        lambda d, s: decide_receive_paper(d, s, paper, message=place, at=at, by=actor),
        at=at, by=actor, key=key,
    )  # fmt: skip


@transaction.atomic
def return_paper(
    ticket: Ticket, paper: str, *, reason: str, at: datetime, by: Agent, key: str | None = None
) -> Recorded:
    """Sends a paper back that was not what is needed; the requester reads why. Raises Refused without a reason."""
    done = recorded_before(key)
    if done:
        return done
    actor, why = actor_of_agent(by), store_reason(ticket, reason, at=at, by=by)
    return act(
        ticket.pk, lambda d, s: decide_return_paper(d, s, paper, reason=why, at=at, by=actor), at=at, by=actor, key=key
    )


def ask_for_papers(ticket: Ticket, *, at: datetime, by: Agent, key: str | None = None) -> Recorded:
    """Asks the requester, in their language, for every paper that has not come. Raises Refused when none is missing."""
    done = recorded_before(key)
    if done:
        return done
    missing = missing_papers(desk_at(ticket.desk_id, ticket.book_version), state_of(ticket))
    if not missing:
        raise Refused(Refusal("paper", "Every paper this request needs has come: there is nothing to ask for."))
    text = request_for_papers(missing, language=ticket.requester.language)
    return ask_requester(ticket, Written(text), [paper.title for paper in missing], at=at, by=by, key=key)


def request_for_papers(missing: Sequence[Paper], *, language: str) -> str:
    """Returns the words that ask for papers, in the reader's language."""
    with translation.override(language or "en"):
        lines = [f"– {paper.title}" + (f": {paper.hint}" if paper.hint else "") for paper in missing]
        parts = [_("To go on we still need from you:"), "\n".join(lines), _("Please send it as an answer to this.")]
    return "\n\n".join(parts)
