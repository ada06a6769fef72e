"""Not following a case any more: the link at the end of every copy of an answer, and the button of
the mail program.

Opening either changes nothing: programs that look through mail open every link in it.
"""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from deskbook.people.access import NoAccess, follows
from deskbook.people.merging import same_person
from deskbook.people.models import Contact
from deskbook.tickets.going_on import goes_on_as
from deskbook.tickets.participants import read_leaving, remove_participant
from deskbook.web.portal.case import ticket_of
from deskbook.web.portal.frame import client_key, command_key, frame
from deskbook.web.viewer import for_requesters, in_their_language, language_of


@require_http_methods(["GET", "POST"])
@for_requesters
def leave(request: HttpRequest, contact: Contact, number: str) -> HttpResponse:
    """Asks whether to stop following, then stops. Whoever's case it is cannot."""
    ticket = ticket_of(contact, number)
    if request.method == "GET":
        is_following = follows(contact, ticket)
        context = frame(
            contact,
            ticket=ticket,
            number=str(ticket),
            key=client_key(request),
            follows=is_following,
        )
        return render(request, "portal/leaving.html", context)
    if ticket.requester_id in same_person(contact):
        raise NoAccess("their own case")
    key = command_key(contact, request)
    remove_participant(ticket, contact, at=timezone.now(), by=contact, key=key)
    messages.success(request, _("You do not follow {number} any more.").format(number=ticket))
    return redirect("portal-cases", contact.desk.key)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@in_their_language
def leave_by_link(request: HttpRequest, key: str, token: str) -> HttpResponse:
    """Asks, then stops; a POST by the mail program itself stops at once (RFC 8058). The token says
    who it is: there is no session whose rights a foreign page could use.
    """
    ticket, contact = read_leaving(token)
    if ticket.desk.key != key:
        raise NoAccess("another desk")
    # The copies go on where the case does: a link from before a merge has to stop those as well.
    followed = [
        case for case in dict.fromkeys((goes_on_as(ticket), ticket)) if follows(contact, case)
    ]
    with translation.override(contact.language or language_of(request)):
        for case in followed if request.method == "POST" else ():
            remove_participant(case, contact, at=timezone.now(), by=contact)
        shown = next(iter(followed), ticket)
        context = {
            "desk": ticket.desk.title,
            "desk_key": key,
            "number": str(shown),
            "ticket": shown,
            "by_link": True,
            "follows": bool(followed) and request.method != "POST",
            "left": bool(followed) and request.method == "POST",
        }
        return render(request, "portal/leaving.html", context)
