"""Answering, noting, asking: what the box under the timeline sends."""

from datetime import datetime
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from deskbook.people.models import Agent
from deskbook.people.moments import written
from deskbook.people.refusals import in_words
from deskbook.refusals.refusal import Refusal
from deskbook.tickets.conversation import note_on_ticket
from deskbook.tickets.drafts import drop_draft
from deskbook.tickets.kept_files import as_files, listed
from deskbook.tickets.log import hold, in_hand, recorded_before
from deskbook.tickets.messages import Written
from deskbook.tickets.models import Ticket
from deskbook.tickets.readers import others_now
from deskbook.tickets.sending_models import Sending
from deskbook.tickets.sendings import is_put_off, put_off, put_off_until, say, undone_until
from deskbook.tickets.stages import move_ticket
from deskbook.tickets.state import state_of
from deskbook.web.acts.act import How, client_key
from deskbook.web.acts.doing import part_of
from deskbook.web.acts.later import openings_of
from deskbook.web.acts.subject import Subject
from deskbook.web.console.shared import rows
from deskbook.web.console.shared.trail import next_ticket, trail_of
from deskbook.web.console.shared.undoing import offer_undo
from deskbook.web.console.ticket.drafts import keep_typed
from deskbook.web.console.ticket.newer import Newer, newer_answers
from deskbook.web.console.ticket.ticket import (
    draft_place,
    fresh_composer,
    returned,
    ticket_page,
)
from deskbook.web.shared.entering import acts_on_a_ticket
from deskbook.web.shared.fields import Files, Flag, Id, Instant, Line, Lines, Sent, Several
from deskbook.web.shared.forms import Form, saved
from deskbook.web.uploads import OF_AGENTS, take_uploads

DONE = {
    "answer": _("Answered %(ticket)s."),
    "note": _("Noted on %(ticket)s."),
    "question": _("Asked on %(ticket)s."),
}


class Overtaken(Exception):
    """Others answered since the writer last saw the ticket: nothing is sent before they have read
    that, and whom it goes to now.
    """

    def __init__(self, newer: tuple[Newer, ...], others: Refusal | None) -> None:
        super().__init__("the ticket went on meanwhile")
        self.newer, self.refusal = newer, in_words(others) if others else ""


class WritingForm(Form):
    """What the box under the timeline sends."""

    waiting: Sending | None = None
    """What was sent and has not left yet."""
    act = Sent()
    text, attached = Lines("", _("Write something first.")), Files("")
    stage, last_seen = Sent(), Id()
    awaited, awaited_else = Several(""), Line(most=80)
    then, formatted = Flag(), Flag()
    later = Sent()
    later_at = Instant(_("At another time"), optional=True)

    def __init__(self, request: HttpRequest, agent: Agent, ticket: Ticket, act: str) -> None:
        typed = request.POST.copy()
        typed["act"] = act or typed.get("act", "")
        super().__init__(typed)
        self.agent, self.ticket, self.key = agent, ticket, client_key(request)
        place = draft_place(ticket)
        self.uploads = take_uploads(request, agent.user, place, OF_AGENTS, key=self.key)

    @property
    def waits(self) -> bool:
        """Whether what is sent waits until it cannot be undone any more."""
        return bool(settings.DESKBOOK_UNDO)

    @property
    def is_later(self) -> bool:
        """Whether its writer chose when it leaves."""
        return bool(self("later") or self("later_at"))

    def clean(self) -> None:
        if self.uploads.error:
            self.add_error("attached", self.uploads.error)
        if self.cleaned_data.get("act") not in DONE:
            self.add_error("text", _("Choose answer, note or question."))

    def send(self, *, at: datetime) -> str:
        """Sends it and returns which of the three was done. Raises Refused, Overtaken."""
        # The lock makes the check hold: of two who answer at the same instant the second is told.
        last_seq, act = hold(self.ticket.pk), str(self("act"))
        may_wait = self.waits or self.is_later
        if recorded_before(self.key) or (may_wait and is_put_off(self.ticket, self.key)):
            return act
        if act != "note":
            self._nobody_was_first(last_seq)
        with in_hand(self.key):
            self._send(act, at=at)
        return act

    def _send(self, act: str, *, at: datetime) -> None:
        how = How(at=at, by=self.agent, key=self.key)
        if act == "note":
            files, formatted = as_files(self.uploads.kept), bool(self("formatted"))
            self._note(Written(self("text"), files=files, formatted=formatted), how)
        elif chosen_at := self._chosen(at):
            fields = self._fields(act)
            self.waiting = put_off_until(self.ticket, fields, chosen_at, **how)
        elif leaves_at := undone_until(self.ticket, at=at):
            self.waiting = put_off(self.ticket, self._fields(act), leaves_at, **how)
        else:
            say(self.ticket, self._fields(act), **how)

    def _fields(self, act: str) -> dict[str, Any]:
        """What was typed, as a draft keeps it."""
        else_ = self("awaited_else")
        return {
            "act": act,
            "text": self("text"),
            "formatted": bool(self("formatted")),
            "stage": self("stage"),
            "awaited": [what[:80] for what in (*self("awaited"), else_) if what],
            "awaited_else": else_,
            "files": listed(self.uploads.kept),
        }

    def _chosen(self, at: datetime) -> datetime | None:
        """When its writer lets it leave; None for now."""
        if not self.is_later:
            return None
        # A time that is typed is meant, whatever stands above it.
        openings = openings_of(Subject(self.ticket, self.agent), at)
        leaves_at = self("later_at") or openings.get(self("later"))
        if leaves_at is None:
            raise ValidationError({"later_at": Instant.wrong})
        return cast("datetime", leaves_at)

    def _note(self, written: Written, how: How) -> None:
        note_on_ticket(self.ticket, written, **how)
        if self("stage"):
            move_ticket(self.ticket, self("stage"), **part_of(how, "stage"))

    def _nobody_was_first(self, last_seq: int) -> None:
        seen = self("last_seen")
        if not 0 < seen < last_seq:
            return
        newer = newer_answers(self.ticket, seen, self.agent)
        if newer:
            self.ticket.refresh_from_db(fields=["state"])
            raise Overtaken(newer, others_now(self.ticket.pk, state_of(self.ticket), "all"))


@acts_on_a_ticket
def writing(request: HttpRequest, agent: Agent, ticket: Ticket, act: str = "") -> HttpResponse:
    """Sends what was written; what cannot be sent comes back as it was typed, with the reason
    beside it.
    """
    form = WritingForm(request, agent, ticket, act)
    goes_on = bool(form.shown("then"))
    following = next_ticket(agent, ticket, trail_of(request)) if goes_on else ""
    try:
        done = saved(form, lambda: form.send(at=timezone.now()))
    except Overtaken as by:
        return _back(request, agent, ticket, 409, newer=by.newer, refusal=by.refusal)
    if done is None:
        why = {"errors": form.errors, "refusal": form.refusal}
        return _back(request, agent, ticket, form.status, **why)
    if form.waiting:
        leaves = _("It leaves on %(when)s.") % {"when": written(form.waiting.leaves_at)}
        words = leaves if form.is_later else str(_("It leaves in a few seconds."))
        offer_undo(request, words, ticket, sending=form.waiting.pk)
    else:
        messages.success(request, DONE[done] % {"ticket": ticket})
    return _accepted(request, agent, ticket, following, goes_on=goes_on)


def _back(
    request: HttpRequest, agent: Agent, ticket: Ticket, status: int, **why: object
) -> HttpResponse:
    keep_typed(request, agent, draft_place(ticket))
    ticket.refresh_from_db()
    composer = returned(fresh_composer(Subject(ticket, agent)), request, **why)
    return ticket_page(request, agent, ticket, composer=composer, status=status)


def _accepted(
    request: HttpRequest, agent: Agent, ticket: Ticket, following: str, *, goes_on: bool
) -> HttpResponseRedirect:
    drop_draft(agent.user_id, draft_place(ticket))
    trail = trail_of(request)
    if not goes_on:
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
