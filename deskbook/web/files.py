"""Files of messages, and the whole of a long one, for those who may read the message."""

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from deskbook.channels.email.html import html_to_text
from deskbook.people.access import (
    NoAccess,
    agents_of,
    contacts_of,
    visible_to_agent,
    visible_to_contact,
)
from deskbook.people.apart import NoRoom, Over, done_apart
from deskbook.people.models import User
from deskbook.tickets.models import Attachment, Message, Ticket
from deskbook.web.shared.reading import PUBLIC, may_read_of
from deskbook.web.viewer import user_of

SHOWN = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
"""What a browser may show by itself. SVG is a program and PDF runs scripts: both are saved."""
SHUT = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; frame-ancestors 'none'; sandbox"
)


@require_safe
def file(request: HttpRequest, attachment: int, name: str) -> HttpResponse:
    """Gives a file. To everybody who may not read its message there is none (404)."""
    found = Attachment.objects.select_related("message").filter(pk=attachment).first()
    if found is None or not _may_read(user_of(request), found.message):
        raise NoAccess("no such file")
    return sent(found)


@require_safe
def message(request: HttpRequest, message: int) -> HttpResponse:
    """Gives all that was written in a message, as plain text. To everybody who may not read it
    there is none (404).
    """
    found = Message.objects.filter(pk=message).first()
    if found is None or not _may_read(user_of(request), found):
        raise NoAccess("no such message")
    written = "\n\n".join(filter(str.strip, (found.text, found.quoted)))
    response = HttpResponse(
        written or _said_in(found.html), content_type="text/plain; charset=utf-8"
    )
    return shut(response)


def _said_in(html: str) -> str:
    """The text a stranger's HTML reads as, read apart: two megabytes of it cost seconds, that no
    other page waits for.

    Whatever came by mail has its text from when it was taken in; this is left for HTML that says
    nothing without it.
    """
    try:
        return done_apart(html_to_text, html) if html else ""
    except (NoRoom, Over):
        return _("This message cannot be shown as text.")


def sent(found: Attachment) -> HttpResponse:
    """Returns a file as browsers may have it: pictures shown, everything else saved, nothing
    run.
    """
    shown = found.content_type.lower() in SHOWN
    response = HttpResponse(
        bytes(found.blob.data),
        content_type=found.content_type.lower() if shown else "application/octet-stream",
    )
    disposition = content_disposition_header(as_attachment=not shown, filename=found.name)
    response.headers["Content-Disposition"] = disposition or "attachment"
    return shut(response)


def shut(response: HttpResponse) -> HttpResponse:
    """Returns an answer that a browser runs nothing of and takes for nothing else."""
    response.headers["Content-Security-Policy"] = SHUT
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _may_read(user: User | None, message: Message) -> bool:
    if user is None or message.ticket_id is None:
        return False
    tickets = Ticket.objects.filter(pk=message.ticket_id)
    agent = agents_of(user).filter(desk=message.desk_id).first()
    if agent and visible_to_agent(agent, tickets).exists():
        return True
    contact = contacts_of(user).filter(desk=message.desk_id).first()
    public = message.kind in PUBLIC and not message.outsider
    ticket = visible_to_contact(contact, tickets).first() if contact and public else None
    return bool(
        contact
        and ticket
        and Message.objects.filter(may_read_of(contact, [ticket]), pk=message.pk).exists()
    )
