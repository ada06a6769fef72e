"""Nobody makes others wait by sending or reading slowly, or by asking for much at once."""

import asyncio
import http.client
import socket
from contextlib import ExitStack, closing
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection

from deskbook.server import answers, bodies
from deskbook.server.answers import NotRead, paced
from deskbook.server.bodies import NotTaken, taken
from deskbook.server.room import Full, Room
from tests.channels.walk_in.counter_book import ALWAYS
from tests.channels.walk_in.queue_desk import counter_desk, pmu

TOKEN = "a" * 32


def read_body(pieces, *, length=None, largest=1_000_000, caller="192.0.2.1", used=None):
    """Take a body that comes in `pieces` (seconds of waiting are numbers) and return it as a page
    would read it.
    """
    headers = (
        [(b"transfer-encoding", b"chunked")]
        if length is None
        else [(b"content-length", b"%d" % length)]
    )
    scope, coming = {"headers": headers}, iter(pieces)

    async def receive():
        for piece in coming:
            if isinstance(piece, bytes):
                return {"type": "http.request", "body": piece, "more_body": True}
            await asyncio.sleep(piece)
        return {"type": "http.request", "body": b"", "more_body": False}

    async def read():
        async with taken(scope, receive, caller=caller, largest=largest) as body:
            if used:
                used()
            return body.read(largest), dict(scope["headers"]).get(b"content-length")

    return asyncio.run(read())


def test_a_body_comes_whole_and_with_its_length_also_where_none_was_said():
    assert read_body([b"name=", b"Asha"], length=9) == (b"name=Asha", b"9")
    assert read_body([b"name=", b"Asha"]) == (b"name=Asha", b"9")
    large = [bytes([n]) * 50_000 for n in range(12)]
    assert read_body(large)[0] == b"".join(large)


def test_a_body_that_comes_too_slowly_is_refused_and_one_on_a_bad_line_is_not(monkeypatch):
    monkeypatch.setattr(bodies, "GRACE_S", 0.3)
    with pytest.raises(NotTaken) as refused:
        read_body([b"x", 0.2, b"x", 0.2, b"x", 0.2, b"x"], length=4)
    assert refused.value.status == 408
    assert read_body([b"x" * 4_000, 0.5, b"x"], length=4_001)[0] == b"x" * 4_001


def test_a_body_is_refused_that_breaks_off_or_is_larger_than_anything_a_form_sends():
    for pieces, said, status in (
        ([b"xxx"], 9, 408),
        ([b"x"], 2_000_000, 413),
        ([b"x" * 600_000] * 2, None, 413),
    ):
        with pytest.raises(NotTaken) as refused:
            read_body(pieces, length=said)
        assert refused.value.status == status


def test_what_is_large_lies_on_the_disk_only_as_long_as_it_is_read(monkeypatch):
    monkeypatch.setattr(bodies, "ON_DISK", room := Room(in_all=150_000, of_one=100_000))
    held = []
    read_body([b"x" * 40_000, b"x" * 40_000], used=lambda: held.append(room.total))
    assert (held, room.total) == ([40_000], 0)
    with pytest.raises(Full):
        read_body([b"x" * 70_000, b"x" * 70_000])
    assert room.total == 0


def test_one_caller_has_room_for_so_much_and_all_together_for_more():
    room = Room(in_all=5, of_one=3)
    with ExitStack() as held:
        for who in ("a", "a", "a", "b"):
            held.enter_context(room.hold(who))
        with pytest.raises(Full):
            held.enter_context(room.hold("a"))
        held.enter_context(room.hold("b"))
        with pytest.raises(Full):
            held.enter_context(room.hold("c"))
    assert (room.total, dict(room.held)) == (0, {})


def test_who_does_not_read_an_answer_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(answers, "PIECE_WITHIN_S", 0.1)
    taken_by_reader = []

    async def send(message):
        taken_by_reader.append(len(message["body"]))
        if len(taken_by_reader) > 3:
            await asyncio.sleep(60)

    with pytest.raises(NotRead):
        asyncio.run(
            paced(send, "192.0.2.1")({"type": "http.response.body", "body": b"x" * 1_000_000})
        )
    assert taken_by_reader == [answers.PIECE] * 4
    assert answers.WAITING.total == 0


@pytest.fixture
def line(live_desk):
    """Open a connection to the running desk, send `text`, and close it when the test is over."""
    where = urlsplit(live_desk)
    with ExitStack() as lines:

        def opened(text):
            line = lines.enter_context(
                closing(socket.create_connection((where.hostname, where.port), timeout=20))
            )
            line.sendall(text.encode())
            return line

        yield opened


def ask(live_desk, path):
    with closing(http.client.HTTPConnection(urlsplit(live_desk).netloc, timeout=20)) as asked:
        asked.request("GET", path)
        answer = asked.getresponse()
        answer.read()
        return answer.status


@pytest.mark.browser  # needs the running server, as browser tests do
def test_slow_forms_from_one_address_freeze_no_page_and_are_limited(live_desk, line):
    head = (
        "POST /language/ HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    )
    head += f"Cookie: {settings.CSRF_COOKIE_NAME}={TOKEN}\r\nContent-Length: 1000"
    slow = [line(f"{head}\r\n\r\nlanguage=") for _n in range(bodies.BODIES.of_one)]
    assert ask(live_desk, "/account/login/") == 200
    one_more = line(f"{head}\r\n\r\nlanguage=")
    answer = one_more.recv(1_000).decode()
    assert answer.startswith("HTTP/1.1 503")
    assert "retry-after: 5" in answer
    slow[0].shutdown(socket.SHUT_WR)
    assert slow[0].recv(12) == b"HTTP/1.1 408"


@pytest.mark.browser
def test_a_crowd_of_public_streams_costs_no_connection_to_the_database_each(live_desk, line):
    site, before = pmu(counter_desk(ALWAYS)), _connections()
    path = f"/live/walk-in/{site.helpdesk.key}/{site.slug}"
    streams = [line(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n") for _n in range(100)]
    assert {stream.recv(12) for stream in streams} == {b"HTTP/1.1 200"}
    assert _connections() - before < 12
    assert ask(live_desk, "/account/login/") == 200


def _connections():
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from pg_stat_activity where datname = current_database()")
        return cursor.fetchone()[0]


@pytest.mark.browser
@pytest.mark.parametrize(
    "head",
    [
        "GET /?q=\xff",
        "GET /desk/\xff/",
        "GET /%ff/",
        "GET /desk/%00/",
        "GET /live/chat/a%00b",
        "GET /live/chat/" + "9" * 5_000,
        "GET /live/walk-in/%00/x",
        "GET /live/tickets/%00",
        "GET /live/tickets/\xff",
        "GET /live/chat/pay?after=%ff%00",
        "POST /live/console",
        "HEAD /live/console",
        "PUT /live/chats",
        "GET /live/console?after=" + "9" * 5_000,
        "OPTIONS *",
        "TRACE /",
    ],
)
@pytest.mark.parametrize(
    "more", ["", "Cookie: sessionid=\xff\r\nX-Odd: \xff\r\nAccept-Language: \xff\r\n"]
)
def test_no_bytes_of_a_request_break_the_running_server(line, head, more):
    length = "" if head.startswith("GET") else "Content-Length: 0\r\n"
    asked = line("")
    asked.sendall(f"{head} HTTP/1.1\r\nHost: x\r\n{length}{more}\r\n".encode("latin1"))
    assert asked.recv(12)[9:10] in (b"2", b"3", b"4")
