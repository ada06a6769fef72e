"""One mailbox to read by IMAP: its address, and the door to it."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from imaplib import IMAP4
from urllib.parse import unquote, urlsplit

from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError

from deskbook.channels.email.by_token import Bearer, mechanism_of

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

    is_by_token: bool = False
    """It is signed in to by a token of its provider, and has no password."""

    @property
    def name(self) -> str:
        return f"{self.user}@{self.host}/{self.folder}"


def account(url: str) -> Account:
    """The account of `imaps://user:password@host[:port]/folder`, or of `imaps+oauth://user@…`.
    Raises ValueError without repeating the password.
    """
    parts = urlsplit(url)
    kind = parts.scheme.removesuffix("+oauth")
    if kind not in _PORTS or not parts.hostname or not parts.username:
        raise ValueError(
            "DESKBOOK_IMAP_URLS must hold addresses like"
            " imaps://user:password@mail.example.org/INBOX."
        )
    return Account(
        kind,
        parts.hostname,
        parts.port or _PORTS[kind],
        unquote(parts.username),
        unquote(parts.password or ""),
        unquote(parts.path.strip("/")) or "INBOX",
        is_by_token=kind != parts.scheme,
    )


def connect(from_: Account) -> BaseMailBox:
    """Returns the mailbox, signed in. What the server says to that is raised, and where its
    certificate is not for its name, ssl.SSLError before any password is said: imaplib asks for none
    by itself. Of a mailbox without a password there may be no token: NoToken.
    """
    if from_.is_by_token:
        # `deskbook new` looks at mailboxes with passwords, and there is no database yet.
        from deskbook.channels.email.tokens import access_token, doubt_token

        token = access_token(from_.user)
        try:
            return connect_by(from_, token)
        except IMAP4.error:
            doubt_token(from_.user)
            raise
    with _opened(from_) as mailbox:
        return mailbox.login(from_.user, from_.password, from_.folder)


def connect_by(from_: Account, token: str) -> BaseMailBox:
    """Returns the mailbox, signed in by a token."""
    bearer = Bearer(from_.user, from_.host, from_.port, token)
    with _opened(from_) as mailbox:
        offered = {word.removeprefix("AUTH=") for word in mailbox.client.capabilities}
        mechanism = mechanism_of(offered)
        mailbox.client.authenticate(mechanism, lambda said: bearer.said(mechanism, said).encode())
        mailbox.folder.set(from_.folder)
        return mailbox


@contextmanager
def _opened(from_: Account) -> Iterator[BaseMailBox]:
    """Gives the mailbox to sign in to; who is refused hangs up."""
    mailbox = _door(from_)
    try:
        yield mailbox
    except BaseException:
        mailbox.client.shutdown()
        raise


def _door(from_: Account) -> BaseMailBox:
    trusting = ssl.create_default_context()
    if from_.kind == "imaps":
        return MailBox(from_.host, from_.port, _PATIENCE_S, ssl_context=trusting)
    if from_.kind == "imap+starttls":
        return MailBoxStartTls(from_.host, from_.port, _PATIENCE_S, ssl_context=trusting)
    return MailBoxUnencrypted(from_.host, from_.port, _PATIENCE_S)


def refused_by(url: str) -> str:
    """Returns why a mailbox cannot be read, in its server's words; empty where it can."""
    try:
        with connect(account(url)):
            return ""
    except (OSError, ImapToolsError, IMAP4.error) as failure:
        return str(failure) or type(failure).__name__
