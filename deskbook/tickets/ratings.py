"""What a requester thought of how their case ended: one answer for each closing, theirs to change
for a while.
"""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from deskbook.people.access import NoAccess, may_write_on
from deskbook.people.models import Contact
from deskbook.refusals.refusal import Refused
from deskbook.tickets.improvement_models import Rating
from deskbook.tickets.models import LogEntry, Ticket
from deskbook.tickets.signed_links import link_token, read_link

CHANGEABLE = timedelta(days=30)
"""How long after the closing a rating is taken and changed."""

LONGEST = 5_000
_SALT = "deskbook.rating"


def closing_of(ticket: Ticket) -> LogEntry | None:
    """Returns the entry that closed the ticket; None while it is open, and when it was merged or
    redirected.
    """
    if ticket.is_open or ticket.outcome not in ("solved", "closed"):
        return None
    return ticket.log.filter(kind="Closed").order_by("-seq").first()


def rating_of(closing: LogEntry, contact: Contact) -> Rating | None:
    """Returns what the contact said of this closing."""
    return Rating.objects.filter(closing=closing, contact=contact).first()


def may_rate(closing: LogEntry, contact: Contact, *, at: datetime) -> bool:
    """Whether the contact takes part in the case and the closing is not too long ago."""
    return at <= closing.at + CHANGEABLE and may_write_on(contact, closing.ticket)


def rate_closing(
    closing: LogEntry, contact: Contact, value: str, comment: str, *, at: datetime
) -> Rating:
    """Keeps a contact's answer, or changes the one they gave. Raises Refused."""
    if not may_rate(closing, contact, at=at):
        raise Refused("rating too late")
    if value not in Rating.Value:
        raise Refused("rating value")
    if len(comment) > LONGEST:
        raise Refused("rating too long", most=LONGEST)
    said = {"ticket": closing.ticket, "value": value, "comment": comment.strip(), "at": at}
    return Rating.objects.update_or_create(closing=closing, contact=contact, defaults=said)[0]


def rating_token(closing: LogEntry, contact: Contact) -> str:
    """Returns what lets this contact, and nobody else, rate this closing without signing in."""
    return link_token(_SALT, closing.pk, contact.pk)


def read_token(token: str) -> tuple[LogEntry, Contact]:
    """Returns the closing and the contact a token names; raises NoAccess when it is not ours."""
    closing_pk, contact_pk = read_link(_SALT, token)
    closing = (
        LogEntry.objects.select_related("ticket__desk", "ticket__requester")
        .filter(pk=closing_pk)
        .first()
    )
    contact = Contact.objects.select_related("organisation", "desk").filter(pk=contact_pk).first()
    if closing is None or contact is None or closing.ticket.desk_id != contact.desk_id:
        raise NoAccess("no such rating")
    return closing, contact


def value_titles() -> tuple[tuple[str, str], ...]:
    """Returns the three answers and what people read."""
    return (("good", _("Good")), ("so-so", _("So-so")), ("bad", _("Bad")))
