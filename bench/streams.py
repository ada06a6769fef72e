"""Two thousand open screens against a desk as it is served: how soon each hears that something
changed.

    python -m bench.streams [--streams 2000] [--agents 40] [--changes 30] [--web-processes 1]

Starts `deskbook serve` in a folder of its own. Half of the screens are lists, each told of every
change of the desk; the other half have one ticket open each, of `--tickets`. Somebody writes a note
on one ticket after the other. Measured is from before the note is sent until each screen that has
to hear it has heard it, so what the note itself takes is in it. The client that holds all the
screens shares the cores. Ends with an error where a screen did not hear what it should, or heard
what does not concern it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import uuid
from dataclasses import dataclass, field
from time import monotonic
from urllib.parse import urlsplit

from bench.chat import memory_of
from bench.chat_people import Wire

BOOK = """
deskbook: 1
name: Night desk
zone: Africa/Maputo
prefix: NGT
channels:
  email:
hours:
  always: { mon-sun: 00:00-24:00 }
stages:
  received: { means: It has come. }
  answered: { solved: yes }
  closed: { closed: yes }
"""
PREPARE = """
from deskbook.server.processes import desk as here
with here():
    import json
    from bench.streams import prepare
    print(json.dumps(prepare({agents}, {tickets})))
"""
PATIENCE_S = 10.0
OF_ONE_ADDRESS = 900
"""Screens that may be open from one address: the client takes several of this machine's own."""


def prepare(agents, tickets):
    """Put the desk, its agents and its tickets into the database; return the agents' cookies and
    the numbers of the tickets.
    """
    from django.conf import settings
    from django.test import Client
    from django.utils import timezone

    from deskbook.people.agents import invite_agent
    from deskbook.people.books import apply_book
    from deskbook.people.contacts import find_or_make_contact
    from deskbook.tickets.messages import Written
    from deskbook.tickets.opening import NewCase, open_ticket

    desk = apply_book("night", BOOK, at=timezone.now(), by=None)
    people = [
        invite_agent(desk, f"agent{n}@desk.example", name=f"Agent {n}") for n in range(agents)
    ]
    asks = find_or_make_contact(desk, "email", "chitra@office.example", name="Chitra")
    cases = [
        open_ticket(
            asks,
            NewCase(channel="email", subject=f"Case {n}", written=Written(text="It stops.")),
            at=timezone.now(),
            by=people[0],
        ).ticket
        for n in range(tickets)
    ]
    cookies = []
    for agent in people:
        client = Client()
        client.force_login(agent.user, "django.contrib.auth.backends.ModelBackend")
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        cookies.append(f"{settings.SESSION_COOKIE_NAME}={session}")
    return {"cookies": cookies, "numbers": [str(case) for case in cases]}


@dataclass(eq=False)
class Screen(asyncio.Protocol):
    """One open stream; knows when it was last told that something changed."""

    request: bytes
    told: int = 0
    told_at: float = 0.0
    opened: asyncio.Event = field(default_factory=asyncio.Event)
    ended: bool = False

    def connection_made(self, transport):
        transport.write(self.request)

    def data_received(self, data):
        if b"event: changed" in data:
            self.told, self.told_at = self.told + data.count(b"event: changed"), monotonic()
        if b"retry:" in data:
            self.opened.set()

    def connection_lost(self, exc):
        self.ended = True


@dataclass
class Hall:
    """All screens of one desk, and somebody who writes."""

    site: str
    ready: dict
    streams: int
    lists: list[Screen] = field(default_factory=list)
    on_ticket: dict[str, list[Screen]] = field(default_factory=dict)
    delays: list[float] = field(default_factory=list)
    trouble: list[str] = field(default_factory=list)

    async def open(self):
        """Open every screen, a hundred at a time."""
        gate = asyncio.Semaphore(100)
        await asyncio.gather(*(self._open(number, gate) for number in range(self.streams)))
        await asyncio.sleep(3)
        for screen in self._screens():
            screen.told = 0

    async def _open(self, number, gate):
        ticket = self.ready["numbers"][number // 2 % len(self.ready["numbers"])]
        is_list = number % 2 == 0
        path = "/live/console" if is_list else f"/live/tickets/{ticket}"
        cookie = self.ready["cookies"][number % len(self.ready["cookies"])]
        address = urlsplit(self.site)
        head = f"GET {path} HTTP/1.1\r\nHost: {address.netloc}\r\nCookie: {cookie}\r\n\r\n"
        screen = Screen(head.encode())
        own = f"127.0.0.{2 + number // OF_ONE_ADDRESS}"
        async with gate:
            await asyncio.get_running_loop().create_connection(
                lambda: screen, address.hostname, address.port, local_addr=(own, 0)
            )
            async with asyncio.timeout(60):
                await screen.opened.wait()
        group = self.lists if is_list else self.on_ticket.setdefault(ticket, [])
        group.append(screen)

    def _screens(self):
        return [*self.lists, *(one for group in self.on_ticket.values() for one in group)]

    async def change(self, number, wire):
        """Write a note on the ticket, and take down when each screen that it concerns heard it."""
        concerned = [*self.lists, *self.on_ticket.get(number, [])]
        before = {screen: screen.told for screen in self._screens()}
        given = {"text": "Looked into it.", "client_key": uuid.uuid4().hex, "last_seen": "999999"}
        sent_at = monotonic()
        status, _said = await wire.ask("POST", f"/console/tickets/{number}/note", given)
        if status != 302:
            self.trouble.append(f"the note was answered with {status}")
        until = monotonic() + PATIENCE_S
        while monotonic() < until and any(one.told == before[one] for one in concerned):
            await asyncio.sleep(0.02)
        heard = [one for one in concerned if one.told > before[one]]
        self.delays += [one.told_at - sent_at for one in heard]
        if len(heard) < len(concerned):
            self.trouble.append(f"{len(concerned) - len(heard)} screens did not hear of {number}")
        others = set(self._screens()) - set(concerned)
        if wrong := sum(one.told > before[one] for one in others):
            self.trouble.append(f"{wrong} screens heard of {number}, which they do not show")


async def measured(desk, ready, chosen):
    """Return the hall after all changes, and the memory of the desk (MB, PSS) meanwhile."""
    hall = Hall(desk.site, ready, chosen.streams)
    await hall.open()
    token = uuid.uuid4().hex
    cookie = f"{ready['cookies'][0]}; csrftoken={token}"
    wire = Wire(desk.site, {"Cookie": cookie, "X-CSRFToken": token})
    for turn in range(chosen.changes):
        await hall.change(ready["numbers"][turn % len(ready["numbers"])], wire)
        await asyncio.sleep(0.5)
    await wire.close()
    if ended := sum(screen.ended for screen in hall._screens()):
        hall.trouble.append(f"{ended} screens were closed")
    return hall, await asyncio.to_thread(memory_of, desk.process.pid)


def report(hall, memory, chosen):
    """Return what is said of the run."""
    delays = sorted(hall.delays)
    p50, p95, p99 = (1000 * delays[int(len(delays) * share)] for share in (0.5, 0.95, 0.99))
    return (
        f"{chosen.streams} streams, {chosen.web_processes} web process(es), {chosen.changes}"
        f" changes, heard {len(delays)} times: median {p50:.0f} ms, p95 {p95:.0f} ms, p99"
        f" {p99:.0f} ms; in trouble {len(hall.trouble)}. Memory of serve: {memory:.0f} MB.\n"
    )


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--streams", type=int, default=2_000)
    parser.add_argument("--agents", type=int, default=40)
    parser.add_argument("--tickets", type=int, default=100)
    parser.add_argument("--changes", type=int, default=30)
    parser.add_argument("--web-processes", type=int, default=1)
    chosen = parser.parse_args()
    from tests.stories.running_desk import desk_without_book

    os.environ.pop("DATABASE_URL", None)
    with desk_without_book({"DESKBOOK_WEB_PROCESSES": str(chosen.web_processes)}) as desk:
        program = PREPARE.format(agents=chosen.agents, tickets=chosen.tickets)
        ready = json.loads(desk.run_python(program).splitlines()[-1])
        hall, memory = asyncio.run(measured(desk, ready, chosen))
    sys.stdout.write(report(hall, memory, chosen))
    if hall.trouble:
        sys.exit("\n".join(hall.trouble[:10]))


if __name__ == "__main__":
    main()
