"""What one open stream is still to be sent, in order."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterator
from typing import Any, Generic, Self, TypeVar

KEEP_ALIVE = 15.0
"""Seconds after which a quiet line is kept alive."""
T = TypeVar("T")
_QUIET: Any = object()


class StreamQueue(Generic[T]):
    """Filled on the event loop by those who tell, emptied by the one task that sends.

    asyncio's queue and a timer for each wait are most of what it costs to tell a thousand screens;
    here one timer lasts as long as the stream does. Nor may `wait_for` stand around it: up to
    Python 3.11 it drops the cancelling of whoever left at the instant something was told
    (https://github.com/python/cpython/issues/86296), and their stream never ends.
    """

    __slots__ = ("_loop", "_reader", "_timer", "_told_at", "_waiting")

    def __init__(self) -> None:
        self._waiting: deque[T] = deque()
        self._reader: asyncio.Future[None] | None = None

    def __enter__(self) -> Self:
        """Begins to keep the line alive; by whom sends, in their task."""
        self._loop = asyncio.get_running_loop()
        self._told_at = self._loop.time()
        self._timer = self._loop.call_later(KEEP_ALIVE, self._look)
        return self

    def __exit__(self, *_what: object) -> None:
        self._timer.cancel()

    def __len__(self) -> int:
        return len(self._waiting)

    def __iter__(self) -> Iterator[T]:
        """Yields what waits, and leaves it there."""
        return iter(self._waiting)

    def put(self, told: T) -> None:
        self._waiting.append(told)
        if self._reader is not None:
            self._told_at = self._loop.time()
            if not self._reader.done():
                self._reader.set_result(None)

    async def next(self) -> T:
        """Returns what is to be sent next. Raises TimeoutError where nothing came for KEEP_ALIVE
        seconds.
        """
        while not self._waiting:
            self._reader = self._loop.create_future()
            await self._reader
        told = self._waiting.popleft()
        if told is _QUIET:
            raise TimeoutError
        return told

    def _look(self) -> None:
        quiet_at = self._told_at + KEEP_ALIVE
        if self._loop.time() >= quiet_at:
            if not self._waiting:  # who does not read is not to find a hundred of these
                self.put(_QUIET)
            quiet_at = self._loop.time() + KEEP_ALIVE
        self._timer = self._loop.call_at(quiet_at, self._look)
