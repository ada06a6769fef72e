"""How an answer leaves: in pieces, each within a time, so that nobody holds it by not reading."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from deskbook.server.room import Full, Room

Send = Callable[[Any], Awaitable[None]]

PIECE = 64 * 1024
PIECE_WITHIN_S = 30.0
"""Seconds until a piece must have left: 2 kB/s."""
WAITING = Room(in_all=1_000_000_000, of_one=200_000_000)
"""Bytes of large answers in memory, on their way out."""


class NotRead(Exception):
    """The other end does not read, or asks for more at once than it can read: what is left is not
    sent.
    """


def paced(send: Send, caller: str) -> Send:
    """Returns a `send` that raises NotRead when the other end does not take what is sent."""

    async def sent(message: Any) -> None:
        body = message.get("body", b"")
        if len(body) <= PIECE:
            await _within(send, message)
            return
        try:
            with WAITING.hold(caller, len(body)):
                for start in range(0, len(body), PIECE):
                    piece, last = body[start : start + PIECE], start + PIECE >= len(body)
                    more = not last or message.get("more_body", False)
                    await _within(send, {**message, "body": piece, "more_body": more})
        except Full:
            raise NotRead from None

    return sent


async def refuse(send: Send, status: int, sentence: str) -> None:
    """Answers with a sentence; who may come again is told when, and no line with an unread body is
    used again.
    """
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
    if status == 503:
        headers.append((b"retry-after", b"5"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": sentence.encode()})


async def _within(send: Send, message: Any) -> None:
    try:
        async with asyncio.timeout(PIECE_WITHIN_S):
            await send(message)
    except TimeoutError:
        raise NotRead from None
