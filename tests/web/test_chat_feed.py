"""What somebody who comes back to a chat is shown, without all chats of the desk being read
again.
"""

import asyncio
from datetime import UTC, datetime

import psycopg
import pytest

from deskbook.channels.chat.transcript import Busy, Line, State
from deskbook.web.chat_feed import Feed, OperatorScreen, VisitorScreen

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
OPEN = State(
    7,
    1,
    "open",
    "",
    3,
    "Asha",
    None,
    NOON,
    NOON,
    NOON,
    0,
    0,
    70,
    "PAY-1",
    "Slip",
    "",
    "",
    None,
    9,
    "Chitra",
    None,
)


def joined(chat):
    async def join():
        feed = Feed(busy={1: Busy(1)}, states={1: {OPEN.id: OPEN}}, tasks=[asyncio.current_task()])
        screen = VisitorScreen(1, after={70: 12}, chat=chat, contact_id=9, key="pay")
        feed.join(screen)
        return feed, screen

    return asyncio.run(join())


def test_who_comes_back_is_shown_at_once_where_their_chat_is():
    feed, screen = joined(OPEN.id)
    [(name, shown)] = screen.waiting
    assert (name, shown["state"], shown["operator"], shown["number"]) == (
        "state",
        "open",
        "Asha",
        "PAY-1",
    )
    assert (feed.stale_desks, feed.stale_tickets) == (set(), {70})


def test_a_chat_that_was_not_among_those_last_read_has_them_read_again():
    feed, screen = joined(8)
    assert not list(screen.waiting)
    assert (feed.stale_desks, feed.stale_tickets) == ({1}, {70})


def test_what_was_read_is_forgotten_when_nobody_of_the_desk_listens():
    async def come_and_go():
        feed = Feed(
            busy={1: Busy(1)}, states={1: {OPEN.id: OPEN}, 2: {}}, tasks=[asyncio.current_task()]
        )
        other, screen = VisitorScreen(2, chat=1), VisitorScreen(1, chat=OPEN.id)
        feed.join(other)
        feed.join(screen)
        feed.leave(screen)
        return set(feed.states)

    assert asyncio.run(come_and_go()) == {2}


def test_a_stream_is_told_no_line_that_is_not_for_its_visitor_and_reads_on_after_it():
    screen = VisitorScreen(1, after={70: 12}, chat=OPEN.id, contact_id=9, key="pay")
    words = {13: ("theirs", ()), 14: ("for both", (OPEN.id, 8)), 15: ("theirs too", (8,))}
    screen.send_lines(
        Line(n, 70, True, None, "Asha", NOON, text, "", (), who) for n, (text, who) in words.items()
    )
    assert [line["text"] for _name, line in screen.waiting] == ["for both"]
    assert screen.after == {70: 15}


class Lost:
    """A connection that is lost under whoever asks, while the last of the other screens leaves."""

    closed, closings = False, 0

    def __init__(self, feed):
        self.feed = feed

    async def execute(self, _statement, _values):
        for screen in list(self.feed.desks[1]):
            self.feed.leave(screen)
        raise psycopg.OperationalError("the connection is lost")

    async def close(self):
        self.closings += 1


def test_a_lost_connection_is_told_as_such_to_who_comes_as_the_last_screen_leaves():
    async def asked():
        feed = Feed()
        feed.join(VisitorScreen(1, after={70: 0}, chat=8, contact_id=3, key="k"))
        feed.reader = lost = Lost(feed)
        with pytest.raises(psycopg.OperationalError):
            await feed.rows("select 1", [])
        await feed.closing
        return lost.closings

    assert asyncio.run(asked()) == 2


def test_an_operators_stream_asks_whether_it_may_go_on_when_seats_change():
    feed = Feed(tasks=[])
    operator, visitor = (
        OperatorScreen(1, agent_id=2),
        VisitorScreen(1, after={70: 0}, chat=8, contact_id=3, key="k"),
    )
    feed.desks[1] = {operator, visitor}
    feed._told({"desk": 1, "agents": True})
    assert list(operator.waiting) == [("rights", {})]
    assert not list(visitor.waiting)
