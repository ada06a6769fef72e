"""What all chat streams of a process are told, read for all of them at once.

One follower of the hub, one connection that reads, however many streams: a line costs one small
statement, a burst of lines one too. A stream holds a mailbox and no connection.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import monotonic
from typing import Any
from weakref import WeakKeyDictionary

import psycopg
from structlog import get_logger

from deskbook.channels.chat import transcript
from deskbook.channels.chat.transcript import Busy, Line, State
from deskbook.people.sight import NOTHING, Hidden
from deskbook.web.hub import Notice, connection_parameters, hub
from deskbook.web.shared.chat_lines import (
    Shown,
    line_for_operator,
    line_for_visitor,
    state_for_operator,
    state_for_visitor,
)
from deskbook.web.stream_queue import StreamQueue

BEAT_S = 15.0
STATES_EVERY_S = 0.2
"""A burst of chats begun or taken is read so often, not at each."""
SEEN_EVERY_S = 2.0
"""Who came back is shown to the others so often: on bad lines somebody of five hundred does all the
time.
"""
MOST_UNREAD = 1_000
_log = get_logger(__name__)
_VISITORS_SEEN = "update deskbook_chatsession set seen_at = now() where id = any(%s)"
_OPERATORS_SEEN = (
    "insert into deskbook_chatseat (agent_id, seen_at) select id, now() from deskbook_agent where"
    " id = any(%s) on conflict (agent_id) do update set seen_at = excluded.seen_at"
)

RIGHTS = "rights"
"""What an operator's stream is told to ask again whether it may go on; no screen hears it."""


@dataclass(eq=False, slots=True)
class Screen:
    """One stream: what it has, and what waits to be sent to it; None ends it."""

    desk_id: int
    waiting: StreamQueue[tuple[str, Shown] | None] = field(default_factory=StreamQueue)
    shown: Shown = field(default_factory=dict)
    after: dict[int, int] = field(default_factory=dict)
    """Ticket → id of the last entry it has."""

    def send(self, name: str, what: Shown) -> None:
        if len(self.waiting) > MOST_UNREAD:
            # It does not read: it comes again and asks from where it was.
            self.waiting.put(None)
        else:
            self.waiting.put((name, what))

    def send_lines(self, lines: Iterable[Line]) -> None:
        for line in lines:
            if line.id > self.after.get(line.ticket_id, line.id):
                self.after[line.ticket_id] = line.id
                if self.may_read(line):
                    self.send("line", self.shown_line(line))

    def send_state(self, states: Mapping[int, State], busy: Busy) -> None:
        shown = self.shown_state(states, busy)
        if shown and shown != self.shown:
            self.shown = shown
            self.send("state", shown)

    def may_read(self, line: Line) -> bool:
        return True

    def shown_line(self, line: Line) -> Shown:
        raise NotImplementedError

    def shown_state(self, states: Mapping[int, State], busy: Busy) -> Shown:
        raise NotImplementedError

    def is_in(self, states: Mapping[int, State]) -> bool:
        """Returns whether the states tell this screen all it shows."""
        return True

    def hears(self, notice: Notice) -> None:
        """A signal that is stored nowhere."""


@dataclass(eq=False, slots=True)
class VisitorScreen(Screen):
    chat: int = 0
    contact_id: int = 0
    key: str = ""
    """Of the desk."""

    def may_read(self, line: Line) -> bool:
        return self.chat in line.readers

    def shown_line(self, line: Line) -> Shown:
        return line_for_visitor(line, self.chat, self.contact_id, self.key)

    def shown_state(self, states: Mapping[int, State], busy: Busy) -> Shown:
        own = states.get(self.chat)
        if own is None:
            return {}
        # It may go on in a new case.
        self.after.setdefault(own.ticket_id, max(self.after.values(), default=0))
        return state_for_visitor(own, busy)

    def is_in(self, states: Mapping[int, State]) -> bool:
        return self.chat in states

    def hears(self, notice: Notice) -> None:
        if notice.get("chat") != self.chat:
            return
        if notice.get("typing") == "operator":
            self.send("typing", {})
        if "operator_read" in notice.get("read", {}):
            self.send("read", {"id": notice["read"]["operator_read"]})


@dataclass(eq=False, slots=True)
class OperatorScreen(Screen):
    agent_id: int = 0
    known: dict[int, int] = field(default_factory=dict)
    """Chat → the last entry the screen said it has."""
    chats: dict[int, int] = field(default_factory=dict)
    """Ticket → chat, of the agent's own."""
    hidden: Hidden = NOTHING

    def shown_line(self, line: Line) -> Shown:
        return line_for_operator(line, self.chats[line.ticket_id])

    def shown_state(self, states: Mapping[int, State], busy: Busy) -> Shown:
        seen = [state for state in states.values() if not self.hidden.hides(state)]
        mine = [
            state
            for state in seen
            if state.operator_id == self.agent_id and state.state != "waiting"
        ]
        self.chats = {state.ticket_id: state.id for state in mine}
        self.after = {
            t: self.after.get(t, self.known.get(chat, 0)) for t, chat in self.chats.items()
        }
        return state_for_operator(seen, self.agent_id, at=datetime.now(UTC))

    def hears(self, notice: Notice) -> None:
        if "agents" in notice:
            self.send(RIGHTS, {})
        if notice.get("chat") not in self.chats.values():
            return
        if notice.get("typing") == "visitor":
            self.send("typing", {"chat": notice["chat"]})
        if "visitor_read" in notice.get("read", {}):
            self.send("read", {"chat": notice["chat"], "id": notice["read"]["visitor_read"]})


@dataclass(eq=False)
class Feed:
    """The chat streams of this process."""

    desks: dict[int, set[Screen]] = field(default_factory=lambda: defaultdict(set))
    stale_desks: set[int] = field(default_factory=set)
    stale_tickets: set[int] = field(default_factory=set)
    busy: dict[int, Busy] = field(default_factory=dict)
    states: dict[int, dict[int, State]] = field(default_factory=dict)
    """Desk → its chats as last read, while anybody of the desk is told of changes."""
    coming_back: set[int] = field(default_factory=set)
    """Desks to be read again soon, because somebody came back."""
    woken: asyncio.Event = field(default_factory=asyncio.Event)
    tasks: list[asyncio.Task[None]] = field(default_factory=list)
    states_read_at: float = 0.0
    reader: "psycopg.AsyncConnection[Any] | None" = None
    reading: asyncio.Lock = field(default_factory=asyncio.Lock)
    closing: "asyncio.Task[None] | None" = None

    def join(self, screen: Screen) -> None:
        self.desks[screen.desk_id].add(screen)
        self._show(screen)
        if not self.tasks:
            hub().follow(self._told)
            self.tasks = [asyncio.create_task(self._work()), asyncio.create_task(self._beat())]

    def _show(self, screen: Screen) -> None:
        """Shows what was last read, where it was: any change since then is still to come to all
        screens.
        """
        known = self.states.get(screen.desk_id)
        if known is None or not screen.is_in(known):
            self._stale(desks=[screen.desk_id], tickets=screen.after)
            return
        screen.send_state(known, self.busy.get(screen.desk_id, Busy()))
        self._stale(tickets=screen.after)
        if screen.desk_id not in self.coming_back:
            self.coming_back.add(screen.desk_id)
            asyncio.get_running_loop().call_later(SEEN_EVERY_S, self._came_back, screen.desk_id)

    def _came_back(self, desk_id: int) -> None:
        self.coming_back.discard(desk_id)
        if desk_id in self.desks:
            self._stale(desks=[desk_id])

    def leave(self, screen: Screen) -> None:
        self.desks[screen.desk_id].discard(screen)
        if not self.desks[screen.desk_id]:
            del self.desks[screen.desk_id]
            self.states.pop(screen.desk_id, None)  # from here on nobody hears of its changes
        if not self.desks:
            hub().unfollow(self._told)
            for task in self.tasks:
                task.cancel()
            self.tasks = []
            if self.reader:
                self.closing = asyncio.create_task(self._close(self.reader))
                self.reader = None

    async def _close(self, reader: "psycopg.AsyncConnection[Any]") -> None:
        async with self.reading:  # not under the eyes of a screen that has just come
            await reader.close()

    async def rows(self, statement: str, values: Any) -> list[tuple[Any, ...]]:
        """Returns what the process's one reading connection finds."""
        async with self.reading:
            if self.reader is None or self.reader.closed:
                self.reader = await psycopg.AsyncConnection.connect(
                    **connection_parameters(), autocommit=True
                )
            reader = self.reader  # the last screen that leaves takes it away meanwhile
            try:
                cursor = await reader.execute(statement, values)
                return await cursor.fetchall() if cursor.description else []
            except psycopg.OperationalError:
                await reader.close()
                raise

    def _told(self, notice: Notice) -> None:
        if notice.get("all"):
            every = [
                ticket
                for screens in self.desks.values()
                for screen in screens
                for ticket in screen.after
            ]
            self._stale(desks=list(self.desks), tickets=every)
        elif notice.get("desk") not in self.desks:
            return
        elif "state" in notice:
            self._stale(desks=[notice["desk"]])
        elif "chat" in notice or "agents" in notice:
            for screen in self.desks[notice["desk"]]:
                screen.hears(notice)
        elif "entry" in notice:
            self._stale(tickets=[notice["ticket"]])

    def _stale(self, *, desks: Iterable[int] = (), tickets: Iterable[int] = ()) -> None:
        self.stale_desks.update(desks)
        self.stale_tickets.update(tickets)
        self.woken.set()

    async def _work(self) -> None:
        while True:
            await self.woken.wait()
            self.woken.clear()
            desks, tickets = self._take_stale()
            try:
                if desks:
                    await self._read_states(desks)
                if tickets := tickets | self.stale_tickets:
                    self.stale_tickets = set()
                    await self._read_lines(tickets)
            except psycopg.Error as failure:
                _log.warning("reading chats failed, trying again", why=str(failure))
                await asyncio.sleep(1)
                self._stale(desks=desks, tickets=tickets)

    def _take_stale(self) -> tuple[set[int], set[int]]:
        tickets, self.stale_tickets = self.stale_tickets, set()
        wait = self.states_read_at + STATES_EVERY_S - monotonic()
        if self.stale_desks and wait > 0:
            asyncio.get_running_loop().call_later(wait, self.woken.set)
            return set(), tickets
        desks, self.stale_desks = self.stale_desks, set()
        return desks, tickets

    async def _read_states(self, desks: set[int]) -> None:
        self.states_read_at = monotonic()
        by_desk: dict[int, dict[int, State]] = defaultdict(dict)
        for row in await self.rows(transcript.STATES, [list(desks)]):
            state = transcript.state_of(row)
            by_desk[state.desk_id][state.id] = state
        for desk in desks - set(self.busy):
            await self._read_busy([desk])
        for desk in desks & set(self.desks):
            self.states[desk] = by_desk[desk]
            for screen in self._screens(desk):
                had = set(screen.after)
                screen.send_state(by_desk[desk], self.busy.get(desk, Busy()))
                self.stale_tickets |= set(screen.after) - had

    async def _read_lines(self, tickets: set[int]) -> None:
        wanted: dict[int, int] = {}
        screens: dict[int, list[Screen]] = defaultdict(list)
        for screen in [screen for screens in self.desks.values() for screen in screens]:
            for ticket in tickets & screen.after.keys():
                screens[ticket].append(screen)
                wanted[ticket] = min(screen.after[ticket], wanted.get(ticket, screen.after[ticket]))
        if not wanted:
            return
        found: Mapping[int, list[Line]] = defaultdict(list)
        values = [list(wanted), list(wanted.values()), transcript.said(), transcript.MOST_LINES]
        rows = await self.rows(transcript.LINES, values)
        for line in map(transcript.line_of, rows):
            found[line.ticket_id].append(line)
        for ticket, lines in found.items():
            for screen in screens[ticket]:
                screen.send_lines(lines)
        if len(rows) == transcript.MOST_LINES:
            self._stale(tickets=tickets)

    async def _read_busy(self, desks: Iterable[int]) -> None:
        for row in await self.rows(transcript.DESKS, [list(desks)]):
            desk, busy = transcript.busy_of(row)
            self.busy[desk] = busy

    async def _beat(self) -> None:
        """Keeps who is there, and shows who is there no longer."""
        while True:
            try:
                await self._keep_seen()
                await self._read_busy(list(self.desks))
                self._stale(desks=list(self.desks))
            except psycopg.Error as failure:
                _log.warning("keeping who is at the chats failed", why=str(failure))
            await asyncio.sleep(BEAT_S)

    async def _keep_seen(self) -> None:
        screens = [screen for screens in self.desks.values() for screen in screens]
        visitors = [screen.chat for screen in screens if isinstance(screen, VisitorScreen)]
        operators = {screen.agent_id for screen in screens if isinstance(screen, OperatorScreen)}
        if visitors:
            await self.rows(_VISITORS_SEEN, [visitors])
        if operators:
            await self.rows(_OPERATORS_SEEN, [list(operators)])

    def _screens(self, desk: int) -> list[Screen]:
        return list(self.desks.get(desk, ()))


_feeds: WeakKeyDictionary[asyncio.AbstractEventLoop, Feed] = WeakKeyDictionary()


def feed() -> Feed:
    """Returns the feed of this process (of its event loop, of which there is one)."""
    return _feeds.setdefault(asyncio.get_running_loop(), Feed())
