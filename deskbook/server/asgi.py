"""What the web server calls: streams go to Django's handler by themselves, everything else to its
faster WSGI side.

Measured: pages behind Django's own ASGI handler cost several times what they cost behind WSGI
(docs/decisions/0009-pages-by-wsgi-streams-by-asgi.md). No thread waits here for a sender or a
reader: bodies are read before one is taken, answers are sent after it is free. One caller has room
for so much (room.py), and never has all threads (fair_threads.py).
"""

from __future__ import annotations

import os
from functools import cache
from typing import Any

from deskbook.config.environment import read
from deskbook.server.answers import NotRead, paced, refuse
from deskbook.server.bodies import NotTaken, taken
from deskbook.server.fair_threads import CALLER, FairThreads
from deskbook.server.pages import answer
from deskbook.server.pulse import follow_loop
from deskbook.server.room import Full, Room
from deskbook.server.wsgi import application as pages
from deskbook.web.chat_live import VISITOR_STREAMS, visitor_application
from deskbook.web.client_address import client_address_of
from deskbook.web.streams import Streams

STREAMS = "/live/"
LARGEST_REQUEST = 100 * 1024 * 1024
"""Bytes: more than any form takes, so that a file too large is still refused beside its field, and
no full disk.
"""
LARGEST_TO_STREAMS = 10_000
PAGES = Room(in_all=4_000, of_one=200)
"""Requests that are answered or wait for it: an office behind one address asks for some twenty at
once.
"""
OPEN_TO_ALL = Room(in_all=4_000, of_one=500)
"""Streams for which nobody signs in: a hall full of people behind one address has some hundred."""
SIGNED_IN = Room(in_all=3_000, of_one=1_000)
"""The consoles' streams, apart: no crowd outside takes the operators' places."""

_streams = Streams()
_threads = FairThreads(read(os.environ).web_threads)


async def application(scope: Any, receive: Any, send: Any) -> None:
    """Answers one request, or says why not now: 408 too slow, 413 too large, 503 too many at
    once.
    """
    _follow_loop()
    # PEP 3333 makes one name of X_Forwarded_For and X-Forwarded-For: the former would be read as a
    # proxy's.
    scope["headers"] = [(name, value) for name, value in scope["headers"] if b"_" not in name]
    caller = client_address_of(scope)
    send = paced(send, caller)
    try:
        if scope["path"].startswith(STREAMS) and scope["method"] != "POST":
            await _stream(scope, receive, send, caller)
        else:
            await _page(scope, receive, send, caller)
    except NotTaken as problem:
        await refuse(send, problem.status, problem.sentence)
    except Full:
        await refuse(
            send, 503, "Too much comes from your address at once. Try again in a few seconds."
        )
    except NotRead:
        return  # the server closes the line


@cache
def _follow_loop() -> None:
    """From the first request on this process counts as well only while its loop turns: all pages
    wait for it.
    """
    follow_loop()


async def _stream(scope: Any, receive: Any, send: Any, caller: str) -> None:
    is_open_to_all = scope["path"].startswith((VISITOR_STREAMS, "/live/walk-in/"))
    with (OPEN_TO_ALL if is_open_to_all else SIGNED_IN).hold(caller):
        if scope["path"].startswith(VISITOR_STREAMS):
            await visitor_application(scope, receive, send)
        else:
            await _streams(scope, receive, send)


async def _page(scope: Any, receive: Any, send: Any, caller: str) -> None:
    largest = LARGEST_TO_STREAMS if scope["path"].startswith(STREAMS) else LARGEST_REQUEST
    async with taken(scope, receive, caller=caller, largest=largest) as body:
        with PAGES.hold(caller):
            CALLER.set(caller)
            await answer(pages, _threads, scope, body, send)
