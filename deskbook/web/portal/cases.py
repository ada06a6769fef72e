"""The list of cases a requester follows."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from deskbook.people.access import visible_to_contact
from deskbook.people.books import desk_at, desk_in_force
from deskbook.people.merging import same_person
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
    found = _page(
        _chosen(contact, everybody=everybody, closed=closed), request.GET.get("before", "")
    )
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


def _chosen(contact: Contact, *, everybody: bool, closed: bool) -> QuerySet[Ticket]:
    tickets = visible_to_contact(contact, Ticket.objects.all())
    if not everybody:
        them = same_person(contact)
        takes_part = Ticket.objects.filter(participants__contact__in=them).values("pk")
        tickets = tickets.filter(Q(requester__in=them) | Q(pk__in=takes_part))
    tickets = tickets.filter(is_open=not closed).select_related("desk", "requester")
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
    return tickets.only(*shown, "desk__prefix").order_by("-opened_at", "-pk")


def _page(tickets: QuerySet[Ticket], before: str) -> list[Ticket]:
    """Returns a page and one more, by the key "<opened at>_<id>" of the last row shown; any other
    is the first.
    """
    at, _under, pk = before.rpartition("_")
    try:
        opened_at = datetime.fromisoformat(at)
        tickets = tickets.filter(
            Q(opened_at__lt=opened_at) | Q(opened_at=opened_at, pk__lt=int(pk))
        )
    except ValueError:
        pass
    return list(tickets[: PAGE + 1])


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
