"""What an issue and its comments say. People are named as text: Jira knows one account for all of
them.
"""

import re

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from deskbook.people.books import desk_at, usual_language
from deskbook.tickets.models import Message, Ticket

LONGEST = 30_000
"""Characters; Jira takes 32,767."""


def label_of(ticket: Ticket) -> str:
    """Returns the label an issue is found by: letters, digits and hyphens."""
    return f"deskbook-{ticket.desk.key}-{ticket}".lower().replace(" ", "-")


def mark_of(message: Message) -> str:
    """Returns what a comment ends with, so that it is known again."""
    return f"(message {message.pk})"


def description_of(ticket: Ticket) -> str:
    """Returns what the requester wrote first, who they are, how the case is sorted, and where it
    is.
    """
    language = usual_language(ticket.desk)
    desk = desk_at(ticket.desk_id, ticket.book_version, language=language)
    opening = (
        ticket.messages.filter(kind=Message.Kind.REQUEST, outsider=False)
        .order_by("at", "pk")
        .first()
    )
    severity = desk.severities.get(ticket.severity)
    facets = ticket.state.get("facets", {})
    sorted_by = [
        f"{desk.facets[key].title}: {desk.facets[key].values.get(value, value)}"
        for key, value in facets.items()
        if key in desk.facets
    ]
    facts = [
        f"Requester: {ticket.requester}"
        + (f", {ticket.organisation}" if ticket.organisation else ""),
        f"{desk.severity_word.capitalize()}: {severity.title}" if severity else "",
        *sorted_by,
        f"{desk.title}: {settings.DESKBOOK_SITE_URL}/console/tickets/{ticket}",
    ]
    return plain(
        "\n\n".join([opening.text if opening else ticket.subject, "\n".join(filter(None, facts))])
    )


def body_of_comment(ticket: Ticket, message: Message) -> str:
    """Returns who wrote what, with a mark at the end."""
    with translation.override(usual_language(ticket.desk)):
        who = _whose(ticket.desk.title, message)
    return f"{who}\n\n{plain(message.text)}\n\n{ticket} {mark_of(message)}"


def _whose(desk: str, message: Message) -> str:
    if message.kind == Message.Kind.REQUEST:
        writer = message.author_contact or _("The requester")
        return _("%(who)s wrote to %(desk)s:") % {"who": writer, "desk": desk}
    who = message.author_user or _("The desk")
    if message.kind == Message.Kind.NOTE:
        return f"{who}, {desk}:"
    return _("%(who)s, %(desk)s, answered the requester:") % {"who": who, "desk": desk}


def plain(text: str) -> str:
    """Returns a text that calls nobody: Jira would take [~name] for a mention and {code} for a
    macro.
    """
    return re.sub(r"([\[{])", r"\\\1", text)[:LONGEST]
