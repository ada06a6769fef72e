"""The toast that offers to undo what was just done, and what its button does."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from deskbook.people.models import Agent
from deskbook.people.moments import written
from deskbook.people.words import Words
from deskbook.refusals.refusal import Refused
from deskbook.tickets.models import Ticket
from deskbook.tickets.sending_models import Sending
from deskbook.tickets.sendings import move_sending, send_now, withdraw
from deskbook.tickets.undoing import undo
from deskbook.web.console.shared.rows import ticket_url
from deskbook.web.console.shared.trail import trail_of
from deskbook.web.shared.entering import acts_on_a_ticket
from deskbook.web.shared.fields import Flag, Id, Instant
from deskbook.web.shared.forms import Pressed, saved


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
