"""Takes mail by SMTP and LMTP from the mail server in front. 250 is said after the commit, never
before.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from typing import TypeVar

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Session
from django.conf import settings
from django.db import DatabaseError, close_old_connections, connection
from structlog import get_logger

from deskbook.channels.email.imap import watch
from deskbook.channels.email.mailboxes import mailboxes_of
from deskbook.channels.email.smtp_session import LARGE_AT_ONCE, Addressed, Taking
from deskbook.channels.email.storing import MAX_SIZE, ingest_for

MAX_RECIPIENTS = 100
WRITERS = 8
"""Threads that write to the database: as many mails are stored at once; more clients wait their
turn without a thread.
"""

T = TypeVar("T")
_log = get_logger(__name__)


class _Lmtp(Taking, LMTP):
    """What `Taking` is, for LMTP."""

    answers_each = True


class Intake:
    """What aiosmtpd calls while a client speaks; the names are its own."""

    def __init__(self, writers: ThreadPoolExecutor) -> None:
        self._writers = writers

    async def handle_RCPT(
        self,
        server: SMTP,
        session: Session,
        envelope: Addressed,
        address: str,
        rcpt_options: list[str],
    ) -> str:
        """250 for an address of a desk; 550 for any other, so that senders learn of a wrong address
        at once.
        """
        if len(envelope.rcpt_tos) >= MAX_RECIPIENTS:
            return "452 4.5.3 Too many recipients in one mail; send the rest apart"
        try:
            known = await self._in_a_thread(lambda: mailboxes_of([address]))
        except DatabaseError:
            return "451 4.3.0 The desk cannot look up its addresses just now; please try again"
        if not known:
            return "550 5.1.1 This desk has no such address"
        envelope.rcpt_tos.append(address)
        envelope.mailboxes |= {mailbox.address: mailbox for mailbox in known}
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Addressed) -> str:
        """250 once every mailbox has the mail on disk."""
        try:
            await self._in_a_thread(lambda: _store(envelope))
            return "250 2.0.0 The desk has it"
        except DatabaseError:
            _log.exception("mail could not be stored")
            return "451 4.3.0 The desk cannot store mail just now; please try again"

    async def _in_a_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(
            self._writers, _with_fresh_connection, work
        )


def _with_fresh_connection(work: Callable[[], T]) -> T:
    close_old_connections()
    try:
        return work()
    finally:
        close_old_connections()


def _close_connections(writers: ThreadPoolExecutor) -> None:
    """Each thread has a connection of its own that only it can close: all of them are called in and
    wait for each other.
    """
    everybody = threading.Barrier(WRITERS)

    def close() -> None:
        everybody.wait(timeout=60)
        connection.close()

    wait([writers.submit(close) for _ in range(WRITERS)])


def _store(envelope: Addressed) -> None:
    raw = envelope.content
    content = raw.encode("utf-8", "surrogateescape") if isinstance(raw, str) else bytes(raw or b"")
    for mailbox in envelope.mailboxes.values():
        ingest_for(
            mailbox,
            content,
            envelope_from=envelope.mail_from or "<>",
            envelope_to=envelope.rcpt_tos,
        )


async def serve(
    smtp: tuple[str, int] | None,
    lmtp: tuple[str, int] | None,
    *,
    stop: asyncio.Event,
    ready: Callable[[], None],
) -> None:
    """Listens on the addresses given until `stop` is set; calls `ready` once both take
    connections.
    """
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(WRITERS, thread_name_prefix="mail") as writers:
        large = asyncio.Semaphore(LARGE_AT_ONCE)
        servers = [
            await loop.create_server(_protocol(kind, Intake(writers), large), *address)
            for kind, address in ((Taking, smtp), (_Lmtp, lmtp))
            if address
        ]
        ready()
        await stop.wait()
        for server in servers:
            server.close()
        await loop.run_in_executor(None, _close_connections, writers)


def _protocol(kind: type[Taking], intake: Intake, large: asyncio.Semaphore) -> Callable[[], SMTP]:
    def made() -> SMTP:
        server = kind(
            intake,
            data_size_limit=MAX_SIZE,
            enable_SMTPUTF8=True,
            ident="Deskbook",
            timeout=300,
            loop=asyncio.get_running_loop(),
        )
        server.large = large
        return server

    return made


def main(at_start: Callable[[], None] = lambda: None) -> None:
    """Runs the listeners and the IMAP readers the settings name, until the process is told to stop.
    `at_start` is called in the event loop.
    """
    # The protocol log names senders and recipients, line by line: not for the log of a desk.
    logging.getLogger("mail.log").setLevel(logging.WARNING)
    stopping = threading.Event()
    readers = [
        threading.Thread(target=watch, args=(url, stopping), name=f"imap-{n}", daemon=True)
        for n, url in enumerate(settings.DESKBOOK_IMAP_URLS)
    ]
    for reader in readers:
        reader.start()
    asyncio.run(_until_told(at_start))
    stopping.set()
    for reader in readers:
        reader.join(timeout=5)


async def _until_told(at_start: Callable[[], None]) -> None:
    at_start()
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    listening = {"smtp": settings.DESKBOOK_SMTP_LISTEN, "lmtp": settings.DESKBOOK_LMTP_LISTEN}
    await serve(
        **listening,
        stop=stop,
        ready=lambda: _log.info("mail is taken", **{k: str(v) for k, v in listening.items()}),
    )
