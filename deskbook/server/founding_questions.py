"""What `deskbook new` asks, how an answer is understood, and whether what it names is there."""

from __future__ import annotations

import smtplib
import socket
import ssl
import sys
from collections.abc import Callable
from dataclasses import dataclass
from getpass import getpass
from pathlib import Path
from textwrap import shorten
from urllib.parse import quote, unquote, urlsplit

from deskbook.book.shelf import books
from deskbook.book.words import read_address
from deskbook.config.environment import read
from deskbook.config.outgoing import email_settings
from deskbook.config.refusals import CommandRefused

PATIENCE_S = 10.0


def anything(text: str) -> str:
    return text


def nothing_to_look_at(answer: str) -> str:
    return ""


@dataclass(frozen=True)
class Question:
    """`means` makes of what was typed what is meant, or raises CommandRefused; `lacks` says what of
    it is not there yet, in a sentence, and nothing where all is well.
    """

    option: str
    asks: str
    means: Callable[[str], str] = anything
    lacks: Callable[[str], str] = nothing_to_look_at


@dataclass(frozen=True)
class Interview:
    """Who is asked: a person at a terminal, or nobody, where options and what is usual answer."""

    at_terminal: bool

    def answer(self, question: Question, given: str | None, usual: str = "") -> str:
        """Return the answer to a question. What is not there yet is said, and a person may answer
        anew or go on. Raises CommandRefused where nobody is there to mend an answer.
        """
        while True:
            typed = self._typed(question, usual) if given is None else given
            try:
                meant = self._with_password(question.means(typed or usual))
            except CommandRefused as wrong:
                if not self.at_terminal:
                    raise
                say(str(wrong))
                given = None
                continue
            lacking = question.lacks(meant)
            if not lacking or not self._answers_anew(lacking):
                return meant
            given = None

    def _typed(self, question: Question, usual: str) -> str:
        if self.at_terminal:
            return input(f"{question.asks}{f' [{usual}]' if usual else ''}: ").strip()
        if not usual and question.option == "owner":
            raise CommandRefused("Nobody can be asked here: say with --owner who leads the desk.")
        return usual

    def _with_password(self, meant: str) -> str:
        """It is asked for by itself: what is typed with others is seen, and kept by the shell."""
        parts = urlsplit(meant)
        without = parts.scheme.endswith("+oauth") or parts.password is not None
        if without or not (self.at_terminal and parts.scheme and parts.username):
            return meant
        user = unquote(parts.username)
        password = getpass(f"   Password of {user} at {parts.hostname}: ")
        at = f"{quote(user, safe='')}:{quote(password, safe='')}@{parts.netloc.rpartition('@')[2]}"
        return parts._replace(netloc=at).geturl()

    def _answers_anew(self, lacking: str) -> bool:
        if not self.at_terminal:
            say(f"{lacking} It was written down all the same.")
            return False
        return input(f"  {lacking} Go on all the same? [Y/n] ").strip().lower() in ("n", "no")


def say(sentence: str) -> None:
    sys.stdout.write(f"  {sentence}\n")


def which_site(here: str) -> Question:
    """Ask for the address people use; a mere name is called by https, and this machine's own as it
    can be reached without a proxy: `here`.
    """

    def means(text: str) -> str:
        bare = text.strip().rstrip("/")
        if bare in ("localhost", "127.0.0.1"):
            return here
        return read({"DESKBOOK_SITE_URL": bare if "://" in bare else f"https://{bare}"}).site_url

    return Question("address", "1. At which address do people find it", means, site_lacks)


def which_book() -> Question:
    """Ask for one of the books that come along, or the file of another."""
    there = books()
    listed = "\n".join(
        f"     {key:10} {shorten(about, 80, placeholder=' …')}" for key, about in there.items()
    )

    def means(text: str) -> str:
        if text in there or Path(text).is_file():
            return text
        raise CommandRefused(
            f"No book “{text[:80]}” comes with Deskbook, and no file is called so. There are:"
            f" {', '.join(there)}."
        )

    return Question("book", f"2. Which book does it begin with\n{listed}\n  ", means)


def site_lacks(site: str) -> str:
    host = urlsplit(site).hostname or ""
    try:
        socket.getaddrinfo(host, None)
    except (OSError, UnicodeError) as problem:
        return f"{host} leads nowhere yet ({_words(problem)}): give it a DNS record."
    return ""


def address(text: str) -> str:
    try:
        return read_address(text.strip())
    except ValueError as wrong:
        raise CommandRefused(f"{wrong}.") from None


def one_line(text: str) -> str:
    if not text.strip() or not text.isprintable() or len(text) > 100:
        raise CommandRefused("A desk's name is one line of at most a hundred letters.")
    return text.strip()


def mail_server(text: str) -> str:
    """Return the address letters are handed to; none is this machine's own server."""
    email_settings(text or None)
    return text


def mail_server_lacks(url: str) -> str:
    server = email_settings(url or None)
    try:
        _greet(server)
    except (OSError, smtplib.SMTPException) as problem:
        return (
            f"The mail server {server['EMAIL_HOST']}:{server['EMAIL_PORT']} does not let us in:"
            f" {_words(problem)}. Letters wait until it does."
        )
    return ""


def _words(problem: Exception) -> str:
    said = getattr(problem, "smtp_error", None) or getattr(problem, "strerror", None) or problem
    return (said.decode(errors="replace") if isinstance(said, bytes) else str(said)).rstrip(".")


def _greet(server: dict[str, str | int | bool]) -> None:
    host, port = str(server["EMAIL_HOST"]), int(server["EMAIL_PORT"])
    trusting = ssl.create_default_context()
    line = (
        smtplib.SMTP_SSL(host, port, timeout=PATIENCE_S, context=trusting)
        if server["EMAIL_USE_SSL"]
        else smtplib.SMTP(host, port, timeout=PATIENCE_S)
    )
    with line:
        line.ehlo()
        if server["EMAIL_USE_TLS"]:
            line.starttls(context=trusting)
        if server["EMAIL_HOST_USER"] and not server["DESKBOOK_SMTP_BY_TOKEN"]:
            line.login(str(server["EMAIL_HOST_USER"]), str(server["EMAIL_HOST_PASSWORD"]))


def mailboxes(text: str) -> str:
    return " ".join(read({"DESKBOOK_IMAP_URLS": text}).imap_urls)


def mailboxes_lack(urls: str) -> str:
    from deskbook.channels.email.imap_account import account, refused_by

    for url in urls.split():
        if account(url).is_by_token:
            return f"{account(url).name} is to be connected, by `deskbook mailbox` or the console."
        if why := refused_by(url):
            return (
                f"The mailbox {account(url).name} cannot be read: {why.rstrip('.')}. It is tried"
                " again and again."
            )
    return ""


NAME = Question("name", "3. What is the desk called", one_line)
MAIL = Question("mail", "4. To which address do people write", address)
SMTP = Question(
    "smtp",
    "   Which server sends its letters, like smtps://user@mail.example.org (the password is asked"
    " next;\n   empty: a mail server on this machine)",
    mail_server,
    mail_server_lacks,
)
IMAP = Question(
    "imap",
    "   Which mailbox does it read, like imaps://user@mail.example.org/INBOX (empty: a mail server"
    " hands\n   mail over)",
    mailboxes,
    mailboxes_lack,
)
OWNER = Question("owner", "5. Your own address: you sign in with it, and lead the desk", address)
