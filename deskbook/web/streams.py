"""Streams on the event loop: what Django has to ask before one begins it asks in a few threads that
all share.

Django's own ASGI handler gives each request a thread, with a database connection, for as long as it
lasts: six hundred streams were six hundred connections.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from io import BytesIO
from typing import Any

from django.core.handlers.asgi import ASGIHandler
from django.core.handlers.base import BaseHandler
from django.http import HttpResponseBase

from deskbook.web.live import apart


class Streams(ASGIHandler):
    """Django's handler with its synchronous middleware, as pages have it; the answer is sent from
    the loop.
    """

    def __init__(self) -> None:
        BaseHandler.__init__(self)
        self.load_middleware()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answers one request without a body; ends when either side does."""
        request, refused = self.create_request(scope, BytesIO())
        answer: Any = refused if request is None else await apart(self.get_response)(request)
        await until_gone(self._sent(answer, send), receive)

    async def _sent(self, answer: HttpResponseBase, send: Any) -> None:
        try:
            await self.send_response(answer, send)
        finally:
            answer.close()


async def until_gone(sending: Awaitable[None], receive: Any) -> None:
    """Sends until it ends by itself or the other end goes."""
    both = [asyncio.ensure_future(sending), asyncio.ensure_future(_gone(receive))]
    await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
    for task in both:
        task.cancel()
    ended, _left = await asyncio.gather(*both, return_exceptions=True)
    if isinstance(ended, Exception):
        raise ended


async def _gone(receive: Any) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
