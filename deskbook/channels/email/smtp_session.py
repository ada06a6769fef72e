"""The bytes of a mail as a client sends them: past what memory keeps they lie on the disk, whatever
its lines are.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from tempfile import SpooledTemporaryFile

from aiosmtpd.smtp import SMTP, Envelope
from structlog import get_logger

from deskbook.channels.email.mailboxes import Mailbox

IN_MEMORY = 256 * 1024
PIECE = 64 * 1024
"""Bytes of a line that are waited for at once."""
LARGE_AT_ONCE = 2
"""Mails past IN_MEMORY that are stored at the same time: the way into the database copies each
several times.
"""
_END = b".\r\n"
_log = get_logger(__name__)


class Addressed(Envelope):
    """What a mail is addressed to, as its client has said so far."""

    def __init__(self) -> None:
        super().__init__()
        self.mailboxes: dict[str, Mailbox] = {}
        """By their addresses, those that were found as each recipient was named."""


class NoPlace(Exception):
    """The disk takes no more."""


class Taking(SMTP):
    """An SMTP server that keeps no mail in memory while it comes.

    The library keeps an object for each line: a mail of empty lines took fifty times its size, a
    gigabyte and more, and a program that knows no line of 998 characters (RFC 5322 2.1.1) was let
    send one as long as a mail.
    """

    line_length_limit = PIECE
    large: asyncio.Semaphore
    """Held while a large mail is stored; shared by all connections."""
    answers_each = False
    """Whether a mail has one reply for each of its recipients, as LMTP wants (RFC 2033 4.2)."""

    def _create_envelope(self) -> Addressed:
        return Addressed()

    async def smtp_DATA(self, arg: str) -> None:
        """Takes a mail and answers with what the handler says, 552 for one past the limit, or 452
        where the disk has no room for it (RFC 5321 4.2.3): then its sender has it still, and tries
        again.
        """
        if await self.check_helo_needed() or await self.check_auth_needed("DATA"):
            return
        if self.envelope is None or not self.envelope.rcpt_tos:
            await self.push("503 Error: need RCPT command")
        elif arg:
            await self.push("501 Syntax: DATA")
        else:
            await self.push("354 End data with <CR><LF>.<CR><LF>")
            replies = len(self.envelope.rcpt_tos) if self.answers_each else 1
            status = await self._status(self.envelope)
            self._set_post_data_state()  # type: ignore[no-untyped-call]
            await self.push("\r\n".join([status] * replies))

    async def _status(self, envelope: Envelope) -> str:
        with _place() as kept:
            try:
                return await self._stored(kept, await self._taken(kept), envelope)
            except NoPlace:
                _log.exception("there is no room for a mail that comes")
                return "452 4.3.1 There is no room for mail just now; please try again"

    async def _taken(self, kept: SpooledTemporaryFile[bytes]) -> int:
        """Writes a mail down without what its lines were given for the way (RFC 5321 4.5.2);
        returns how long it is, of one that is too long as well, of which the rest is not kept.
        Raises NoPlace.

        It is read to its end whatever happens: what is left of it would be taken for commands.
        """
        size, begins_line, limit, full = 0, True, self.data_size_limit, None
        while (piece := await self._piece()) != _END or not begins_line:
            if begins_line and piece.startswith(b"."):
                piece = piece[1:]
            size += len(piece)
            begins_line = piece.endswith(b"\r\n")
            if full is None and (not limit or size <= limit):
                full = _failed_to_write(kept, piece)
        if full is not None:
            raise NoPlace from full
        return size

    async def _piece(self) -> bytes:
        """A line, or of a long one what has come."""
        try:
            return await self._reader.readuntil(b"\r\n")
        except asyncio.LimitOverrunError as over:
            return await self._reader.read(over.consumed)
        except asyncio.CancelledError:  # the client is gone
            self._writer.close()
            raise

    async def _stored(
        self, kept: SpooledTemporaryFile[bytes], size: int, envelope: Envelope
    ) -> str:
        if self.data_size_limit and size > self.data_size_limit:
            return "552 Error: Too much mail data"
        async with self.large if size > IN_MEMORY else nullcontext():
            envelope.content = _read_back(kept)
            return str(await self._call_handler_hook("DATA"))


@contextmanager
def _place() -> Iterator[SpooledTemporaryFile[bytes]]:
    # Not by `with`: what closing it says is not let through.
    kept = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115
    try:
        yield kept
    finally:
        with suppress(OSError):  # a full disk says so once more for what waits to be written
            kept.close()


def _failed_to_write(kept: SpooledTemporaryFile[bytes], piece: bytes) -> OSError | None:
    try:
        kept.write(piece)
    except OSError as failure:
        return failure
    return None


def _read_back(kept: SpooledTemporaryFile[bytes]) -> bytes:
    try:
        kept.seek(0)
        return kept.read()
    except OSError as failure:
        raise NoPlace from failure
