"""Who asks on a public chat page: the desk and its channel, where they come from, and the chat
their device knows.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from deskbook.channels.chat.talk import chat_of
from deskbook.channels.chat.tries import Visitor
from deskbook.engine.channels import Channel
from deskbook.engine.desk import Desk
from deskbook.people.books import desk_in_force
from deskbook.people.models import HelpDesk
from deskbook.web.client_address import client_address
from deskbook.web.viewer import language_of, user_of

SECRET = "X-Chat-Secret"


@dataclass(frozen=True, slots=True)
class Place:
    """A desk's chat."""

    helpdesk: HelpDesk
    desk: Desk
    channel: Channel


def at_a_chat(page: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Gives a page `/chat/<key>/…` the chat of the desk, in the visitor's language; 404 for a desk
    that has none.

    No cookie says who asks, so no other site can make a visitor's browser act: these pages need no
    CSRF token, and work in a frame that gets no cookies. They may be framed by the origins of
    DESKBOOK_CHAT_ORIGINS.
    """

    @csrf_exempt
    @wraps(page)
    def shown(request: HttpRequest, key: str, **parts: Any) -> HttpResponse:
        helpdesk = get_object_or_404(HelpDesk, key=key)
        language = _language(request)
        with translation.override(language):
            desk = desk_in_force(helpdesk)
            channel = desk.channel_of("chat")
            if channel is None:
                raise Http404("this desk has no chat")
            response = page(request, Place(helpdesk, desk, channel), **parts)
        response.headers["Content-Language"] = language
        response.xframe_options_exempt = True  # the policy says by whom
        response.headers.setdefault("Content-Security-Policy", policy())
        response.headers["Cache-Control"] = "no-store"
        return response

    return shown


def in_their_chat(page: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Like `at_a_chat`, for who is in a chat: gives the page the chat the secret in the header
    belongs to.
    """

    @wraps(page)
    def shown(request: HttpRequest, place: Place, **parts: Any) -> HttpResponse:
        session = chat_of(place.helpdesk.pk, request.headers.get(SECRET, ""), at=timezone.now())
        if session is None:
            return is_over()
        session.desk = place.helpdesk
        return page(request, place, session, **parts)

    return at_a_chat(shown)


def policy() -> str:
    """Returns the content security policy of chat pages: what every page has, but the origins that
    may frame it.
    """
    by = " ".join(["'self'", *settings.DESKBOOK_CHAT_ORIGINS])
    return (
        "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none';"
        f" form-action 'self'; frame-ancestors {by}"
    )


def visitor_of(request: HttpRequest) -> Visitor:
    """Returns where a request comes from."""
    return Visitor(client_address(request), request.headers.get("User-Agent", "")[:400])


def is_over() -> JsonResponse:
    """Returns the refusal of a chat that is not the visitor's any more, or never was."""
    return problem(403, _("This chat is over. Begin a new one; what you wrote is kept here."))


def problem(status: int, sentence: str, **more: Any) -> JsonResponse:
    """Returns a refusal for the page's script: a sentence for the person."""
    return JsonResponse({"error": sentence, **more}, status=status)


def _language(request: HttpRequest) -> str:
    asked = request.GET.get("language", "") or request.POST.get("language", "")
    known = dict(settings.LANGUAGES)
    if asked in known:
        return asked
    return language_of(request) if user_of(request) else translation.get_language() or "en"
