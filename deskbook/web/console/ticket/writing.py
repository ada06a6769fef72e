"""Answering, noting, asking: what the box under the timeline sends."""

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from deskbook.people.books import desk_at
from deskbook.people.models import Agent
from deskbook.people.refusals import in_words
from deskbook.refusals.refusal import Refused
from deskbook.tickets.conversation import answer_ticket, ask_requester, note_on_ticket
from deskbook.tickets.log import hold, recorded_before
from deskbook.tickets.messages import Written
from deskbook.tickets.models import Draft, Ticket
from deskbook.tickets.stages import move_ticket
from deskbook.tickets.state import state_of
from deskbook.web.acts.act import client_key
from deskbook.web.console.shared import rows
from deskbook.web.console.shared.trail import next_ticket, trail_of
from deskbook.web.console.shared.typed import refuse_too_long
from deskbook.web.console.ticket.drafts import keep_typed
from deskbook.web.console.ticket.ticket import (
    Newer,
    draft_place,
    fresh_composer,
    newer_answers,
    returned,
    ticket_page,
)
from deskbook.web.shared.fields import NotUnderstood
from deskbook.web.shared.seat import acts_on_a_ticket
from deskbook.web.uploads import OF_AGENTS, Uploads, as_files, take_uploads

ACTS = ("answer", "note", "question")


class SomebodyAnswered(Exception):
    """Others answered since the writer last saw the ticket: nothing is sent before they have read
    it.
    """

    def __init__(self, newer: tuple[Newer, ...]) -> None:
        super().__init__("a newer answer exists")
        self.newer = newer


@acts_on_a_ticket
def writing(request: HttpRequest, agent: Agent, ticket: Ticket, act: str = "") -> HttpResponse:
    """Sends what was written; what cannot be sent comes back as it was typed, with the reason
    beside it.
    """
    act = act or request.POST.get("act", "")
    uploads = take_uploads(
        request, agent.user, draft_place(ticket), OF_AGENTS, key=client_key(request)
    )
    following = next_ticket(agent, ticket, trail_of(request)) if "then" in request.POST else ""
    try:
        _send(request, agent, ticket, act, uploads, at=timezone.now())
    except NotUnderstood as problem:
        return _back(request, agent, ticket, 422, errors=problem.errors)
    except Refused as refused:
        return _back(request, agent, ticket, 409, refusal=in_words(refused))
    except SomebodyAnswered as first:
        return _back(request, agent, ticket, 409, newer=first.newer)
    return _accepted(request, agent, ticket, act, following)


def _send(
    request: HttpRequest, agent: Agent, ticket: Ticket, act: str, uploads: Uploads, *, at: datetime
) -> None:
    if act not in ACTS:
        raise NotUnderstood(text=_("Choose answer, note or question."))
    written = _written(request, uploads)
    with transaction.atomic():
        # The lock makes the check hold: of two who answer at the same instant the second is told.
        last_seq = hold(ticket.pk)
        if act != "note" and not recorded_before(client_key(request)):
            _nobody_was_first(request, agent, ticket, last_seq)
        _SENDING[act](request, agent, ticket, written, at)


def _answer(
    request: HttpRequest, agent: Agent, ticket: Ticket, written: Written, at: datetime
) -> None:
    stage = request.POST.get("stage") or None
    answer_ticket(ticket, written, then_stage=stage, at=at, by=agent, key=client_key(request))


def _note(
    request: HttpRequest, agent: Agent, ticket: Ticket, written: Written, at: datetime
) -> None:
    note_on_ticket(ticket, written, at=at, by=agent, key=client_key(request))
    if stage := request.POST.get("stage"):
        move_ticket(ticket, stage, at=at, by=agent, key=client_key(request, "stage"))


def _ask(
    request: HttpRequest, agent: Agent, ticket: Ticket, written: Written, at: datetime
) -> None:
    more = request.POST.get("awaited_else", "").strip()[:80]
    awaited = [
        *(str(what)[:80] for what in request.POST.getlist("awaited")),
        *([more] if more else []),
    ]
    ask_requester(ticket, written, awaited, at=at, by=agent, key=client_key(request))


_SENDING: dict[str, Callable[[HttpRequest, Agent, Ticket, Written, datetime], None]] = {
    "answer": _answer,
    "note": _note,
    "question": _ask,
}


def _nobody_was_first(request: HttpRequest, agent: Agent, ticket: Ticket, last_seq: int) -> None:
    seen = request.POST.get("last_seen", "")
    told = seen.isdecimal() and len(seen) < 10
    newer = newer_answers(ticket, int(seen), agent) if told and int(seen) < last_seq else ()
    if newer:
        raise SomebodyAnswered(newer)


def _written(request: HttpRequest, uploads: Uploads) -> Written:
    text = request.POST.get("text", "").replace("\r\n", "\n").strip()
    if uploads.error:
        raise NotUnderstood(files=uploads.error)
    if not text:
        raise NotUnderstood(text=_("Write something first."))
    refuse_too_long(text)
    return Written(text, files=as_files(uploads.kept))


def _back(
    request: HttpRequest, agent: Agent, ticket: Ticket, status: int, **why: object
) -> HttpResponse:
    keep_typed(request, agent, draft_place(ticket))
    ticket.refresh_from_db()
    desk, state = desk_at(ticket.desk_id, ticket.book_version), state_of(ticket)
    composer = returned(fresh_composer(agent, ticket, desk, state), request, **why)
    return ticket_page(request, agent, ticket, composer=composer, status=status)


def _accepted(
    request: HttpRequest, agent: Agent, ticket: Ticket, act: str, following: str
) -> HttpResponseRedirect:
    Draft.objects.filter(user=agent.user, place=draft_place(ticket)).delete()
    done = {
        "answer": _("Answered %(ticket)s."),
        "note": _("Noted on %(ticket)s."),
        "question": _("Asked on %(ticket)s."),
    }
    messages.success(request, done[act] % {"ticket": ticket})
    trail = trail_of(request)
    if "then" not in request.POST:
        address = rows.ticket_url(ticket, trail)
    elif following:
        address = rows.url_of(following, trail)
    else:
        address = f"{reverse('console')}?queue={trail.get('queue', 'mine')}"
    answer = HttpResponseRedirect(address)
    # Tells drafts.js that this text has arrived and need not be kept any longer.
    answer.set_cookie(
        "accepted", draft_place(ticket).replace(" ", "%20"), max_age=60, samesite="Lax"
    )
    return answer
