"""Live updates: one listener per process, fanned out to the open screens as server-sent events.

A stream holds no database connection; the listener holds one for all of them.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from time import monotonic
from typing import Any, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

import psycopg
from asgiref.sync import sync_to_async
from django.db import close_old_connections, connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_GET
from structlog import get_logger

from deskbook.people import access
from deskbook.people.models import User
from deskbook.people.sessions import person_of
from deskbook.tickets.models import LogEntry, Presence, Ticket
from deskbook.web.jinja import hue, initials
from deskbook.web.shared.entering import agent_of, user_of
from deskbook.web.shared.ringing import rings_for

CHANNEL = "deskbook"
KEEP_ALIVE = 15.0
MOST_WAITING = 200
RIGHTS_LAST = 60.0
"""Seconds until a stream asks again whether its viewer may still see what it tells; it asks at once
when agents of a desk change.
"""

Notice = dict[str, Any]
P = ParamSpec("P")
T = TypeVar("T")
_log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Telling:
    """What one stream tells: the notices that concern it, what its screen missed, and to whom as
    long as.
    """

    concerns: Callable[[Notice], bool]
    missed: int
    ticket_id: int | None
    may_still: Callable[[], Awaitable[bool]]
    viewer: User | None = None
    """A call at their telephone is told on every screen."""
    beats: bool = False
    """What it shows changes by time alone as well: a quiet line is told as a change."""


@dataclass(eq=False)
class Hub:
    """The one listener of a process and the screens it tells.

    A screen that does not read gets no more than MOST_WAITING notices; the next it reads refreshes
    it all the same.
    """

    screens: set[asyncio.Queue[Notice]] = field(default_factory=set)
    followers: set[Callable[[Notice], None]] = field(default_factory=set)
    """Called with each notice: for those who serve many screens at once and may miss none."""
    listener: asyncio.Task[None] | None = None

    def join(self) -> asyncio.Queue[Notice]:
        screen: asyncio.Queue[Notice] = asyncio.Queue(MOST_WAITING)
        self.screens.add(screen)
        self._begin()
        return screen

    def follow(self, told: Callable[[Notice], None]) -> None:
        self.followers.add(told)
        self._begin()

    def unfollow(self, told: Callable[[Notice], None]) -> None:
        self.followers.discard(told)
        self._end_if_alone()

    def leave(self, screen: asyncio.Queue[Notice]) -> None:
        self.screens.discard(screen)
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
        for screen in self.screens:
            with suppress(asyncio.QueueFull):
                screen.put_nowait(notice)

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


_readers = ThreadPoolExecutor(max_workers=4, thread_name_prefix="streams")


def apart(read: Callable[P, T]) -> Callable[P, Any]:
    """Runs database work in one of the few threads all streams share: none holds a connection of
    its own.
    """

    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        close_old_connections()
        try:
            return read(*args, **kwargs)
        finally:
            close_old_connections()

    return sync_to_async(run, thread_sensitive=False, executor=_readers)


@require_GET
def console_stream(request: HttpRequest) -> HttpResponseBase:
    """Tells a list that something at the desk changed."""
    desk_id, missed = _desk_entered(request)
    if desk_id is None:
        return HttpResponse(status=403)

    def concerns(notice: Notice) -> bool:
        return bool(notice.get("all")) or (notice.get("desk") == desk_id and "entry" in notice)

    viewer = user_of(request)
    return stream(
        Telling(concerns, missed, None, lambda: apart(may_still)(request, desk_id), viewer)
    )


@require_GET
def ticket_stream(request: HttpRequest, number: str) -> HttpResponseBase:
    """Tells a ticket's screen that it changed, and who else is on it."""
    ticket_id, missed = _ticket_entered(request, number)
    if ticket_id is None:
        return HttpResponse(status=403)

    def concerns(notice: Notice) -> bool:
        return bool(notice.get("all")) or notice.get("ticket") == ticket_id

    viewer = user_of(request)
    return stream(
        Telling(
            concerns, missed, ticket_id, lambda: apart(may_still)(request, None, number), viewer
        )
    )


@csrf_protect
def presence(request: HttpRequest, number: str) -> HttpResponse:
    """Says that the viewer has the ticket open, and whether they are writing."""
    if request.method != "POST" or not request.user.is_authenticated:
        return HttpResponse(status=405 if request.user.is_authenticated else 403)
    _agent, ticket = access.ticket_for_agent(
        user_of(request), number, Ticket.objects.select_related("desk")
    )
    writing = request.POST.get("state") == "answering"
    Presence.objects.update_or_create(
        user=user_of(request),
        ticket=ticket,
        defaults={"writing": writing, "seen_at": timezone.now()},
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_notify(%s, %s)",
            [CHANNEL, json.dumps({"ticket": ticket.pk, "presence": True})],
        )
    return HttpResponse(status=204)


def people_on(ticket_id: int, *, at: datetime) -> list[dict[str, Any]]:
    """Returns who has the ticket open at `at`, in the words their colleagues read."""
    there = Presence.objects.filter(
        ticket=ticket_id, seen_at__gt=at - Presence.LASTS
    ).select_related("user")
    says = {True: _("%(who)s is writing"), False: _("%(who)s is here")}
    return [
        {
            "id": p.user_id,
            "name": str(p.user),
            "initials": initials(str(p.user)),
            "hue": hue(str(p.user)),
            "says": says[p.writing] % {"who": p.user},
        }
        for p in there.order_by("user__name")
    ]


def _desk_entered(request: HttpRequest) -> tuple[int | None, int]:
    if not request.user.is_authenticated:
        return None, 0
    desk_id = agent_of(request).desk_id
    return desk_id, _missed(request, LogEntry.objects.filter(ticket__desk=desk_id))


def _ticket_entered(request: HttpRequest, number: str) -> tuple[int | None, int]:
    if not request.user.is_authenticated:
        return None, 0
    _agent, ticket = access.ticket_for_agent(
        user_of(request), number, Ticket.objects.select_related("desk")
    )
    return ticket.pk, _missed(request, LogEntry.objects.filter(ticket=ticket))


def _missed(request: HttpRequest, log: Any) -> int:
    """Returns the id of the newest entry after the last one the screen knows of; 0 when it missed
    nothing.
    """
    known = request.headers.get("Last-Event-ID") or request.GET.get("after", "")
    if not known.isdecimal() or len(known) > 18:
        return 0
    newest: int | None = (
        log.filter(pk__gt=int(known)).order_by("-pk").values_list("pk", flat=True).first()
    )
    return newest or 0


def may_still(request: HttpRequest, desk_id: int | None, number: str = "") -> bool:
    """Whether the session is still that of the same person, and they are still an agent of the desk
    or the ticket.
    """
    fresh = HttpRequest()
    fresh.session = type(request.session)(request.session.session_key)
    user = person_of(fresh)
    if not isinstance(user, User) or user.pk != user_of(request).pk:
        return False
    if not number:
        return any(agent.desk_id == desk_id for agent in access.agents_by_desk(user))
    try:
        access.ticket_for_agent(user, number, Ticket.objects.select_related("desk"))
    except access.NoAccess:
        return False
    return True


def stream(telling: Telling) -> StreamingHttpResponse:
    """Returns the events of one screen, as long as it may have them."""
    answer = StreamingHttpResponse(_events(telling), content_type="text/event-stream")
    answer["Cache-Control"] = "no-store"
    answer["X-Accel-Buffering"] = "no"
    return answer


def _at_first(telling: Telling) -> list[bytes]:
    """What a screen is told as it opens: who else is there, what it missed, the call at the
    viewer's telephone.
    """
    told = []
    if telling.ticket_id:
        told.append(_event("presence", people_on(telling.ticket_id, at=timezone.now())))
    if telling.missed:
        told.append(_changed(telling.missed))
    if telling.viewer and rings_for(telling.viewer):
        told.append(_event("call", {}))
    return told


async def _events(telling: Telling) -> AsyncIterator[bytes]:
    screen = hub().join()
    try:
        yield b"retry: 2000\n\n"
        for event in await apart(_at_first)(telling):
            yield event
        async for notice in _heard(screen, telling.may_still):
            if notice is None:
                yield _changed(None) if telling.beats else b": still here\n\n"
            elif "call" in notice and telling.viewer and notice.get("user") == telling.viewer.pk:
                yield _event("call", {})
            elif telling.concerns(notice):
                async for event in _told(notice, telling.ticket_id):
                    yield event
    finally:
        hub().leave(screen)


async def _heard(
    screen: asyncio.Queue[Notice], may_still: Callable[[], Awaitable[bool]]
) -> AsyncIterator[Notice | None]:
    """Yields the notices while the viewer may have them; None when the line has been quiet and must
    be kept alive.
    """
    asked_at = monotonic()
    while True:
        try:
            notice = await next_told(screen)
        except TimeoutError:
            notice = None
        agents_changed = notice is not None and "agents" in notice
        if agents_changed or monotonic() - asked_at > RIGHTS_LAST:
            if not await may_still():
                return
            asked_at = monotonic()
        yield notice


_QUIET: Any = object()


async def next_told(told: asyncio.Queue[T]) -> T:
    """Returns what a stream is to tell next. Raises TimeoutError where that was nothing for
    KEEP_ALIVE seconds.

    Silence is told like a notice. Not by `wait_for`: up to Python 3.11 it drops the cancelling of
    whoever left at the instant something was told
    (https://github.com/python/cpython/issues/86296), and their stream never ends. Nor by
    `timeout`, which is a fifth of what it costs to tell a thousand screens.
    """
    quiet = asyncio.get_running_loop().call_later(KEEP_ALIVE, _tell_quiet, told)
    try:
        notice = await told.get()
    finally:
        quiet.cancel()
    if notice is _QUIET:
        raise TimeoutError
    return notice


def _tell_quiet(told: asyncio.Queue[Any]) -> None:
    with suppress(asyncio.QueueFull):
        told.put_nowait(_QUIET)


async def _told(notice: Notice, ticket_id: int | None) -> AsyncIterator[bytes]:
    if ticket_id and (notice.get("presence") or notice.get("all")):
        yield _event("presence", await apart(people_on)(ticket_id, at=timezone.now()))
    if not notice.get("presence"):
        yield _changed(notice.get("entry"))


@lru_cache(maxsize=64)  # written once for all the screens it is told on
def _changed(entry: int | None) -> bytes:
    # Not which ticket: it may be one that the listener does not see.
    return _event("changed", {}, entry)


def _event(name: str, data: Any, id_: int | None = None) -> bytes:
    numbered = f"id: {id_}\n" if id_ else ""
    return f"{numbered}event: {name}\ndata: {json.dumps(data)}\n\n".encode()
