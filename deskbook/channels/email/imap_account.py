"""One mailbox to read by IMAP: its address, and the door to it."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from imaplib import IMAP4
from urllib.parse import unquote, urlsplit

from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError

_PORTS = {"imaps": 993, "imap+starttls": 143, "imap": 143}
_PATIENCE_S = 60


@dataclass(frozen=True, slots=True)
class Account:
    """One mailbox to read. `name` is what is shown; it never holds the password."""

    kind: str
    host: str
    port: int
    user: str
    password: str
    folder: str

    @property
    def name(self) -> str:
        return f"{self.user}@{self.host}/{self.folder}"


def account(url: str) -> Account:
    """The account of `imaps://user:password@host[:port]/folder`. Raises ValueError without
    repeating the password.
    """
    parts = urlsplit(url)
    if parts.scheme not in _PORTS or not parts.hostname or not parts.username:
        raise ValueError(
            "DESKBOOK_IMAP_URLS must hold addresses like"
            " imaps://user:password@mail.example.org/INBOX."
        )
    return Account(
        parts.scheme,
        parts.hostname,
        parts.port or _PORTS[parts.scheme],
        unquote(parts.username),
        unquote(parts.password or ""),
        unquote(parts.path.strip("/")) or "INBOX",
    )


def connect(from_: Account) -> BaseMailBox:
    """Returns the mailbox, signed in. What the server says to that is raised, and where its
    certificate is not for its name, ssl.SSLError before any password is said: imaplib asks for none
    by itself.
    """
    trusting = ssl.create_default_context()
    mailbox: BaseMailBox
    if from_.kind == "imaps":
        mailbox = MailBox(from_.host, from_.port, _PATIENCE_S, ssl_context=trusting)
    elif from_.kind == "imap+starttls":
        mailbox = MailBoxStartTls(from_.host, from_.port, _PATIENCE_S, ssl_context=trusting)
    else:
        mailbox = MailBoxUnencrypted(from_.host, from_.port, _PATIENCE_S)
    return mailbox.login(from_.user, from_.password, from_.folder)


def refused_by(url: str) -> str:
    """Returns why a mailbox cannot be read, in its server's words; empty where it can."""
    try:
        with connect(account(url)):
            return ""
    except (OSError, ImapToolsError, IMAP4.error) as failure:
        return str(failure) or type(failure).__name__
