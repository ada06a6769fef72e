"""Saying how a case ended for its requester: on the page of the case, or by the link of the closing
mail.

Opening the link stores nothing: programs that look through mail open every link in it.
"""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from deskbook.people.access import NoAccess
from deskbook.people.models import Contact
from deskbook.tickets.models import LogEntry
from deskbook.tickets.ratings import closing_of, may_rate, rate_closing, read_token
from deskbook.web.portal.acting import acts_on_a_case
from deskbook.web.portal.case import ticket_of
from deskbook.web.portal.rating_form import form_of
from deskbook.web.shared.fields import Lines, Sent
from deskbook.web.shared.forms import Form, saved, sent
from deskbook.web.viewer import in_their_language, in_zone, language_of, zone_of


class Rated(Form):
    """What somebody says of how their case ended."""

    reader = "requester"
    answer, comment = Sent(), Lines()


@acts_on_a_case
def rate(request: HttpRequest, contact: Contact, number: str) -> HttpResponse:
    """Takes a rating from the page of the case."""
    ticket = ticket_of(contact, number)
    closing = closing_of(ticket)
    if closing is None:
        raise NoAccess("nothing to rate")
    return _take(
        request, closing, contact, reverse("portal-case", args=[contact.desk.key, str(ticket)])
    )


@require_http_methods(["GET", "HEAD", "POST"])
@in_their_language
def rating(request: HttpRequest, key: str, token: str) -> HttpResponse:
    """Shows the answer clicked in the mail, to be sent with a comment; no sign-in, the token says
    who it is.
    """
    closing, contact = read_token(token)
    if contact.desk.key != key:
        raise NoAccess("another desk")
    with translation.override(_language(request, contact)), in_zone(zone_of(contact)):
        if request.method == "POST":
            return _take(request, closing, contact, request.path)
        return _show(request, closing, contact, request.path, value=request.GET.get("answer", ""))


def _language(request: HttpRequest, contact: Contact) -> str:
    chosen_here = settings.LANGUAGE_COOKIE_NAME in request.COOKIES
    return contact.language if contact.language and not chosen_here else language_of(request)


def _take(request: HttpRequest, closing: LogEntry, contact: Contact, back: str) -> HttpResponse:
    form = Rated(sent(request))
    saved(
        form,
        lambda: rate_closing(closing, contact, form("answer"), form("comment"), at=timezone.now()),
    )
    error = form.refusal or " ".join(form.sentences())
    if error:
        typed = {"value": form.shown("answer"), "comment": form.shown("comment")}
        return _show(request, closing, contact, request.path, **typed, error=error)
    messages.success(request, _("Thank you. The desk reads what you said."))
    return redirect(back)


def _show(
    request: HttpRequest,
    closing: LogEntry,
    contact: Contact,
    action: str,
    *,
    value: str,
    comment: str | None = None,
    error: str = "",
) -> HttpResponse:
    form = form_of(closing, contact, action, value=value, comment=comment, error=error)
    context = {
        "desk": contact.desk.title,
        "number": str(closing.ticket),
        "subject": closing.ticket.subject,
        "rating": form,
        "may_rate": may_rate(closing, contact, at=timezone.now()),
    }
    return render(request, "portal/rating.html", context, status=422 if error else 200)
