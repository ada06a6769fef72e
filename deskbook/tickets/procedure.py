"""The steps of a case and the papers it needs: ticking, taking in, sending back, asking for what is
missing.
"""

from collections.abc import Sequence
from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _

from deskbook.engine.decide_procedure import (
    decide_receive_paper,
    decide_return_paper,
    decide_tick,
    decide_untick,
)
from deskbook.engine.decision import Decision
from deskbook.engine.desk import Desk
from deskbook.engine.procedure_parts import Paper
from deskbook.engine.procedures import missing_papers
from deskbook.engine.ticket import Actor, TicketState
from deskbook.people.books import desk_at
from deskbook.people.duty import has_roster, on_duty
from deskbook.people.models import Agent, Contact
from deskbook.refusals.refusal import Refused
from deskbook.tickets.assignment import store_reason
from deskbook.tickets.conversation import ask_requester, take_in_message
from deskbook.tickets.log import Recorded, once, perform
from deskbook.tickets.messages import Written
from deskbook.tickets.models import Attachment, Ticket
from deskbook.tickets.state import state_of


def tick_step(
    ticket: Ticket, step: str, *, at: datetime, by: Agent, key: str | None = None
) -> Recorded:
    """Records that a step of the book's procedure was done. Raises Refused: no such step, or `by`
    is off duty.

    Only a team with a roster can find somebody off duty.
    """
    return perform(ticket, _tick_if_on_duty, step, by, at=at, by=by, key=key)


def _tick_if_on_duty(
    desk: Desk, state: TicketState, step: str, agent: Agent, *, at: datetime, by: Actor
) -> Decision:
    return decide_tick(desk, state, step, _is_on_duty(agent, state.team, at), at=at, by=by)


def untick_step(
    ticket: Ticket, step: str, *, at: datetime, by: Agent, key: str | None = None
) -> Recorded:
    """Takes a tick back. Raises Refused."""
    return perform(ticket, decide_untick, step, at=at, by=by, key=key)


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
    if file is not None and file.message.ticket_id != ticket.pk:
        raise Refused("paper: other ticket")
    message, place = (str(file.message_id), str(file.pk)) if file else (None, None)
    return perform(ticket, decide_receive_paper, paper, message, place, at=at, by=by, key=key)


@once
def send_paper(
    ticket: Ticket,
    paper: str,
    written: Written,
    *,
    channel: str,
    at: datetime,
    by: Contact,
    key: str | None = None,
) -> Recorded:
    """Takes in a paper a requester sends, as a message of theirs with the one file. Raises
    Refused.
    """
    sent = take_in_message(ticket, written, channel=channel, at=at, by=by, key=key)
    message = next(entry.data["message"] for entry in sent.entries if entry.kind == "CustomerWrote")
    stored = Attachment.objects.select_related("message").get(message=int(message))
    receive_paper(sent.ticket, paper, file=stored, at=at, by=by)
    return sent


@once
def return_paper(
    ticket: Ticket, paper: str, *, reason: str, at: datetime, by: Agent, key: str | None = None
) -> Recorded:
    """Sends a paper back that was not what is needed; the requester reads why. Raises Refused
    without a reason.
    """
    why = store_reason(ticket, reason, at=at, by=by)
    return perform(ticket, decide_return_paper, paper, why, at=at, by=by, key=key)


@once
def ask_for_papers(ticket: Ticket, *, at: datetime, by: Agent, key: str | None = None) -> Recorded:
    """Asks the requester, in their language, for every paper that has not come. Raises Refused when
    none is missing.
    """
    language = ticket.requester.language or "en"
    desk = desk_at(ticket.desk_id, ticket.book_version, language=language)
    missing = missing_papers(desk, state_of(ticket))
    if not missing:
        raise Refused("paper: all there")
    text = request_for_papers(missing, language=language)
    return ask_requester(
        ticket, Written(text), [paper.key for paper in missing], at=at, by=by, key=key
    )


def _is_on_duty(agent: Agent, team: str | None, at: datetime) -> bool:
    if team is None or not has_roster(agent.desk, team):
        return True
    return agent in on_duty(agent.desk, team, at=at)


def request_for_papers(missing: Sequence[Paper], *, language: str) -> str:
    """Returns the words that ask for papers, in the reader's language."""
    with translation.override(language):
        lines = [
            f"– {paper.title}" + (f": {paper.hint}" if paper.hint else "") for paper in missing
        ]
        parts = [
            _("To go on we still need from you:"),
            "\n".join(lines),
            _("Please send it as an answer to this."),
        ]
    return "\n\n".join(parts)
