"""The front door: which desks there are, when they are open, how to reach them."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from deskbook.people.access import agents_of, contacts_of
from deskbook.people.books import desk_in_force
from deskbook.people.models import HelpDesk
from deskbook.web.shared.campaign import outside_dates
from deskbook.web.shared.opening_hours import hours_now
from deskbook.web.times import with_zone
from deskbook.web.viewer import in_their_language, in_zone, user_of


@in_their_language
def front(request: HttpRequest) -> HttpResponse:
    """Shows the desks; who is signed in goes on to their work: agents to the console, requesters to
    their cases.
    """
    user = user_of(request)
    own: list[str] = []
    if user is not None:
        if agents_of(user).exists():
            return redirect("console")
        own = [contact.desk.key for contact in contacts_of(user)]
        if len(own) == 1:
            return redirect("portal-cases", own[0])
    at = timezone.now()
    desks = [
        _door(desk, at) | {"own": desk.key in own} for desk in HelpDesk.objects.order_by("title")
    ]
    return render(
        request,
        "portal/front.html",
        {"desk": desks[0]["title"] if len(desks) == 1 else "Deskbook", "desks": desks},
    )


def _door(helpdesk: HelpDesk, at: datetime) -> dict[str, object]:
    desk = desk_in_force(helpdesk)
    hours = hours_now(desk, at=at)
    with in_zone(desk.zone):
        changes = with_zone(hours.changes_at) if hours.changes_at else ""
        outside = outside_dates(desk, at=at)
    return {
        "key": helpdesk.key,
        "title": desk.title,
        "open": hours.is_open,
        "changes": changes,
        "mail": desk.mail,
        "portal": desk.channel_of("portal") is not None,
        "outside": outside,
    }
