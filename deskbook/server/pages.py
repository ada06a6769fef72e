"""A page is made on a thread and sent from the loop, which the thread never waits for.

a2wsgi's own way waits for the loop three times a page, and once for each piece of a body that came
long ago (docs/decisions/0009-pages-by-wsgi-streams-by-asgi.md).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator
from concurrent.futures import Executor
from contextvars import copy_context
from typing import Any, cast

from a2wsgi.wsgi import build_environ

from deskbook.server.whole_body import Application, Stream

TOGETHER = 256 * 1024
"""Bytes of an answer that are sent in one go: every page is less, and a large file is not held
whole before its first piece leaves.
"""

Message = dict[str, Any]


async def answer(
    application: Application,
    threads: Executor,
    scope: Any,
    body: Stream,
    send: Callable[[Message], Awaitable[None]],
) -> None:
    """Answers one request by a WSGI application on one of these threads; raises what that
    raises.
    """
    loop = asyncio.get_running_loop()
    told: asyncio.Queue[Message | None] = asyncio.Queue()

    def make() -> None:
        environ = build_environ(scope, cast("Any", body))
        for message in _messages(application, environ):
            loop.call_soon_threadsafe(told.put_nowait, message)

    made = loop.run_in_executor(threads, copy_context().run, make)
    made.add_done_callback(lambda _made: told.put_nowait(None))
    try:
        while (message := await told.get()) is not None:
            await send(message)
        await made
    finally:
        made.cancel()  # whoever has left while it waited for a thread needs no page


def _messages(application: Application, environ: Any) -> Iterator[Message]:
    """Yields the answer as ASGI says it. The last piece of a body says that it is, so a page leaves
    in one go.
    """
    start: Message = {"type": "http.response.start"}

    def start_response(status: str, headers: list[tuple[str, str]], _error: Any = None) -> None:
        start["status"] = int(status.split(" ", 1)[0])
        start["headers"] = [(n.lower().encode("latin1"), v.encode("latin1")) for n, v in headers]

    pieces = application(environ, start_response)
    try:
        for number, (piece, is_last) in enumerate(_joined(pieces)):
            if not number:
                yield start
            yield {"type": "http.response.body", "body": piece, "more_body": not is_last}
    finally:
        getattr(pieces, "close", lambda: None)()


def _joined(pieces: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Yields the pieces in larger ones, each with whether it is the last, which may be empty."""
    held = bytearray()
    for piece in pieces:
        held += piece
        if len(held) >= TOGETHER:
            yield bytes(held), False
            held.clear()
    yield bytes(held), True
