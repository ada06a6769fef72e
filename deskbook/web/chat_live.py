"""The streams of a chat: one for the visitor, known by their device's secret; one for an operator
and all their chats.

The visitor's screen reads it by `fetch`, not by `EventSource`: the secret goes in a header and so
into no log, and works in a frame on another site, where cookies do not.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable
from time import monotonic
from typing import Any
from urllib.parse import parse_qs

import psycopg
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_GET

from deskbook.channels.chat.belonging import TAKES_PART
from deskbook.channels.chat.talk import FORGOTTEN_AFTER, hash_of
from deskbook.people.models import Agent
from deskbook.people.sight import hidden_from
from deskbook.web.chat_feed import RIGHTS, OperatorScreen, Screen, VisitorScreen, feed
from deskbook.web.live import RIGHTS_LAST, may_still
from deskbook.web.shared.entering import agent_of
from deskbook.web.streams import (
    BEGUN,
    HEADERS,
    STILL_HERE,
    EventStream,
    apart,
    event,
    poured,
    until_gone,
)

SECRET = "X-Chat-Secret"
VISITOR_STREAMS = "/live/chat/"
_HEADERS = {**HEADERS, "X-Content-Type-Options": "nosniff"}
"""The last is Django's middleware's, which this stream does not pass."""
_CHAT = (
    "update deskbook_chatsession s set got = greatest(s.got, %s), seen_at = now() from"
    " deskbook_helpdesk h where h.id = s.desk_id and h.key = %s and s.token_hash = %s and"
    f" (s.ended_at is null or s.ended_at > now() - %s) and {TAKES_PART} returning s.id, s.desk_id,"
    " s.ticket_id, s.contact_id"
)
"""Whoever asks for what came after a line has that line and all before it."""


def visitor_stream(request: HttpRequest, key: str) -> HttpResponse:
    """Gives the stream its address; `visitor_application` answers there, before Django."""
    return HttpResponse(status=403)


async def visitor_application(scope: Any, receive: Any, send: Any) -> None:
    """Tells a visitor what is said in their chat after the entry `?after=`, and where in the queue
    they are.

    Without Django around it: many phones on bad lines come back many times a second.

    Django's middleware would send each of them through a thread a dozen times, for a session nobody
    asks for.
    """
    headers = {
        name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]
    }
    after = parse_qs(scope["query_string"].decode("latin-1")).get("after", [""])[0]
    key = scope["path"].removeprefix(VISITOR_STREAMS)
    screen = (
        await _screen_of(key, headers.get(SECRET.lower(), ""), after)
        if scope["method"] == "GET"
        else None
    )
    if screen is None:
        await send({"type": "http.response.start", "status": 403, "headers": []})
        await send({"type": "http.response.body", "body": b""})
        return
    await until_gone(poured(_events(screen, None), _HEADERS.items(), send), receive)


async def _screen_of(key: str, secret: str, after: str) -> VisitorScreen | None:
    entry = entry_in(after)
    try:
        found = await feed().rows(_CHAT, [entry, key, hash_of(secret), FORGOTTEN_AFTER])
    except psycopg.DataError:  # a NUL in the address: no desk is called so
        found = []
    if not found:
        return None
    chat, desk_id, ticket_id, contact_id = found[0]
    return VisitorScreen(
        desk_id, after={ticket_id: entry}, chat=chat, contact_id=contact_id, key=key
    )


@require_GET
def operator_stream(request: HttpRequest) -> HttpResponseBase:
    """Tells an operator the queue, and what is said in their chats after what they have
    (`?after=chat:entry,…`).
    """
    agent = _seat(request)
    if agent is None:
        return HttpResponse(status=403)
    screen = OperatorScreen(
        agent.desk_id,
        agent_id=agent.pk,
        known=entries_in(request.GET.get("after", "")),
        hidden=hidden_from(agent),
    )
    return EventStream(_events(screen, lambda: apart(may_still)(request, agent.desk_id)))


def entry_in(text: str) -> int:
    """Returns the id of an entry a screen says it has; 0 for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def entries_in(text: str) -> dict[int, int]:
    """Returns chat → entry of "12:345,13:400"; what is not such a pair is left out."""
    pairs = [pair.partition(":") for pair in text[:4_000].split(",")]
    return {entry_in(chat): entry_in(entry) for chat, _colon, entry in pairs if entry_in(chat)}


def _seat(request: HttpRequest) -> Agent | None:
    return agent_of(request) if request.user.is_authenticated else None


async def _events(
    screen: Screen, may_go_on: Callable[[], Awaitable[bool]] | None
) -> AsyncGenerator[bytes, None]:
    feed().join(screen)
    asked_at = monotonic()
    try:
        with screen.waiting as waiting:
            yield BEGUN
            while True:
                try:
                    told = await waiting.next()
                except TimeoutError:
                    yield STILL_HERE
                else:
                    if told is None:
                        return
                    name, what = told
                    if name == RIGHTS:
                        asked_at = float("-inf")
                    else:
                        yield event(name, what)
                if may_go_on and monotonic() - asked_at > RIGHTS_LAST:
                    if not await may_go_on():
                        return
                    asked_at = monotonic()
    finally:
        feed().leave(screen)
