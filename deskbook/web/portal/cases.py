"""The list of cases a requester follows."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from deskbook.people.access import newest_visible
from deskbook.people.books import desk_at, desk_in_force
from deskbook.people.models import Contact
from deskbook.tickets.models import Ticket
from deskbook.web.portal.frame import frame
from deskbook.web.shared.campaign import outside_dates
from deskbook.web.shared.paging import behind, cut
from deskbook.web.viewer import for_requesters

PAGE = 25


@dataclass(frozen=True, slots=True)
class Row:
    """One case of the list."""

    number: str
    subject: str
    stage: str
    their_turn: bool
    is_open: bool
    requester: str
    opened_at: datetime


@for_requesters
def cases(request: HttpRequest, contact: Contact) -> HttpResponse:
    """Shows the cases the requester opened or takes part in, or all of their organisation; the
    newest first.
    """
    everybody = contact.organisation_id is not None and request.GET.get("whose") == "all"
    closed = request.GET.get("state") == "closed"
    tickets = behind(_shown(closed=closed), "opened_at", request.GET.get("before", ""))
    found = newest_visible(contact, tickets, PAGE + 1, everybody=everybody)
    rows, before = cut(found, "opened_at", PAGE)
    context = frame(
        contact,
        outside=outside_dates(desk_in_force(contact.desk), at=timezone.now()),
        rows=[_row(ticket) for ticket in rows],
        whose="all" if everybody else "mine",
        state="closed" if closed else "open",
        first_page="before" not in request.GET,
        before=before,
    )
    return render(request, "portal/cases.html", context)


def _shown(*, closed: bool) -> QuerySet[Ticket]:
    tickets = Ticket.objects.filter(is_open=not closed).select_related("desk", "requester")
    shown = (
        "desk",
        "number",
        "subject",
        "stage",
        "waits_for",
        "is_open",
        "requester__name",
        "opened_at",
        "book_version",
        "outcome",
    )
    return tickets.only(*shown, "desk__prefix")


def _row(ticket: Ticket) -> Row:
    stage = desk_at(ticket.desk_id, ticket.book_version).stages[ticket.stage]
    title = _("Goes on in another case") if ticket.outcome == "merged" else stage.title
    return Row(
        str(ticket),
        ticket.subject,
        title,
        ticket.waits_for == "requester" and ticket.is_open,
        ticket.is_open,
        str(ticket.requester),
        ticket.opened_at,
    )
