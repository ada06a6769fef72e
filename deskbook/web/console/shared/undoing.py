"""The toast that offers to undo what was just done, and what its button does."""

import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from deskbook.people.access import NoAccess, ticket_for_agent
from deskbook.people.models import Agent
from deskbook.people.moments import written
from deskbook.people.refusals import in_words
from deskbook.people.words import Words
from deskbook.refusals.refusal import Refused
from deskbook.tickets.models import Ticket
from deskbook.tickets.queues import PAGE
from deskbook.tickets.sending_models import Sending
from deskbook.tickets.sendings import move_sending, send_now, withdraw
from deskbook.tickets.undoing import undo
from deskbook.web.acts.subject import WITH_A_TICKET
from deskbook.web.console.shared.rows import ticket_url
from deskbook.web.console.shared.trail import trail_of
from deskbook.web.shared.entering import acts_on_a_ticket, for_agents
from deskbook.web.shared.fields import Flag, Id, Instant, Sent
from deskbook.web.shared.forms import Pressed, saved


@dataclass(frozen=True, slots=True)
class Step:
    """What was done on one case: by its first entry, or a sending that waits; else for good."""

    ticket: str
    first: int = 0
    sending: int = 0

    @property
    def may_be_undone(self) -> bool:
        return bool(self.first or self.sending)


class UndoingAll(Pressed):
    steps = Sent()


class Undoing(Pressed):
    """What the button of the toast sends, and those beside what waits to leave."""

    first, sending = Id(), Id()
    now = Flag()
    leaves_at = Instant("", optional=True)


def offer_undo(request: HttpRequest, done: Words, ticket: Ticket, **what: int) -> None:
    """Says what was done, beside a button that undoes it."""
    address = reverse("console-undo", args=[str(ticket)])
    [(name, number)] = what.items()
    messages.success(request, f"{ticket}: {done}", extra_tags=f"{address} {name} {number}")


def offer_undo_of_all(request: HttpRequest, done: str, steps: Iterable[Step]) -> None:
    """Says what was done on several cases, beside a button that undoes it on all."""
    written = ",".join(f"{one.ticket}.{one.first}.{one.sending}" for one in steps)
    messages.success(request, done, extra_tags=f"{reverse('console-undo-all')} steps {written}")


@require_POST
@for_agents
def undoing_all(request: HttpRequest, agent: Agent) -> HttpResponse:
    """Undoes what was done on several cases a moment ago; says of which it cannot be, and why."""
    undone, refused = 0, []
    for step in _steps(UndoingAll(request)("steps")):
        with suppress(NoAccess):
            rows = Ticket.objects.select_related(*WITH_A_TICKET)
            by, ticket = ticket_for_agent(agent.user, step.ticket, rows)
            why = _undone_or_why(step, ticket, by)
            refused += [f"{ticket}: {why}"] if why else []
            undone += not why
    if undone:
        words = ngettext("Undone on %(n)s ticket.", "Undone on %(n)s tickets.", undone)
        messages.success(request, words % {"n": undone})
    if refused or not undone:
        messages.error(request, " ".join(refused) or _("There is nothing to undo."))
    return HttpResponseRedirect(reverse("console", query=trail_of(request)))


def _steps(written: str) -> Iterable[Step]:
    for found in islice(_STEP.finditer(written), PAGE):
        ticket, first, sending = found.groups()
        yield Step(ticket, int(first), int(sending))


_STEP = re.compile(r"\b([A-Za-z0-9]+-\d{1,9})\.(\d{1,9})\.(\d{1,18})(?:,|$)")


def _undone_or_why(step: Step, ticket: Ticket, by: Agent) -> str:
    try:
        with transaction.atomic():
            if step.sending:
                taken_back = withdraw(ticket, step.sending, by=by)
                _taken_back(taken_back, ticket, at=timezone.now(), by=by)
            else:
                undo(ticket, step.first, at=timezone.now(), by=by)
    except Refused as refused:
        return str(in_words(refused))
    return ""


@acts_on_a_ticket
def undoing(request: HttpRequest, agent: Agent, ticket: Ticket) -> HttpResponse:
    """Undoes what was done on the ticket a moment ago, or takes back what has not left yet, or lets
    that leave now; says why where that cannot be.
    """
    form = Undoing(request)
    done = saved(form, lambda: _done(form, ticket, at=timezone.now(), by=agent))
    if done:
        messages.success(request, done)
    else:
        messages.error(request, form.refusal or _("There is nothing to undo."))
    return HttpResponseRedirect(ticket_url(ticket, trail_of(request)))


def _done(form: Undoing, ticket: Ticket, *, at: datetime, by: Agent) -> Words:
    if form("sending") and form("now"):
        send_now(ticket, form("sending"), at=at, by=by)
        return _("Sent.")
    if form("sending") and form("leaves_at"):
        moved = move_sending(ticket, form("sending"), form("leaves_at"), at=at, by=by)
        return _("It leaves on %(when)s.") % {"when": written(moved.leaves_at)}
    if form("sending"):
        taken_back = withdraw(ticket, form("sending"), by=by)
        return _taken_back(taken_back, ticket, at=at, by=by)
    undo(ticket, form("first"), at=at, by=by)
    return _("Undone: everything stands as before, and nobody was told.")


def _taken_back(sending: Sending, ticket: Ticket, *, at: datetime, by: Agent) -> Words:
    """Undoes what a macro did beside the answer that did not leave, as long as it can be."""
    began = sending.fields.get("began")
    if not sending.fields.get("macro"):
        return _("It did not leave. Your words are in the box again.")
    try:
        if began:
            undo(ticket, began, at=at, by=by)
    except Refused:
        return _("Its answer did not leave, and is in the box. What else it did stays.")
    return _("Its answer did not leave, and is in the box. All else stands as before.")
