"""Mails that carry another one on: by the line or the block of headers that mail programs put above it."""

from __future__ import annotations

import re

from deskbook.channels.email import headers as fields
from deskbook.channels.email.addressees import named_in, why_unanswerable
from deskbook.channels.email.mail import Address, ParsedMail
from deskbook.channels.email.reply_languages import FROM_LABELS, OTHER_LABELS
from deskbook.channels.email.reply_text import is_forward_line, label_of

_SUBJECT = re.compile(r"\s*(?:fwd?|fw|enc|encaminhad[ao]|reenv|tr|wg|rv)\s*:", re.IGNORECASE)
_MOST_LINES = 400
"""Above which a forwarded mail begins: what somebody wrote about it is shorter."""
_BLOCK = 8
"""Lines a block of headers has."""
_FEWEST_OTHERS = 2
_OTHERS = frozenset(OTHER_LABELS)
_BRACKETED = re.compile(r"\[\s*(?:mailto:)?([^\[\]\s]+@[^\[\]\s]+)\s*\]", re.IGNORECASE)


def is_forwarded(mail: ParsedMail) -> bool:
    """Whether a mail carries another on, by its subject or the line above what it carries."""
    lines = mail.text.splitlines()[:_MOST_LINES]
    return _SUBJECT.match(mail.subject) is not None or any(map(is_forward_line, lines))


def original_sender(mail: ParsedMail) -> Address | None:
    """Who wrote the mail that this one carries on, below a line or a block of headers or as a file; None if it does
    not say.
    """
    files = (_in_file(file.content) for file in mail.attachments if file.content_type == "message/rfc822")
    return _in_text(mail) or next(filter(None, files), None)


def told_apart(text: str) -> tuple[str, str]:
    """Returns what somebody wrote above the mail they carry on, and that mail; all is theirs where none is below."""
    lines = text.splitlines()
    head = lines[:_MOST_LINES]
    begin = next((n for n, line in enumerate(head) if is_forward_line(line)), None)
    if begin is None:
        begin = next((_top_of(head, n) for n in range(len(head)) if _of_block(head, n)), len(lines))
    return "\n".join(lines[:begin]).strip().rstrip("_- \n"), "\n".join(lines[begin:]).strip()


def _top_of(lines: list[str], at: int) -> int:
    """Where the block of headers begins that this line is of."""
    while at and (said := label_of(lines[at - 1])) and said[0] in _OTHERS:
        at -= 1
    return at


def _in_text(mail: ParsedMail) -> Address | None:
    lines = mail.text.splitlines()[:_MOST_LINES]
    if not is_forwarded(mail):
        return None
    begin = next((n for n, line in enumerate(lines) if is_forward_line(line)), 0)
    return next(filter(None, (_of_block(lines, n) for n in range(begin, len(lines)))), None)


def _of_block(lines: list[str], at: int) -> Address | None:
    """Who is named in a line From that stands among at least two other lines of a block of headers."""
    said = label_of(lines[at])
    if said is None or said[0] not in FROM_LABELS:
        return None
    around = filter(None, map(label_of, lines[max(0, at - _BLOCK) : at + _BLOCK]))
    if len({label for label, _rest in around} & _OTHERS) < _FEWEST_OTHERS:
        return None
    wrapped = lines[at + 1].lstrip("> \t") if at + 1 < len(lines) and "@" not in said[1] else ""
    return _person(f"{said[1]} {wrapped}")


def _in_file(content: bytes) -> Address | None:
    head, _rest = fields.split(content)
    return _person(fields.first(head, "From"))


def _person(said: str) -> Address | None:
    """Who is named after From: also as Outlook writes it, with the address in square brackets."""
    people = named_in([_BRACKETED.sub(r"<\1>", said.replace("mailto:", ""))]).people
    return next((one for one in people if not why_unanswerable(one.addr)), None)
