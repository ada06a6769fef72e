"""From when on somebody who sees a case may read what others said there."""

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Count, Min, Q

from deskbook.people.merging import is_person, same_person
from deskbook.people.models import Contact

if TYPE_CHECKING:
    from deskbook.tickets.models import Ticket


def reads_since(contact: Contact, ticket: "Ticket") -> datetime | None:
    """Returns from when on a contact who sees a case may read what others said there; None for all
    of it.

    Whoever follows only because a case of theirs was merged into it reads nothing that was said
    before.
    """
    return reads_since_each(contact, [ticket])[ticket.pk]


def later_than(since: datetime | None) -> Q:
    """Returns which messages or entries are from then on, for whom `reads_since` says so."""
    return Q() if since is None else Q(at__gte=since)


def reads_since_each(contact: Contact, tickets: "Collection[Ticket]") -> dict[int, datetime | None]:
    """Returns the same of many cases, by their ids, asked once for all of them."""
    found: dict[int, datetime | None] = {ticket.pk: None for ticket in tickets}
    asked = [ticket.pk for ticket in tickets if not _reads_all(contact, ticket)]
    if asked:
        rows = Contact.objects.filter(pk__in=same_person(contact), participations__ticket__in=asked)
        by_case = rows.values("participations__ticket").annotate(
            first=Min("participations__since"),
            all=Count("pk"),
            known=Count("participations__since"),
        )
        found |= {
            row["participations__ticket"]: row["first"]
            for row in by_case
            if row["all"] == row["known"]
        }
    return found


def _reads_all(contact: Contact, ticket: "Ticket") -> bool:
    of_theirs = contact.organisation_id and contact.organisation_id == ticket.organisation_id
    return bool(of_theirs) or is_person(contact, ticket.requester_id)
