"""A mail as it came, for who works on its ticket: as plain text, or with the pictures that its
words point at.
"""

from collections.abc import Collection

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from deskbook.channels.email.blanked import blanked
from deskbook.channels.email.models import InboundMail
from deskbook.channels.email.pictures import with_remote_pictures
from deskbook.channels.email.set_aside import mails_here
from deskbook.delivery.states import Taken
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


def original_urls(messages: list[int]) -> dict[int, str]:
    """Returns message → where the mail it came by is as it came; a mail to several cases is kept
    with its message on the first of them.
    """
    own = _kept_with(messages)
    rest = [message for message in messages if message not in own]
    return own | _kept_with_another(rest) if rest else own


def _kept_with(messages: Collection[int]) -> dict[int, str]:
    mails = InboundMail.objects.filter(message__in=messages, state=Taken.DONE, may_be_read=True)
    return {
        message: reverse("console-original", args=[pk])
        for message, pk in mails.values_list("message_id", "pk")
    }


def _kept_with_another(messages: list[int]) -> dict[int, str]:
    """Of one mail are those of one desk, sender and instant: anybody can write a Message-ID."""
    same = ("mail_id", "ticket__desk", "sender", "at")
    asked = Message.objects.filter(pk__in=messages).exclude(mail_id="")
    wanted = {pk: tuple(key) for pk, *key in asked.values_list("pk", *same)}
    if not wanted:
        return {}
    twins = Message.objects.filter(mail_id__in={key[0] for key in wanted.values()})
    found = {pk: tuple(key) for pk, *key in twins.values_list("pk", *same) if pk not in wanted}
    by_key = {found[pk]: url for pk, url in _kept_with(found).items()}
    return {pk: by_key[key] for pk, key in wanted.items() if key in by_key}
