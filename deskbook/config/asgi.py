"""What the web server calls: streams go to Django's async side, everything else to its faster WSGI side.

Measured: pages behind Django's own ASGI handler cost several times what they cost behind WSGI
(docs/decisions/0009-pages-by-wsgi-streams-by-asgi.md).
"""

from __future__ import annotations

import os
from typing import Any, cast

from a2wsgi import WSGIMiddleware
from a2wsgi.wsgi_typing import WSGIApp
from django.core.asgi import get_asgi_application

from deskbook.config.environment import read
from deskbook.config.wsgi import application as pages
from deskbook.web.chat_live import VISITOR_STREAMS, visitor_application

STREAMS = "/live/"
LARGEST_REQUEST = 100 * 1024 * 1024
"""Bytes: more than any form takes, so that a file too large is still refused beside its field, and no full disk."""
LARGEST_TO_STREAMS = 10_000

_streams = get_asgi_application()
_pages = WSGIMiddleware(cast("WSGIApp", pages), workers=read(os.environ).web_threads)


async def application(scope: Any, receive: Any, send: Any) -> None:
    """Answer one request; one larger than anything a form sends is refused unread, whoever sent it."""
    if _is_too_large(scope):
        await send({"type": "http.response.start", "status": 413, "headers": [(b"content-type", b"text/plain")]})
        await send({"type": "http.response.body", "body": b"This is too large. Go back and send less."})
        return
    if scope["path"].startswith(VISITOR_STREAMS):
        await visitor_application(scope, receive, send)
        return
    if scope["path"].startswith(STREAMS):
        await _streams(scope, receive, send)
        return

    async def received() -> Any:
        # granian returns a future; a2wsgi hands what it gets to the loop from a thread, which takes only coroutines.
        return await receive()

    await _pages(scope, received, send)


def _is_too_large(scope: Any) -> bool:
    length = next((value for name, value in scope["headers"] if name.lower() == b"content-length"), None)
    if scope["path"].startswith(STREAMS):
        # Django's async side reads all of a body before it looks at it, also one of unsaid length.
        return scope["method"] == "POST" and not (length and int(length) <= LARGEST_TO_STREAMS)
    return length is not None and int(length) > LARGEST_REQUEST
