"""Handing one mail to the mail server, and whose fault it is when it does not take it."""

from __future__ import annotations

import re
import smtplib
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.smtp import EmailBackend

from deskbook.engine.addresses import ascii_address
from deskbook.refusals.kept import kept

Fault = Literal["server", "us", "mail", "recipient"]
SAID = "server.said"
"""The code of what the mail server answered; its words begin with the number of the reply."""
_ABOUT_US = frozenset({500, 501, 502, 503, 504, 530, 534, 535, 538, 555})
"""Replies to RCPT that say nothing of the recipient: commands out of order, a password that is
wanted or wrong.
"""
_STATUS = re.compile(r"\b5\.(\d{1,3})\.\d{1,3}\b")
_OF_THE_ADDRESS = frozenset({"1", "2", "4"})
"""Subjects of an enhanced status (RFC 3463, 3) that are about who is written to: address, mailbox,
the way there.
"""
_NOT_LET_THROUGH = re.compile(r"relay|authenticat", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the mail server made of one mail; without `fault` it has taken it."""

    fault: Fault | None = None
    """"server": it takes nothing from us now (not reached, TLS, a password, our sender). "us": it
    does not let us send to that address. "mail": not this one, for what is in it or for now.
    "recipient": there is no such address.
    """
    said: str = ""
    is_final: bool = False
    """It said no for good (5xx)."""
    may_be_there: bool = False
    """It fell silent: it may have taken the mail and could not say so (RFC 5321, 4.5.3.2)."""


def hand_over(sender: str, recipient: str, raw: bytes) -> Outcome:
    """Sends one mail from our own envelope (Django cannot send from the null sender) and returns
    what came of it.
    """
    try:
        connection = _connected()
    except smtplib.SMTPResponseException as refused:
        return _refused("server", refused.smtp_code, refused.smtp_error)
    except (OSError, smtplib.SMTPException) as failure:
        return Outcome("server", kept("server.away", words=_words_of(failure)))
    recipient = ascii_address(recipient)
    try:
        connection.sendmail(
            ascii_address(sender),
            [recipient],
            raw,
            mail_options=() if recipient.isascii() else ("SMTPUTF8",),
        )
    except (OSError, smtplib.SMTPException) as failure:
        return _not_taken(failure)
    finally:
        # What is wrong with saying goodbye must not undo a 250.
        with suppress(OSError, smtplib.SMTPException):
            connection.quit()
        connection.close()
    return Outcome()


def kept_away() -> str:
    """Returns why the mail server cannot be reached or does not let us in, in its words; empty
    where it does, and where mail leaves by something else.
    """
    if not isinstance(get_connection(settings.DESKBOOK_MAIL_BACKEND), EmailBackend):
        return ""
    try:
        connection = _connected()
    except (OSError, smtplib.SMTPException) as failure:
        return _words_of(failure)
    with suppress(OSError, smtplib.SMTPException):
        connection.quit()
    connection.close()
    return ""


def _not_taken(failure: Exception) -> Outcome:
    """What is said of a mail that the server, once it was there, did not take."""
    match failure:
        case smtplib.SMTPRecipientsRefused():
            code, words = next(iter(failure.recipients.values()))
            return _refused(_whose_fault(code, words), code, words)
        case smtplib.SMTPSenderRefused() | smtplib.SMTPHeloError():
            fault: Fault = "server" if failure.smtp_code >= 500 else "mail"
            return _refused(fault, failure.smtp_code, failure.smtp_error)
        case smtplib.SMTPResponseException():
            return _refused("mail", failure.smtp_code, failure.smtp_error)
    silent = kept("server.silent", words=_words_of(failure))
    return Outcome("mail", silent, may_be_there=True)


def _whose_fault(code: int, words: bytes) -> Fault:
    if is_of_the_address(code, _text(words)):
        return "recipient"
    return "us" if code >= 500 else "mail"


def _words_of(failure: Exception) -> str:
    return str(failure)[:900] or type(failure).__name__


def is_of_the_address(code: int, words: str) -> bool:
    """Whether a refusal of RCPT means that there is no such address, and not that we may not send:
    only that is hard.

    By the enhanced status where there is one (RFC 3463); without one a 550 to 554 that does not
    speak of relaying.
    """
    if code < 500 or code in _ABOUT_US:
        return False
    status = _STATUS.search(words)
    return status[1] in _OF_THE_ADDRESS if status else not _NOT_LET_THROUGH.search(words)


def no_such_address(failure: Exception) -> bool:
    """Whether sending failed because there is no such address; not when it is put off (4xx), or we
    may not send.
    """
    if not isinstance(failure, smtplib.SMTPRecipientsRefused):
        return False
    return all(is_of_the_address(code, _text(words)) for code, words in failure.recipients.values())


def _connected() -> smtplib.SMTP:
    backend = get_connection(settings.DESKBOOK_MAIL_BACKEND)
    if not isinstance(backend, EmailBackend):
        raise TypeError("mail leaves through Django's SMTP backend")
    try:
        backend.open()
    except BaseException:
        backend.close()  # who is refused hangs up
        raise
    connection: smtplib.SMTP | None = backend.connection
    if connection is None:
        raise OSError("no connection")
    return connection


def _refused(fault: Fault, code: int, words: bytes | str) -> Outcome:
    return Outcome(fault, kept(SAID, words=f"{code} {_text(words)}"), is_final=code >= 500)


def _text(words: bytes | str) -> str:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return text.replace("\x00", "")[:900]
