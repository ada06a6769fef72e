"""The form that asks a requester how their case ended: as answered before, or as typed and not
taken.
"""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils import timezone

from deskbook.people.models import Contact
from deskbook.tickets.improvement_models import Rating
from deskbook.tickets.models import LogEntry, Ticket
from deskbook.tickets.ratings import CHANGEABLE, closing_of, may_rate, rating_of, value_titles


@dataclass(frozen=True, slots=True)
class RatingForm:
    """The form as it stands: what was said before, or what was typed and not taken."""

    action: str
    options: tuple[tuple[str, str], ...]
    value: str
    comment: str
    said: bool
    until_at: datetime
    error: str = ""


def rating_on_case(contact: Contact, ticket: Ticket) -> RatingForm | None:
    """Returns the form for the page of a closed case; None where there is nothing to rate."""
    closing = closing_of(ticket)
    if closing is None or not may_rate(closing, contact, at=timezone.now()):
        return None
    return form_of(closing, contact, reverse("portal-rate", args=[contact.desk.key, str(ticket)]))


def form_of(
    closing: LogEntry,
    contact: Contact,
    action: str,
    *,
    value: str = "",
    comment: str | None = None,
    error: str = "",
) -> RatingForm:
    """Returns the form with the answer and comment given, else with those said before."""
    before = rating_of(closing, contact) or Rating()
    return RatingForm(
        action,
        value_titles(),
        value if value in Rating.Value else before.value,
        before.comment if comment is None else comment,
        before.pk is not None,
        closing.at + CHANGEABLE,
        error,
    )
