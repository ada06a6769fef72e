"""Not following a case any more: the link at the end of every copy of an answer."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from deskbook.people.access import NoAccess, actor_of_contact, follows
from deskbook.people.merging import same_person
from deskbook.people.models import Contact
from deskbook.tickets.participants import remove_participant
from deskbook.web.portal.case import ticket_of
from deskbook.web.portal.frame import client_key, command_key, frame
from deskbook.web.viewer import for_requesters


@require_http_methods(["GET", "POST"])
@for_requesters
def leave(request: HttpRequest, contact: Contact, number: str) -> HttpResponse:
    """Asks whether to stop following, then stops. Whoever's case it is cannot."""
    ticket = ticket_of(contact, number)
    if request.method == "GET":
        is_following = follows(contact, ticket)
        context = frame(contact, ticket=ticket, number=str(ticket), key=client_key(request), follows=is_following)
        return render(request, "portal/leaving.html", context)
    if ticket.requester_id in same_person(contact):
        raise NoAccess("their own case")
    key = command_key(contact, client_key(request))
    remove_participant(ticket, contact, at=timezone.now(), by=actor_of_contact(contact), key=key)
    messages.success(request, _("You do not follow {number} any more.").format(number=ticket))
    return redirect("portal-cases", contact.desk.key)
