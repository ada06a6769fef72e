"""Visitors and operators of a chat as programs: they talk over HTTP, lose their streams at random,
and keep count.
"""

import asyncio
import json
import random
import re
import secrets
from contextlib import suppress
from dataclasses import dataclass, field
from time import monotonic
from urllib.parse import urlencode, urlsplit

PATIENCE_S = 60.0
DROPPED = (ConnectionError, asyncio.IncompleteReadError, OSError, asyncio.TimeoutError, EOFError)


@dataclass
class Tally:
    """What was said and heard by everybody."""

    said: dict[str, float] = field(default_factory=dict)
    """Text → when it was sent first."""
    delays: list[float] = field(default_factory=list)
    doubled: int = 0
    reconnects: int = 0
    resent: int = 0
    trouble: list[str] = field(default_factory=list)

    def say(self, text):
        self.said[text] = monotonic()
        return text

    def heard(self, text):
        if text in self.said:
            self.delays.append(monotonic() - self.said[text])


@dataclass
class Wire:
    """Requests to one site, each on a connection of its own or the last one that is free."""

    site: str
    headers: dict[str, str]
    free: list = field(default_factory=list)

    async def _open(self):
        address = urlsplit(self.site)
        return await asyncio.open_connection(address.hostname, address.port)

    async def ask(self, method, path, given=None, **headers):
        """Return the status and the body, decoded from JSON where it is; a connection found closed
        is opened anew.
        """
        while self.free:
            kept = self.free.pop()
            try:
                return await self._asked(kept, method, path, given, headers)
            except DROPPED:
                kept[1].transport.abort()
        return await self._asked(await self._open(), method, path, given, headers)

    async def _asked(self, connection, method, path, given, headers):
        reader, writer = connection
        body = urlencode(given or {}).encode()
        head = {**self.headers, **headers, "Content-Length": str(len(body))}
        if method == "POST":
            head["Content-Type"] = "application/x-www-form-urlencoded"
        writer.write(_head(method, path, self.site, head) + body)
        status, told = await _answer_head(reader)
        text = await _body(reader, told)
        self.free.append((reader, writer))
        return status, (
            json.loads(text)
            if told.get("content-type", "").startswith("application/json")
            else text
        )

    async def close(self):
        """Close the connections that are kept."""
        for _reader, writer in self.free:
            writer.close()
            with suppress(*DROPPED):
                await writer.wait_closed()

    async def stream(self, path, lifetime):
        """Yield (event, data) until the stream ends or its `lifetime` is over: then the line is
        cut.
        """
        reader, writer = await self._open()
        try:
            writer.write(_head("GET", path, self.site, self.headers))
            status, told = await _answer_head(reader)
            if status != 200:
                raise ConnectionError(f"stream refused: {status}")
            ends_at, rest = monotonic() + lifetime, ""
            while (left := ends_at - monotonic()) > 0:
                async with asyncio.timeout(left):
                    # Wait_for of Python 3.11 may swallow the cancelling of its task.
                    chunk = await _chunk(reader, told)
                *events, rest = (rest + chunk).split("\n\n")
                for event in events:
                    name, data = (
                        re.search("^event: (.*)$", event, re.M),
                        re.search("^data: (.*)$", event, re.M),
                    )
                    if name and data:
                        yield name[1], json.loads(data[1])
        finally:
            writer.transport.abort()
            with suppress(*DROPPED):
                await writer.wait_closed()


def _head(method, path, site, headers):
    lines = [
        f"{method} {path} HTTP/1.1",
        f"Host: {urlsplit(site).netloc}",
        *(f"{k}: {v}" for k, v in headers.items()),
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


async def _answer_head(reader):
    async with asyncio.timeout(PATIENCE_S):
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.split("\r\n")
    pairs = (line.partition(":") for line in lines if line)
    return int(first.split()[1]), {name.lower(): value.strip() for name, _colon, value in pairs}


async def _body(reader, told):
    if "content-length" in told:
        return (await reader.readexactly(int(told["content-length"]))).decode()
    if told.get("transfer-encoding") != "chunked":
        return ""
    text = ""
    while chunk := await _chunk(reader, told, at_end=""):
        text += chunk
    return text


async def _chunk(reader, told, at_end=None):
    length = int(await reader.readline() or b"0", 16)
    data = await reader.readexactly(length + 2)
    if not length:
        if at_end is None:
            raise EOFError
        return at_end
    return data[:-2].decode()


@dataclass
class Visitor:
    """Somebody with a phone on a bad line."""

    site: str
    desk: str
    stated: dict[str, str]
    lines: int
    every_s: float
    drops_after_s: float
    tally: Tally
    seen: dict[int, str] = field(default_factory=dict)
    secret: str = field(default_factory=lambda: secrets.token_hex(32))
    last: int = 0

    def __post_init__(self):
        headers = {
            "X-Chat-Secret": self.secret,
            "User-Agent": self.secret[:12],
            "Accept": "application/json",
        }
        self.wire = Wire(self.site, headers)
        self.name = self.secret[:8]

    async def begin(self):
        given = {**self.stated, "text": f"{self.name} begins", "secret": self.secret}
        status, told = await self.wire.ask("POST", f"/chat/{self.desk}/", given)
        if status != 200 or "chat" not in told:
            raise RuntimeError(f"not let in: {status} {told}")

    async def talk(self):
        await asyncio.sleep(random.uniform(0, self.every_s))
        for n in range(self.lines):
            await self._send(self.tally.say(f"{self.name} line {n}"))
            await asyncio.sleep(random.uniform(0.5, 1.5) * self.every_s)

    async def _send(self, text):
        key = secrets.token_hex(16)
        for again in (0, 1) if random.random() < 0.1 else (0,):
            # Some answers are lost on the way: it is sent again.
            self.tally.resent += again
            status, told = await self.wire.ask(
                "POST", f"/chat/{self.desk}/lines/", {"key": key, "text": text}
            )
            if status != 200:
                self.tally.trouble.append(f"{status} {told}")

    async def listen(self):
        while True:
            lifetime = random.expovariate(1 / self.drops_after_s)
            with suppress(*DROPPED):
                async for name, told in self.wire.stream(
                    f"/live/chat/{self.desk}?after={self.last}", lifetime
                ):
                    if name == "line":
                        self._hear(told)
            self.tally.reconnects += 1
            await asyncio.sleep(random.uniform(0, 0.3))

    def _hear(self, line):
        if line["id"] in self.seen:
            self.tally.doubled += 1
        self.seen[line["id"]] = line["text"]
        self.last = max(self.last, line["id"])
        if line["by"] == "desk":
            self.tally.heard(line["text"])


@dataclass
class Operator:
    """Somebody with several chats at once, who answers each line."""

    site: str
    cookie: str
    drops_after_s: float
    tally: Tally
    last: dict[int, int] = field(default_factory=dict)
    seen: dict[int, str] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)
    """Line → the answer sent to it."""
    tasks: set = field(default_factory=set)

    def __post_init__(self):
        token = secrets.token_hex(16)
        self.wire = Wire(
            self.site, {"Cookie": f"{self.cookie}; csrftoken={token}", "X-CSRFToken": token}
        )

    async def take(self, most):
        for _ in range(most):
            status, told = await self.wire.ask("POST", "/console/chats/next", {})
            if status != 200 or not told.get("chat"):
                return

    async def listen(self):
        while True:
            lifetime = random.expovariate(1 / self.drops_after_s)
            known = ",".join(f"{chat}:{entry}" for chat, entry in self.last.items())
            with suppress(*DROPPED):
                async for name, told in self.wire.stream(f"/live/chats?after={known}", lifetime):
                    if name == "line":
                        self._hear(told)
            self.tally.reconnects += 1
            await asyncio.sleep(random.uniform(0, 0.3))

    def _hear(self, line):
        if line["id"] in self.seen:
            self.tally.doubled += 1
        self.seen[line["id"]] = line["text"]
        self.last[line["chat"]] = max(self.last.get(line["chat"], 0), line["id"])
        if line["by"] == "visitor":
            self.tally.heard(line["text"])
            if " line " in line["text"]:
                task = asyncio.create_task(self._answer(line))
                self.tasks.add(task)
                task.add_done_callback(self.tasks.discard)

    async def _answer(self, line):
        await asyncio.sleep(random.uniform(0.2, 1.0))
        text = self.tally.say(f"re: {line['text']}")
        given = {"key": secrets.token_hex(16), "text": text}
        status, told = await self.wire.ask("POST", f"/console/chats/{line['chat']}/lines", given)
        if status == 200:
            self.answers[line["text"]] = text
        else:
            self.tally.trouble.append(f"{status} {told}")


async def converse(visitors, operators, tally, *, patience_s=90.0, at_once=16):
    """Let them all talk until everything said was heard, or patience ends; return what is
    missing.
    """
    gate = asyncio.Semaphore(at_once)

    async def begin(visitor):
        async with gate:
            await visitor.begin()

    await asyncio.gather(*map(begin, visitors))
    await asyncio.gather(
        *(operator.take(-(-len(visitors) // len(operators))) for operator in operators)
    )
    listening = [asyncio.create_task(one.listen()) for one in (*visitors, *operators)]
    await asyncio.sleep(1)
    await asyncio.gather(*(visitor.talk() for visitor in visitors))
    ends_at = monotonic() + patience_s
    while (lost := missing(visitors, operators)) and monotonic() < ends_at:
        await asyncio.sleep(0.2)
    for task in listening:
        task.cancel()
    await asyncio.gather(*listening, return_exceptions=True)
    await asyncio.gather(
        *(task for operator in operators for task in operator.tasks), return_exceptions=True
    )
    await asyncio.gather(*(one.wire.close() for one in (*visitors, *operators)))
    await asyncio.sleep(0.1)
    return lost


def missing(visitors, operators):
    """Return what somebody should have heard and has not: the visitors' lines, and an answer to
    each.
    """
    heard_by_desk = {text for operator in operators for text in operator.seen.values()}
    lost = []
    for visitor in visitors:
        own = [
            f"{visitor.name} begins",
            *(f"{visitor.name} line {n}" for n in range(visitor.lines)),
        ]
        answers = [f"re: {text}" for text in own[1:]]
        lost += [text for text in own if text not in heard_by_desk]
        lost += [text for text in (*own, *answers) if text not in visitor.seen.values()]
    return lost
