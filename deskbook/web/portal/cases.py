"""The list of cases a requester follows."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
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
    tickets = _before(_shown(closed=closed), request.GET.get("before", ""))
    found = list(newest_visible(contact, tickets, PAGE + 1, everybody=everybody))
    rows, more = found[:PAGE], len(found) > PAGE
    context = frame(
        contact,
        outside=outside_dates(desk_in_force(contact.desk), at=timezone.now()),
        rows=[_row(ticket) for ticket in rows],
        whose="all" if everybody else "mine",
        state="closed" if closed else "open",
        first_page="before" not in request.GET,
        before=f"{rows[-1].opened_at.isoformat()}_{rows[-1].pk}" if more else "",
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


def _before(tickets: QuerySet[Ticket], before: str) -> QuerySet[Ticket]:
    """Returns what was opened before the last row shown, by its key "<opened at>_<id>"; all of them
    where it is none.
    """
    at, _under, pk = before.rpartition("_")
    try:
        opened_at = datetime.fromisoformat(at)
        return tickets.filter(Q(opened_at__lt=opened_at) | Q(opened_at=opened_at, pk__lt=int(pk)))
    except ValueError:
        return tickets


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
