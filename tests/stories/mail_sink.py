"""A mail server that takes everything and forgets nothing."""

import asyncio
import threading
from contextlib import contextmanager
from email import message_from_bytes, policy

from aiosmtpd.controller import Controller


class Sink:
    """What arrived, in order. Every copy is kept: a repeat can be counted."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._mails = []
        self._silent = False

    def server(self, port):
        """Return the server to start and stop; `url` is where the desk hands its mail to."""
        return Controller(self, hostname="127.0.0.1", port=port)

    def url(self, port):
        return f"smtp://127.0.0.1:{port}"

    async def handle_DATA(self, server, session, envelope):
        self.keep(envelope)
        while self._silent:
            await asyncio.sleep(0.05)
        return "250 2.0.0 kept"

    def keep(self, envelope):
        mail = message_from_bytes(envelope.content, policy=policy.default)
        with self._lock:
            self._mails.append((envelope.rcpt_tos[0], mail))

    @contextmanager
    def silent(self):
        """Take mail as ever, but say 250 only after the context is left."""
        self._silent = True
        try:
            yield
        finally:
            self._silent = False

    def mails(self, recipient=None, **headers):
        """Return the mails to a recipient whose headers hold the words given
        (`Auto_Submitted="auto-replied"`).
        """
        with self._lock:
            kept = list(self._mails)
        wanted = {name.replace("_", "-"): words for name, words in headers.items()}
        return [
            mail
            for to, mail in kept
            if recipient in (None, to)
            and all(words in str(mail[name] or "") for name, words in wanted.items())
        ]

    def forget(self):
        """Begin with no mail at all."""
        with self._lock:
            self._mails.clear()

    def ids(self):
        """Return the Message-IDs of everything that came from the desk's tickets, with repeats."""
        return [str(mail["Message-ID"]).strip("<>") for mail in self.mails() if mail["Reply-To"]]


def words_of(mail):
    return mail.get_body(("plain",)).get_content()
