"""Which of HTTP's verbs the desk knows."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from inspect import iscoroutinefunction

from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed
from django.utils.decorators import sync_and_async_middleware

Handler = Callable[[HttpRequest], HttpResponseBase]
AsyncHandler = Callable[[HttpRequest], Awaitable[HttpResponseBase]]
KNOWN = ("GET", "HEAD", "POST")
"""No page asks for another, and no other site may ask ahead (OPTIONS): a view need not think of
PUT.
"""


@sync_and_async_middleware
def known_methods(get_response: Handler | AsyncHandler) -> Handler | AsyncHandler:
    """Answer 405 to every other method, before anybody is looked up."""
    if iscoroutinefunction(get_response):

        async def later(request: HttpRequest) -> HttpResponseBase:
            return (
                await get_response(request)
                if request.method in KNOWN
                else HttpResponseNotAllowed(KNOWN)
            )

        return later

    def now(request: HttpRequest) -> HttpResponseBase:
        if request.method not in KNOWN:
            return HttpResponseNotAllowed(KNOWN)
        return get_response(request)  # type: ignore[return-value]

    return now
