"""The bytes of a mail as a client sends them: past what memory keeps they lie on the disk, whatever its lines are."""

from __future__ import annotations

import asyncio
from contextlib import nullcontext
from tempfile import SpooledTemporaryFile

from aiosmtpd.smtp import SMTP, Envelope

IN_MEMORY = 256 * 1024
PIECE = 64 * 1024
"""Bytes of a line that are waited for at once."""
LARGE_AT_ONCE = 2
"""Mails past IN_MEMORY that are stored at the same time: the way into the database copies each several times."""
_END = b".\r\n"


class Taking(SMTP):
    """An SMTP server that keeps no mail in memory while it comes.

    The library keeps an object for each line: a mail of empty lines took fifty times its size, a gigabyte and more,
    and a program that knows no line of 998 characters (RFC 5322 2.1.1) was let send one as long as a mail.
    """

    line_length_limit = PIECE
    large: asyncio.Semaphore
    """Held while a large mail is stored; shared by all connections."""

    async def smtp_DATA(self, arg: str) -> None:
        """Takes a mail and answers with what the handler says, or 552 for one past the limit (RFC 5321 4.1.1.4)."""
        if await self.check_helo_needed() or await self.check_auth_needed("DATA"):
            return
        if self.envelope is None or not self.envelope.rcpt_tos:
            await self.push("503 Error: need RCPT command")
        elif arg:
            await self.push("501 Syntax: DATA")
        else:
            await self.push("354 End data with <CR><LF>.<CR><LF>")
            with SpooledTemporaryFile(max_size=IN_MEMORY) as kept:
                status = await self._stored(kept, await self._taken(kept), self.envelope)
            self._set_post_data_state()  # type: ignore[no-untyped-call]
            await self.push(status)

    async def _taken(self, kept: SpooledTemporaryFile[bytes]) -> int:
        """Writes a mail down without what its lines were given for the way (RFC 5321 4.5.2); returns how long it is,
        of one that is too long as well, of which the rest is not kept.
        """
        size, begins_line, limit = 0, True, self.data_size_limit
        while (piece := await self._piece()) != _END or not begins_line:
            if begins_line and piece.startswith(b"."):
                piece = piece[1:]
            size += len(piece)
            begins_line = piece.endswith(b"\r\n")
            if not limit or size <= limit:
                kept.write(piece)
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

    async def _stored(self, kept: SpooledTemporaryFile[bytes], size: int, envelope: Envelope) -> str:
        if self.data_size_limit and size > self.data_size_limit:
            return "552 Error: Too much mail data"
        async with self.large if size > IN_MEMORY else nullcontext():
            kept.seek(0)
            envelope.content = kept.read()
            return str(await self._call_handler_hook("DATA"))
