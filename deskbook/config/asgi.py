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

STREAMS = "/live/"

_streams = get_asgi_application()
_pages = WSGIMiddleware(cast("WSGIApp", pages), workers=read(os.environ).web_threads)


async def application(scope: Any, receive: Any, send: Any) -> None:
    """Answer one request."""
    if scope["path"].startswith(STREAMS):
        await _streams(scope, receive, send)
        return

    async def received() -> Any:
        # granian returns a future; a2wsgi hands what it gets to the loop from a thread, which takes only coroutines.
        return await receive()

    await _pages(scope, received, send)
