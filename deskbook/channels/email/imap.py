"""Reads mailboxes by IMAP: waits with IDLE, takes what is unseen, marks it seen only after the
commit.
"""

from __future__ import annotations

import threading
from contextlib import closing
from imaplib import IMAP4

from django.db import DatabaseError, close_old_connections, connection
from imap_tools import AND, BaseMailBox
from imap_tools.consts import MailMessageFlags
from imap_tools.errors import ImapToolsError
from structlog import get_logger

from deskbook.channels.email.imap_account import account, connect
from deskbook.channels.email.storing import ingest
from deskbook.channels.email.tokens import NotConnected

IDLE_SECONDS = 30
"""How long to wait for news before looking anyway: some servers forget to tell."""
LONGEST_PAUSE = 300
UNCONNECTED = 30
"""Seconds: who connects a mailbox waits for its mail."""
_log = get_logger(__name__)


def watch(url: str, stopping: threading.Event) -> None:
    """Reads one mailbox until `stopping` is set. A lost connection is made again, after pauses that
    grow.
    """
    from_ = account(url)
    pause = 1
    while not stopping.is_set():
        try:
            with closing(connection), connect(from_) as mailbox:
                pause = 1
                _read_until(mailbox, stopping)
        except (OSError, ImapToolsError, IMAP4.error, DatabaseError) as failure:
            _log.warning(
                "mailbox cannot be read, trying again",
                mailbox=from_.name,
                why=str(failure),
                seconds=pause,
            )
            stopping.wait(pause)
            pause = _longer(pause, failure)


def _longer(pause: int, failure: Exception) -> int:
    return min(pause * 2, UNCONNECTED if isinstance(failure, NotConnected) else LONGEST_PAUSE)


def take_unseen(mailbox: BaseMailBox) -> int:
    """Stores every unseen mail of the open folder and marks it seen; returns how many."""
    close_old_connections()
    taken = 0
    for uid in mailbox.uids(AND(seen=False)):
        raw = _raw(mailbox, uid)
        if raw is not None:
            ingest(raw)
            mailbox.flag(uid, MailMessageFlags.SEEN, True)
            taken += 1
    close_old_connections()
    return taken


def _read_until(mailbox: BaseMailBox, stopping: threading.Event) -> None:
    while not stopping.is_set():
        take_unseen(mailbox)
        mailbox.idle.wait(timeout=IDLE_SECONDS)


def _raw(mailbox: BaseMailBox, uid: str) -> bytes | None:
    """The bytes as the server has them, without marking them seen; None when another reader removed
    the mail meanwhile.
    """
    _, answer = mailbox.client.uid("fetch", uid, "(BODY.PEEK[])")
    return next((bytes(part[1]) for part in answer if isinstance(part, tuple)), None)
