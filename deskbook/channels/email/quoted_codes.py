"""Codes that sign somebody in, in a mail that came: it may quote ours, and what is kept of it is
read by the desk.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Container, Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from deskbook.channels.email.mail import Carried, ParsedMail
from deskbook.people.accounts import ALPHABET
from deskbook.people.shown_codes import end_shown

Mail = TypeVar("Mail", ParsedMail, Carried)
STRUCK_OUT = "····-····"
_GROUP = f"[{ALPHABET}]{{4}}"
_CODE = re.compile(rf"(?<![A-Za-z0-9]){_GROUP}(?:-?{_GROUP}){{1,2}}(?![A-Za-z0-9])")
_MOST_READ = 200_000
_MOST_CODES = 200
MOST_RAW = 1_000_000
"""Bytes looked through of a mail that could not be read."""
_BASE64 = re.compile(rb"(?:^[A-Za-z0-9+/]{4,1000}={0,2}\r?$\n?)+", re.MULTILINE)
_SOFT_BREAK = re.compile(rb"=\r?\n")


def without_codes(mail: ParsedMail, *, at: datetime) -> ParsedMail:
    """Returns a mail with the codes of ours struck out that may sign somebody in; they do so no
    more.

    They are known by themselves, not by what the mail says it answers: who carries one on says
    nothing of that. Files are kept as they came.
    """
    files = (file.content[:_MOST_READ].decode("latin-1") for file in mail.attachments)
    mails: list[ParsedMail | Carried] = [mail, *mail.carried]
    words = [part for one in mails for part in _words_of(one).values()]
    ended = _ended((part[:_MOST_READ] for part in (*words, *files)), at)
    if not ended:
        return mail

    def struck(one: Mail) -> Mail:
        words = _words_of(one).items()
        told: dict[str, Any] = {name: _struck(text, ended) for name, text in words}
        return replace(one, **told)

    return replace(struck(mail), carried=tuple(map(struck, mail.carried)))


def _words_of(mail: ParsedMail | Carried) -> dict[str, str]:
    """What a mail says, by the names of its fields."""
    named = ("subject", "text", "html", "only_in_html")
    return {name: text for name in named if (text := getattr(mail, name)) is not None}


def _struck(text: str, codes: Container[str]) -> str:
    return _CODE.sub(lambda match: STRUCK_OUT if match[0] in codes else match[0], text)


def end_codes_in(raw: bytes, *, at: datetime) -> None:
    """Ends the codes in a mail that could not be read: whoever looks at its raw text would have
    them.
    """
    _ended((part.decode("latin-1") for part in _layers(raw[:MOST_RAW])), at)


def _ended(parts: Iterable[str], at: datetime) -> set[str]:
    found = dict.fromkeys(match[0] for part in parts for match in _CODE.finditer(part))
    return end_shown(list(found)[:_MOST_CODES], at=at)


def _layers(raw: bytes) -> Iterator[bytes]:
    """The bytes as they came, and as they read whatever way of writing them down was used (RFC
    2045, 6.7 and 6.8).
    """
    yield _SOFT_BREAK.sub(b"", raw)
    for block in _BASE64.finditer(raw):
        letters = b"".join(block[0].split())
        yield binascii.a2b_base64(letters[: len(letters) // 4 * 4])
