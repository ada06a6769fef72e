"""What the scripts of a site's screens ask for: its queue in a few hundred bytes."""

from typing import Any

from django.utils import translation

from deskbook.channels.walk_in.models import Token
from deskbook.channels.walk_in.queue import Call, Queue
from deskbook.channels.walk_in.steps import LIVE
from deskbook.engine.waiting import Wait, told
from deskbook.web.shared.walk_in_places import languages_of
from deskbook.web.shared.walk_in_words import received_again

DAY_IS_OVER = "day is over"
"""Of a token that was called and never finished, once another day has begun."""


def queue_state(queue: Queue) -> dict[str, Any]:
    """Returns the queue as everybody at the site may know it: numbers, no names."""
    site, at = queue.site, queue.at
    return {
        "open": site.is_open(at) and not queue.ended,
        "closes": _milliseconds(site.closes_at(at)),
        "again": _opening_words(queue),
        "calls": [_call(call) for call in queue.calls],
        "services": [
            {
                "key": key,
                "waiting": queue.waiting.get(key, 0),
                "wait": minutes(queue.wait_for(key)),
                "last": queue.last_called.get(key, ""),
            }
            for key in site.services
        ],
    }


def token_state(queue: Queue, token: Token) -> dict[str, Any]:
    """Returns what the holder of a token follows: the last one called first of all."""
    state = _state(queue, token)
    waits = state == Token.State.WAITING
    return {
        "state": state,
        "code": token.code,
        "counter": token.counter,
        "last": queue.last_called.get(token.service, ""),
        "place": queue.place(token) if waits else 0,
        "wait": minutes(queue.wait_of(token)) if waits else None,
        "open": queue.site.is_open(queue.at),
    }


def _state(queue: Queue, token: Token) -> str:
    """A token of a day that is over is called nowhere any more, though nobody ended it."""
    if token.state not in LIVE or (queue.day is not None and token.day_id == queue.day.pk):
        return token.state
    return Token.State.UNSERVED if token.state == Token.State.WAITING else DAY_IS_OVER


def minutes(wait: Wait | None) -> list[int] | None:
    return list(told(wait)) if wait else None


def _opening_words(queue: Queue) -> dict[str, str]:
    """When visitors are received again, in each language; only asked for while it is closed."""
    site, words = queue.site, {}
    if site.is_open(queue.at) and not queue.ended:
        return {}
    opens_at = queue.received_again_at
    for code in languages_of(site):
        with translation.override(code):
            words[code] = received_again(opens_at, site, over=site.has_ended(queue.at))
    return words


def _call(call: Call) -> dict[str, Any]:
    return {
        "code": call.code,
        "counter": call.counter,
        "at": _milliseconds(call.at),
        "times": call.times,
        "now": call.now,
    }


def _milliseconds(at: Any) -> int | None:
    return round(at.timestamp() * 1000) if at else None
