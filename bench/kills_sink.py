"""The mail server of bench.kills: in a mood that changes every few seconds, and with a good
memory.
"""

import asyncio
import random
import threading
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult

from tests.stories.mail_sink import Sink

USER, PASSWORD = "desk", "of-last-month"
GONE = "gone."
"""How the address of somebody begins whom this server does not know."""
WEIGHTS = {
    "takes": 6,
    "slow": 2,
    "busy": 1,
    "greylisting": 1,
    "full": 1,
    "refuses words": 1,
    "hangs up": 1,
    "drops": 1,
    "drops after the dot": 1,
    "new password": 2,
}


@dataclass(frozen=True)
class Taken:
    """One copy that arrived whole; `told` is whether the server could say so before the connection
    was cut.
    """

    recipient: str
    mail: object
    told: bool

    @property
    def mail_id(self):
        return str(self.mail["Message-ID"]).strip("<>")


class MoodySink(Sink):
    """Takes mail after a sign-in, unless it is in no mood to; unknown recipients it refuses in any
    mood.
    """

    def __init__(self, seed, slow_s):
        super().__init__()
        self.dice, self.slow_s = random.Random(seed), slow_s
        self.mood = "takes"
        self.taken: list[Taken] = []
        self.refused = defaultdict(int)
        """How often it said 550 to a recipient."""
        self.moods = defaultdict(int)
        """How often a mail met which mood."""

    def server(self, port):
        return _Server(
            self,
            hostname="127.0.0.1",
            port=port,
            authenticator=self._signs_in,
            auth_require_tls=False,
        )

    def url(self, port):
        return f"smtp://{USER}:{PASSWORD}@127.0.0.1:{port}"

    @contextmanager
    def moody(self, longest_s=6.0):
        """Change the mood again and again until the context is left, in a good one."""
        over = threading.Event()
        changing = threading.Thread(target=self._change_until, args=(over, longest_s), name="moods")
        changing.start()
        try:
            yield
        finally:
            over.set()
            changing.join()
            self.mood = "takes"

    async def handle_MAIL(self, server, session, envelope, address, options):
        self.moods[self.mood] += 1
        if not session.authenticated:
            return "530 5.7.0 Sign in first"
        if self.mood == "busy":
            return "451 4.3.2 Too many connections; come again"
        if self.mood == "hangs up":
            server.transport.abort()
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith(GONE):
            self.refused[address] += 1
            return "550 5.1.1 No such person here"
        if self.mood == "greylisting":
            return "450 4.2.0 Greylisted; come again"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server, session, envelope):
        mood = self.mood
        if mood == "full":
            return "452 4.3.1 No room just now"
        if mood == "refuses words":
            return "554 5.7.1 Not today"
        if mood == "slow":
            await asyncio.sleep(self.dice.uniform(*self.slow_s))
        told = mood != "drops after the dot"
        self._take(envelope, told)
        if not told:
            server.transport.abort()
            await asyncio.sleep(60)  # ended by the connection, which is gone
        if mood == "slow":
            await asyncio.sleep(self.dice.uniform(0, 2))
        return "250 2.0.0 kept"

    def _take(self, envelope, told):
        self.keep(envelope)
        mail = message_from_bytes(envelope.content, policy=policy.default)
        self.taken.append(Taken(envelope.rcpt_tos[0], mail, told))

    def _signs_in(self, server, session, envelope, mechanism, data):
        if self.mood == "new password":
            self.moods[self.mood] += 1
            return AuthResult(success=False, handled=False)
        return AuthResult(
            success=data.login == USER.encode() and data.password == PASSWORD.encode()
        )

    def _change_until(self, over, longest_s):
        while not over.wait(self.dice.uniform(1, longest_s)):
            [self.mood] = self.dice.choices(list(WEIGHTS), list(WEIGHTS.values()))


class _Server(Controller):
    def factory(self):
        return _Dropping(self.handler, **self.SMTP_kwargs)


class _Dropping(SMTP):
    """Cuts the connection in the middle of a mail when its sink is in that mood."""

    async def smtp_DATA(self, arg):
        if self.event_handler.mood == "drops" and self.envelope.rcpt_tos:
            await self.push("354 go ahead")
            await self._reader.readuntil(b"\r\n")
            self.transport.abort()
            return
        await super().smtp_DATA(arg)
