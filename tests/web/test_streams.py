"""What an open stream is told, that a quiet one is kept alive, and that it ends when its screen
goes.
"""

import asyncio
import sys
from contextlib import ExitStack

import pytest

from deskbook.server.answers import paced
from deskbook.web import live, stream_queue
from deskbook.web.hub import Hub
from deskbook.web.stream_queue import StreamQueue
from deskbook.web.streams import EventStream, Streams, until_gone


async def left_as_it_is_told(turns: int) -> bool:
    """Have a screen told something and leave `turns` of the event loop later; return whether its
    stream ended.
    """
    told, gone = StreamQueue(), asyncio.Event()

    async def stream():
        with told:
            while True:
                await told.next()

    async def receive():
        await gone.wait()
        return {"type": "http.disconnect"}

    answering = asyncio.ensure_future(until_gone(stream(), receive))
    await asyncio.sleep(0.01)
    gone.set()
    for _turn in range(turns):
        await asyncio.sleep(0)
    told.put({"entry": 1})
    ended, _running = await asyncio.wait([answering], timeout=0.5)
    answering.cancel()
    return bool(ended)


@pytest.mark.parametrize("turns", range(6))
def test_a_screen_that_goes_at_the_instant_it_is_told_something_leaves_no_stream_behind(turns):
    assert asyncio.run(left_as_it_is_told(turns))


def test_a_quiet_line_is_kept_alive_as_long_after_the_last_that_was_said(monkeypatch):
    monkeypatch.setattr(stream_queue, "KEEP_ALIVE", 0.2)

    async def heard():
        now = asyncio.get_running_loop().time
        with StreamQueue() as told:
            begun_at = now()
            asyncio.get_running_loop().call_later(0.1, told.put, "news")
            first = await told.next(), now() - begun_at
            with pytest.raises(TimeoutError):
                await told.next()
            return first, now() - begun_at

    (news, after), quiet_after = asyncio.run(heard())
    assert news == "news"
    assert after < quiet_after
    assert quiet_after >= 0.29


def test_who_does_not_read_finds_what_was_said_and_not_how_long_it_was_quiet(monkeypatch):
    monkeypatch.setattr(stream_queue, "KEEP_ALIVE", 0.01)

    async def waiting():
        with StreamQueue() as told:
            told.put("news")
            await asyncio.sleep(0.1)
            return len(told)

    assert asyncio.run(waiting()) == 1


@pytest.mark.parametrize(
    ("notice", "hears"),
    [
        ({"desk": 1, "ticket": 7, "entry": 3}, {"list", "ticket"}),
        ({"desk": 1, "ticket": 8, "entry": 3}, {"list"}),
        ({"desk": 2, "ticket": 9, "entry": 3}, set()),
        ({"ticket": 7, "presence": True}, {"ticket"}),
        ({"desk": 1, "ticket": 7}, {"ticket"}),
        ({"desk": 1, "user": 5, "call": 2}, {"list"}),
        ({"site": [1, "kannur"]}, {"display", "wallboard"}),
        ({"site": [1, "kollam"]}, {"wallboard"}),
        ({"desk": 1, "chat": 3, "state": True}, set()),
        ({"desk": 2, "agents": True}, {"list", "ticket"}),
        ({"all": True}, {"list", "ticket", "display", "wallboard"}),
    ],
)
def test_a_screen_hears_of_what_it_shows_alone(told_by_nobody, notice, hears):
    screens = {
        "list": [("desk", 1), ("agents",), ("call for", 5)],
        "ticket": [("ticket", 7), ("agents",), ("call for", 6)],
        "display": [("site", 1, "kannur")],
        "wallboard": [("sites", 1)],
    }

    async def told():
        hub = Hub()
        with ExitStack() as opened:
            all_of = {
                name: opened.enter_context(hub.screen(*about)) for name, about in screens.items()
            }
            hub.tell(notice)
            return {name for name, queue in all_of.items() if list(queue) == [notice]}

    assert asyncio.run(told()) == hears


@pytest.fixture
def told_by_nobody(monkeypatch):
    monkeypatch.setattr(Hub, "_begin", lambda self: None)
    monkeypatch.setattr(live, "apart", lambda read: nothing_at_first)


async def nothing_at_first(telling):
    return []


def test_to_tell_a_screen_costs_few_calls(told_by_nobody):
    """Of a thousand that are told and a thousand that are not; a list is told of each change of its
    desk.
    """
    assert asyncio.run(calls_to_tell(100)) <= 70


async def calls_to_tell(lists: int) -> float:
    """Return how many functions it calls to tell one list, beside as many tickets that are not
    told.
    """
    sent = []

    async def send(message):
        sent.append(message)

    async def may_still():
        return True

    def opened(*about):
        answer = live.stream(live.Telling(about, may_still))
        assert isinstance(answer, EventStream)
        return asyncio.ensure_future(Streams._sent(None, answer, paced(send, "127.0.0.1")))

    tasks = [opened(("desk", 1)) for _ in range(lists)]
    tasks += [opened(("ticket", 100 + n)) for n in range(lists)]
    while len(sent) < 4 * lists:  # each its head and its first event
        await asyncio.sleep(0)
    await asyncio.sleep(0)
    sent.clear()
    calls = 0

    def count(frame, event, arg):
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(count)
    live.hub().tell({"desk": 1, "ticket": 7, "entry": 3})
    while len(sent) < lists:
        await asyncio.sleep(0)
    sys.setprofile(None)
    for task in tasks:
        task.cancel()
    assert len(sent) == lists
    return calls / lists
