"""Who asks for many pages at once waits for their own; everybody else is served meanwhile."""

import asyncio
from threading import Event, Lock, Semaphore

import pytest

from deskbook.server import asgi
from deskbook.server.fair_threads import CALLER, FairThreads


@pytest.fixture
def slow_pages(monkeypatch):
    """Pages of /slow are made no sooner than the test says; those begun are counted."""
    go_on, begun, lock = Event(), [], Lock()

    def page(environ, start_response):
        with lock:
            begun.append(environ["PATH_INFO"])
        if environ["PATH_INFO"] == "/slow":
            go_on.wait(60)
        start_response("200 OK", [])
        return [b"made"]

    monkeypatch.setattr(asgi, "pages", page)
    yield go_on, begun
    go_on.set()


async def get(path, address):
    said = []

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(part):
        said.append(part)

    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "headers": [],
        "query_string": b"",
        "root_path": "",
        "http_version": "1.1",
        "scheme": "http",
        "client": (address, 1),
        "server": ("127.0.0.1", 80),
    }
    await asgi.application(scope, receive, send)
    return said[0]["status"]


def test_a_crowd_from_one_address_leaves_threads_for_everybody_else(slow_pages):
    go_on, begun = slow_pages

    async def crowd_and_one_more():
        crowd = [asyncio.create_task(get("/slow", "192.0.2.1")) for _ in range(190)]
        await asyncio.sleep(0)
        assert await asyncio.wait_for(get("/quick", "192.0.2.2"), 30) == 200
        before = begun.count("/slow")
        go_on.set()
        return before, await asyncio.gather(*crowd)

    before, answered = asyncio.run(crowd_and_one_more())
    assert before <= 6  # of eight
    assert answered == [200] * 190  # and they were all served when their turn came


def test_the_page_of_somebody_who_left_before_its_turn_came_is_not_made(slow_pages):
    go_on, begun = slow_pages

    async def crowd_and_somebody_who_leaves():
        crowd = [asyncio.create_task(get("/slow", f"192.0.2.{n}")) for n in range(1, 40)]
        await asyncio.sleep(0.2)
        leaves = asyncio.create_task(get("/quick", "192.0.2.1"))
        await asyncio.sleep(0.2)
        leaves.cancel()
        await asyncio.wait([leaves])
        go_on.set()
        await asyncio.gather(*crowd)

    asyncio.run(crowd_and_somebody_who_leaves())
    assert "/quick" not in begun


def order_of(callers, threads):
    """Queue a call for each of `callers` while a first one holds each thread; return in which order
    they are made.
    """
    pages, go_on, made = FairThreads(threads), Event(), []
    for n in range(threads):
        CALLER.set(f"first {n}")
        pages.submit(go_on.wait, 60)
    asked = []
    for who in callers:
        CALLER.set(who)
        asked.append(pages.submit(made.append, who))
    go_on.set()
    for one in asked:
        one.result(60)
    pages.shutdown()
    return "".join(made)


def test_those_who_wait_are_served_in_turn_whoever_asked_for_the_most():
    assert order_of("aaaaabbc", threads=1) == "abcabaaa"


def test_one_caller_alone_has_all_threads_but_a_quarter_and_one_at_least():
    for threads, expected in ((2, 1), (4, 3), (8, 6), (16, 12)):
        pages, go_on, begun, seen = FairThreads(threads), Event(), [], Semaphore(0)

        def page(begun=begun, go_on=go_on, seen=seen):
            begun.append(1)
            seen.release()
            go_on.wait(60)

        CALLER.set("a")
        asked = [pages.submit(page) for _ in range(40)]
        for _ in range(expected):
            assert seen.acquire(timeout=60)
        CALLER.set("b")
        assert pages.submit(len, begun).result(60) == expected
        go_on.set()
        for one in asked:
            one.result(60)
        pages.shutdown()


def test_a_page_that_breaks_tells_who_asked_and_frees_its_thread():
    pages = FairThreads(1)
    with pytest.raises(ZeroDivisionError):
        pages.submit(lambda: 1 / 0).result(60)
    assert pages.submit(lambda: 7).result(60) == 7
    pages.shutdown()
