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
from deskbook.engine.decision import Decision
from deskbook.engine.desk import Desk, Paper
from deskbook.engine.procedures import missing_papers
from deskbook.engine.ticket import Ticket as State
from deskbook.people.access import actor_of_agent, actor_of_contact
from deskbook.people.books import desk_at
from deskbook.people.duty import has_roster, on_duty
from deskbook.people.models import Agent, Contact
from deskbook.refusals.refusal import Refused
from deskbook.tickets.assignment import store_reason
from deskbook.tickets.conversation import ask_requester, take_in_message
from deskbook.tickets.log import Recorded, act, recorded_before
from deskbook.tickets.messages import File, Written
from deskbook.tickets.models import Attachment, Ticket
from deskbook.tickets.state import state_of


def tick_step(ticket: Ticket, step: str, *, at: datetime, by: Agent, key: str | None = None) -> Recorded:
    """Records that a step of the book's procedure was done. Raises Refused: no such step, or `by` is off duty.

    Only a team with a roster can find somebody off duty.
    """
    actor = actor_of_agent(by)

    def decide(desk: Desk, state: State) -> Decision:
        return decide_tick(desk, state, step, on_duty=_is_on_duty(by, state.team, at), at=at, by=actor)

    return act(ticket.pk, decide, at=at, by=actor, key=key)


def untick_step(ticket: Ticket, step: str, *, at: datetime, by: Agent, key: str | None = None) -> Recorded:
    """Takes a tick back. Raises Refused."""
    actor = actor_of_agent(by)
    return act(ticket.pk, lambda d, s: decide_untick(d, s, step, at=at, by=actor), at=at, by=actor, key=key)


def receive_paper(
    ticket: Ticket,
    paper: str,
    *,
    file: Attachment | None = None,
    at: datetime,
    by: Agent | Contact,
    key: str | None = None,
) -> Recorded:
    """Records that a paper the request needs has come, in `file` or by hand. Raises Refused."""
    actor = actor_of_agent(by) if isinstance(by, Agent) else actor_of_contact(by)
    if file is not None and file.message.ticket_id != ticket.pk:
        raise Refused("paper: other ticket")
    message, place = (str(file.message_id), str(file.pk)) if file else (None, None)
    return act(
        ticket.pk,
        lambda d, s: decide_receive_paper(d, s, paper, message=message, file=place, at=at, by=actor),
        at=at, by=actor, key=key,
    )  # fmt: skip


@transaction.atomic
def send_paper(
    ticket: Ticket, paper: str, file: File, *, channel: str, at: datetime, by: Contact, key: str | None = None
) -> Recorded:
    """Takes in a paper a requester sends, as a message of theirs with the file. Raises Refused."""
    done = recorded_before(key)
    if done:
        return done
    sent = take_in_message(ticket, Written("", files=(file,)), channel=channel, at=at, by=by, key=key)
    message = next(entry.data["message"] for entry in sent.entries if entry.kind == "CustomerWrote")
    stored = Attachment.objects.select_related("message").get(message=int(message))
    receive_paper(sent.ticket, paper, file=stored, at=at, by=by)
    return sent


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
        raise Refused("paper: all there")
    text = request_for_papers(missing, language=ticket.requester.language)
    return ask_requester(ticket, Written(text), [paper.title for paper in missing], at=at, by=by, key=key)


def _is_on_duty(agent: Agent, team: str | None, at: datetime) -> bool:
    if team is None or not has_roster(agent.desk, team):
        return True
    return agent in on_duty(agent.desk, team, at=at)


def request_for_papers(missing: Sequence[Paper], *, language: str) -> str:
    """Returns the words that ask for papers, in the reader's language."""
    with translation.override(language or "en"):
        lines = [f"– {paper.title}" + (f": {paper.hint}" if paper.hint else "") for paper in missing]
        parts = [_("To go on we still need from you:"), "\n".join(lines), _("Please send it as an answer to this.")]
    return "\n\n".join(parts)
