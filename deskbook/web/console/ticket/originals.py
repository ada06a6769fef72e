"""A mail as it came, for who works on its ticket: as plain text, or with the pictures that its
words point at.
"""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from deskbook.channels.email.blanked import blanked
from deskbook.channels.email.pictures import with_remote_pictures
from deskbook.channels.email.set_aside import mails_here
from deskbook.people.access import NoAccess, agents_by_desk, of_desk
from deskbook.tickets.models import Message
from deskbook.web.files import shut
from deskbook.web.mail_html import mail_html
from deskbook.web.shared.entering import user_of

WITH_PICTURES = (
    "default-src 'none'; img-src 'self' data: https:; style-src 'self'; base-uri 'none';"
    " form-action 'none'; frame-ancestors 'none'; sandbox allow-same-origin allow-popups"
    " allow-popups-to-escape-sandbox"
)
"""No script, no form, no frame around it. Same origin, for pictures that came with the mail want
the session.
"""


@require_safe
@login_required
def original(request: HttpRequest, mail: int) -> HttpResponse:
    """Gives a mail as it came, but for colleagues' answer addresses; to who does not work at its
    desk none (404).
    """
    found = next(
        filter(
            None,
            (
                mails_here(agent).filter(pk=mail).first()
                for agent in agents_by_desk(user_of(request))
            ),
        ),
        None,
    )
    if found is None or not found.may_be_read:
        raise NoAccess("no such mail")
    response = HttpResponse(
        blanked(bytes(found.raw.data)), content_type="text/plain; charset=utf-8"
    )
    response.headers["Content-Disposition"] = (
        content_disposition_header(False, f"mail-{found.pk}.txt") or "inline"
    )
    return shut(response)


@require_safe
@login_required
def pictures(request: HttpRequest, message: int) -> HttpResponse:
    """Shows one message alone, with the pictures that are blocked on its ticket: asking for it
    loads them, this once.

    They come from wherever the sender chose, who learns that it was opened; nothing says from which
    page.
    """
    found = message_of(request, message)
    html, _shown = mail_html(with_remote_pictures(found.html), found.attachments.order_by("pk"))
    context = {"html": html, "ticket": found.ticket}
    response = render(request, "console/pictures.html", context, using="jinja2")
    response.headers["Content-Security-Policy"] = WITH_PICTURES
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def message_of(request: HttpRequest, number: int) -> Message:
    """Returns a message on a ticket of a desk where the viewer works; raises NoAccess."""
    messages = Message.objects.filter(ticket__isnull=False).select_related("ticket__desk")
    for agent in agents_by_desk(user_of(request)):
        try:
            return of_desk(agent, messages, number)
        except NoAccess:
            continue
    raise NoAccess("no such message")


ORIGINAL = """
    case when m.kind = 'request' and m.channel = 'email' then coalesce(
        (select mail.id from deskbook_inboundmail mail
            where mail.message_id = m.id and mail.state = 'done' and mail.may_be_read limit 1),
        (select mail.id from deskbook_message twin
            join deskbook_ticket other on other.id = twin.ticket_id
            join deskbook_inboundmail mail on mail.message_id = twin.id
            where m.mail_id <> '' and twin.mail_id <> '' and twin.mail_id = m.mail_id
                and twin.sender = m.sender and twin.at = m.at and other.desk_id = t.desk_id
                and mail.state = 'done' and mail.may_be_read limit 1)
    ) end
"""
"""Of a message: the mail it came by, as it came. One to several cases is kept with its message on
the first of them: of one mail are those of one desk, sender and instant, for anybody can write a
Message-ID.
"""
