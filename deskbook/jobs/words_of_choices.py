"""What a letter says of what its reader may decide: each choice with the address that makes it."""

from datetime import datetime
from urllib.parse import quote

from django.conf import settings
from django.utils.translation import gettext as _

from deskbook.people.models import Contact
from deskbook.tickets.choices import choice_token, choices_of, entered_by
from deskbook.tickets.models import Ticket


def asked_to_decide(ticket: Ticket, contact: Contact, *, at: datetime) -> str:
    """Returns the lines of it; nothing where the reader has nothing to decide."""
    offered = choices_of(ticket, contact, at=at)
    if not offered:
        return ""
    token = choice_token(entered_by(ticket), contact)
    link = f"{settings.DESKBOOK_SITE_URL}/desk/{ticket.desk.key}/choices/{token}/?choice="
    lines = [f"{choice.title}: {link}{quote(choice.key)}" for choice in offered]
    return "\n".join([_("Please decide:"), *lines])
