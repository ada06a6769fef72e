"""What PostgreSQL tells a process, handed to those of its open screens whom it concerns."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

import psycopg
from django.db import connection
from structlog import get_logger

from deskbook.people.open_screens import CHANNEL
from deskbook.web.stream_queue import StreamQueue

MOST_WAITING = 200

Notice = dict[str, Any]
Subject = tuple[Any, ...]
"""What a notice is about: ("ticket", 7), ("desk", 1), ("site", 1, "kannur") …"""
EVERYTHING: Subject = ("all",)
AGENTS: Subject = ("agents",)
"""That somebody at a desk may no longer see what they saw."""
_log = get_logger(__name__)


def subjects_of(notice: Notice) -> list[Subject]:
    """Returns what a notice is about."""
    about: list[Subject] = [(one,) for one in ("all", "agents") if one in notice]
    if "ticket" in notice:
        about.append(("ticket", notice["ticket"]))
    if "entry" in notice:
        about.append(("desk", notice.get("desk")))
    if "call" in notice:
        about.append(("call for", notice.get("user")))
    if "concern" in notice:
        about.append(("concern of", notice.get("user")))
    if "site" in notice:
        about += [("site", *notice["site"]), ("sites", notice["site"][0])]
    return about


@dataclass(eq=False)
class Hub:
    """The one listener of a process and the screens it tells.

    A screen that does not read gets no more than MOST_WAITING notices; the next it reads refreshes
    it all the same.
    """

    screens: dict[Subject, set[StreamQueue[Notice]]] = field(
        default_factory=lambda: defaultdict(set)
    )
    followers: set[Callable[[Notice], None]] = field(default_factory=set)
    """Called with each notice: for those who serve many screens at once and may miss none."""
    listener: asyncio.Task[None] | None = None

    @contextmanager
    def screen(self, *about: Subject) -> Iterator[StreamQueue[Notice]]:
        """Gives what one screen is told: the notices about these, and that it is to look for
        itself.
        """
        with StreamQueue[Notice]() as told:
            for subject in (EVERYTHING, *about):
                self.screens[subject].add(told)
            self._begin()
            try:
                yield told
            finally:
                for subject in (EVERYTHING, *about):
                    self._forget(subject, told)
                self._end_if_alone()

    def _forget(self, subject: Subject, told: StreamQueue[Notice]) -> None:
        self.screens[subject].discard(told)
        if not self.screens[subject]:
            del self.screens[subject]

    def follow(self, told: Callable[[Notice], None]) -> None:
        self.followers.add(told)
        self._begin()

    def unfollow(self, told: Callable[[Notice], None]) -> None:
        self.followers.discard(told)
        self._end_if_alone()

    def _begin(self) -> None:
        if self.listener is None or self.listener.done():
            self.listener = asyncio.get_running_loop().create_task(self._listen())

    def _end_if_alone(self) -> None:
        if not self.screens and not self.followers and self.listener:
            self.listener.cancel()
            self.listener = None

    def tell(self, notice: Notice) -> None:
        for told in tuple(self.followers):
            told(notice)
        concerned = [self.screens.get(subject, set()) for subject in subjects_of(notice)]
        for screen in set().union(*concerned):
            if len(screen) < MOST_WAITING:
                screen.put(notice)

    async def _listen(self) -> None:
        while True:
            try:
                await self._listen_once()
            except psycopg.Error as failure:
                _log.warning("listening for live updates failed, trying again", why=str(failure))
                await asyncio.sleep(1)

    async def _listen_once(self) -> None:
        async with await psycopg.AsyncConnection.connect(
            **connection_parameters(), autocommit=True
        ) as listening:
            await listening.execute(f"listen {CHANNEL}")
            # What was said before this instant was lost: every screen looks for itself.
            self.tell({"all": True})
            async for notice in listening.notifies():
                self.tell(json.loads(notice.payload))


def connection_parameters() -> dict[str, Any]:
    """Returns what a connection of one's own to Django's database needs: all of DATABASE_URL,
    `sslmode` as well.
    """
    of_django = ("context", "cursor_factory")  # how its own connections read rows
    return {
        name: value
        for name, value in connection.get_connection_params().items()
        if name not in of_django
    }


_hubs: WeakKeyDictionary[asyncio.AbstractEventLoop, Hub] = WeakKeyDictionary()


def hub() -> Hub:
    """Returns the hub of this process (of its event loop, of which there is one)."""
    return _hubs.setdefault(asyncio.get_running_loop(), Hub())
