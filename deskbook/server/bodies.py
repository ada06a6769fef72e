"""A request's body is read before a thread is taken for it: whoever sends slowly makes nobody else
wait.

While it comes it holds a place and, past what memory keeps, a file that is gone with the request.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import Any

from deskbook.server.room import Room
from deskbook.server.whole_body import Stream

Receive = Callable[[], Awaitable[Any]]

GRACE_S = 20.0
"""How long a sender may need before the least rate counts: a phone changes cells."""
LEAST_RATE = 2_000
"""Bytes a second from then on: a tenth of what a phone on 2G sends."""
LONGEST_S = 900.0
IN_MEMORY = 64_000
BODIES = Room(in_all=2_000, of_one=50)
"""Bodies on their way: at most 128 MB of memory."""
ON_DISK = Room(in_all=2_000_000_000, of_one=300_000_000)
"""Bytes of bodies past what memory keeps: a client sends as much as three of the largest."""


class NotTaken(Exception):
    """A body that will not be read to its end: the status of the answer, and what it says."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status, self.sentence = status, sentence


@asynccontextmanager
async def taken(
    scope: Any, receive: Receive, *, caller: str, largest: int
) -> AsyncIterator[Stream]:
    """Gives the whole body, to be read. Raises NotTaken (408, 413), and Full.

    A body of unsaid length gets the length it turned out to have: WSGI reads none without (PEP
    3333).
    """
    said = _header(scope, b"content-length")
    if (said or b"0") == b"0" and _header(scope, b"transfer-encoding") is None:
        yield BytesIO()
        return
    if said is not None and int(said) > largest:
        raise NotTaken(413, "This is too large. Go back and send less.")
    with ON_DISK.hold(caller, 0) as on_disk, SpooledTemporaryFile(max_size=IN_MEMORY) as kept:
        with BODIES.hold(caller):
            length = await _read(receive, kept, largest, on_disk)
        if said is None:
            scope["headers"] = [*scope["headers"], (b"content-length", b"%d" % length)]
        elif length < int(said):
            raise NotTaken(408, "The request broke off before all of it had come. Send it again.")
        kept.seek(0)
        yield kept


async def _read(
    receive: Receive,
    kept: SpooledTemporaryFile[bytes],
    largest: int,
    on_disk: Callable[[int], None],
) -> int:
    clock = asyncio.get_running_loop().time
    begun_at, length = clock(), 0
    while True:
        patience = min(GRACE_S + length / LEAST_RATE, LONGEST_S) - (clock() - begun_at)
        try:
            async with asyncio.timeout(patience):
                message = await receive()
        except TimeoutError:
            raise NotTaken(
                408, "The request came too slowly. Send it again on a better line."
            ) from None
        piece = message.get("body", b"")
        length += len(piece)
        if length > largest:
            raise NotTaken(413, "This is too large. Go back and send less.")
        if length > IN_MEMORY:
            on_disk(len(piece))
        kept.write(piece)
        if not message.get("more_body", False):
            return length


def _header(scope: Any, wanted: bytes) -> bytes | None:
    return next((value for name, value in scope["headers"] if name == wanted), None)
