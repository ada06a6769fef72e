"""Which of HTTP's verbs the desk knows."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from inspect import iscoroutinefunction

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed
from django.utils.decorators import sync_and_async_middleware

Handler = Callable[[HttpRequest], HttpResponseBase]
AsyncHandler = Callable[[HttpRequest], Awaitable[HttpResponseBase]]
KNOWN = ("GET", "HEAD", "POST")
"""No page asks for another, and no other site may ask ahead (OPTIONS): a view need not think of
PUT.
"""
OF_A_DIRECTORY = (*KNOWN, "PUT", "PATCH", "DELETE")
"""What SCIM asks for beside them, below its address alone and where a directory is let in."""


@sync_and_async_middleware
def known_methods(get_response: Handler | AsyncHandler) -> Handler | AsyncHandler:
    """Answer 405 to every other method, before anybody is looked up."""
    if iscoroutinefunction(get_response):

        async def later(request: HttpRequest) -> HttpResponseBase:
            return _refused(request) or await get_response(request)

        return later

    def now(request: HttpRequest) -> HttpResponseBase:
        return _refused(request) or get_response(request)  # type: ignore[return-value]

    return now


def _refused(request: HttpRequest) -> HttpResponseBase | None:
    if request.path.startswith("/api/v1/"):
        return None  # which verb an address has is said there, as problem+json
    by_directory = request.path.startswith("/scim/v2/") and settings.DESKBOOK_SCIM_TOKEN
    known = OF_A_DIRECTORY if by_directory else KNOWN
    return None if request.method in known else HttpResponseNotAllowed(known)
