"""Deciding how a case goes on: on its page, or by the link of a letter.

Opening the link decides nothing: programs that look through mail open every link in it.
"""

from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from deskbook.engine.choices import Choice
from deskbook.people.access import NoAccess
from deskbook.people.models import Contact
from deskbook.tickets.choices import (
    choices_of,
    choose_by_link,
    decided_after,
    is_asked_still,
    read_choice_token,
)
from deskbook.tickets.models import LogEntry
from deskbook.web.acts.own_case import OwnCase
from deskbook.web.acts.requesters import Choosing
from deskbook.web.shared.forms import saved, sent
from deskbook.web.viewer import in_their_language, in_zone, language_of, zone_of


@dataclass(frozen=True, slots=True)
class ChoicesShown:
    """What may be decided, and the form as it was typed; `preset` is what the link says."""

    action: str
    offered: tuple[Choice, ...]
    form: Choosing
    preset: str = ""


@require_http_methods(["GET", "HEAD", "POST"])
@in_their_language
def choice(request: HttpRequest, key: str, token: str) -> HttpResponse:
    """Shows what was chosen in the letter, to be sent; no sign-in, the token says who it is."""
    asked, contact = read_choice_token(token)
    if contact.desk.key != key:
        raise NoAccess("another desk")
    chosen_here = settings.LANGUAGE_COOKIE_NAME in request.COOKIES
    own = contact.language if contact.language and not chosen_here else language_of(request)
    with translation.override(own), in_zone(zone_of(contact)):
        return _decided(request, asked, contact)


def _decided(request: HttpRequest, asked: LogEntry, contact: Contact) -> HttpResponse:
    of, preset = OwnCase(asked.ticket, contact), request.GET.get("choice", "")
    form = Choosing(of, sent(request) if request.method == "POST" else None)
    if request.method == "POST":
        preset = request.POST.get("choice", "")
        if saved(form, lambda: _chosen(form, asked, contact)):
            messages.success(request, str(form.done))
            return redirect(request.path)
    shown = ChoicesShown(request.path, _open(asked, contact), form, preset)
    decided = decided_after(asked, contact)
    return _shown(request, asked, shown, decided.title if decided else "")


def _chosen(form: Choosing, asked: LogEntry, contact: Contact) -> bool:
    choose_by_link(asked, form("choice"), words=form("words"), at=timezone.now(), by=contact)
    return True


def _open(asked: LogEntry, contact: Contact) -> tuple[Choice, ...]:
    if not is_asked_still(asked):
        return ()
    return choices_of(asked.ticket, contact, at=timezone.now())


def _shown(
    request: HttpRequest, asked: LogEntry, choices: ChoicesShown, decided: str
) -> HttpResponse:
    ticket = asked.ticket
    context = {
        "desk": ticket.desk.title,
        "desk_key": ticket.desk.key,
        "number": str(ticket),
        "subject": ticket.subject,
        "choices": choices,
        "decided": decided and _("You decided: “%(choice)s”.") % {"choice": decided},
        "gone_on": _("This was decided, or the case has gone on since."),
    }
    return render(request, "portal/choice.html", context, status=choices.form.status)
