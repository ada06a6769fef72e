"""What every answer carries: a content security policy, and what caches may do."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from inspect import iscoroutinefunction

from django.http import HttpRequest, HttpResponseBase
from django.utils.decorators import sync_and_async_middleware

Handler = Callable[[HttpRequest], HttpResponseBase]
AsyncHandler = Callable[[HttpRequest], Awaitable[HttpResponseBase]]

#: Nothing inline, nothing from elsewhere. Pictures inside mails are served by the desk itself or
#: not at all.
POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)


@sync_and_async_middleware
def content_security_policy(get_response: Handler | AsyncHandler) -> Handler | AsyncHandler:
    """Add the policy to answers that do not bring a stricter one of their own (a mail's HTML
    does).
    """
    return after(get_response, _with_policy)


@sync_and_async_middleware
def kept_by_nobody(get_response: Handler | AsyncHandler) -> Handler | AsyncHandler:
    """Lets nobody keep an answer that does not say they may: most pages are somebody's (RFC 9111,
    5.2.2.5).
    """
    return after(get_response, _not_kept)


def _with_policy(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    response.headers.setdefault("Content-Security-Policy", POLICY)
    return response


def _not_kept(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def after(
    get_response: Handler | AsyncHandler,
    change: Callable[[HttpRequest, HttpResponseBase], HttpResponseBase],
) -> Handler | AsyncHandler:
    """Returns a handler whose answers `change` has been made to."""
    if iscoroutinefunction(get_response):

        async def later(request: HttpRequest) -> HttpResponseBase:
            return change(request, await get_response(request))

        return later
    return lambda request: change(request, get_response(request))  # type: ignore[arg-type]
