"""Mails that carry another one on: by the line or the block of headers that mail programs put above
it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from deskbook.channels.email.addressees import named_in, why_unanswerable
from deskbook.channels.email.mail import Address, Carried
from deskbook.channels.email.reply_languages import FROM_LABELS, OTHER_LABELS
from deskbook.channels.email.reply_text import MAX_SIGN, is_forward_line, label_of

_SUBJECT = re.compile(r"\s*(?:fwd?|fw|enc|encaminhad[ao]|reenv|tr|wg|rv)\s*:", re.IGNORECASE)
_MOST_LINES = 400
"""Above which a forwarded mail begins: what somebody wrote about it is shorter."""
_MOST_BLOCKS = 20
"""Of headers in these lines that are looked at: what was forwarded again and again has one for each
time.
"""
_BLOCK = 8
"""Lines a block of headers has."""
_FEWEST_OTHERS = 2
_OTHERS = frozenset(OTHER_LABELS)
_BRACKETED = re.compile(
    r"\[\s*(?:mailto:)?([^\[\]\s@]{1,64}@[^\[\]\s@]{1,255})\s*\]", re.IGNORECASE
)
_Labels = list[tuple[str, str] | None]


def is_forwarded(subject: str, text: str) -> bool:
    """Whether a mail carries another on, by its subject or the line above what it carries."""
    return _SUBJECT.match(subject) is not None or any(map(is_forward_line, _lines(text)))


def original_sender(subject: str, text: str, carried: Sequence[Carried]) -> Address | None:
    """Who wrote the mail that this one carries on, below a line or a block of headers or as a file;
    None if it does not say.
    """
    files = (one.from_ for one in carried if len(one.path) == 1)
    written = (one for one in files if one and not why_unanswerable(one.addr))
    return (_in_text(text) if is_forwarded(subject, text) else None) or next(written, None)


def told_apart(text: str) -> tuple[str, str]:
    """Returns what somebody wrote above the mail they carry on, and that mail; all is theirs where
    none is below.
    """
    lines, head = text.splitlines(), _lines(text)
    begin = next((n for n, line in enumerate(head) if is_forward_line(line)), None)
    if begin is None:
        labels = _labels(head)
        blocks = (_top_of(labels, at) for at in _blocks(labels) if _named_at(head, labels, at))
        begin = next(blocks, len(lines))
    return "\n".join(lines[:begin]).strip().rstrip("_- \n"), "\n".join(lines[begin:]).strip()


def _lines(text: str) -> list[str]:
    """The first lines, each as far as a header in a text is read."""
    return [line[: MAX_SIGN + 1] for line in text.splitlines()[:_MOST_LINES]]


def _labels(lines: list[str]) -> _Labels:
    return [label_of(line) for line in lines]


def _top_of(labels: _Labels, at: int) -> int:
    """Where the block of headers begins that this line is of."""
    while at and (said := labels[at - 1]) and said[0] in _OTHERS:
        at -= 1
    return at


def _in_text(text: str) -> Address | None:
    lines = _lines(text)
    begin = next((n for n, line in enumerate(lines) if is_forward_line(line)), 0)
    labels = _labels(lines)
    return next(filter(None, (_named_at(lines, labels, at) for at in _blocks(labels, begin))), None)


def _blocks(labels: _Labels, begin: int = 0) -> list[int]:
    """Where a line From stands among at least two other lines of a block of headers."""
    found = [
        at for at in range(begin, len(labels)) if (said := labels[at]) and said[0] in FROM_LABELS
    ]
    return [at for at in found if len(_others_around(labels, at)) >= _FEWEST_OTHERS][:_MOST_BLOCKS]


def _others_around(labels: _Labels, at: int) -> frozenset[str]:
    return _OTHERS.intersection(
        said[0] for said in labels[max(0, at - _BLOCK) : at + _BLOCK] if said
    )


def _named_at(lines: list[str], labels: _Labels, at: int) -> Address | None:
    """Who is named in the line From, or, where it was wrapped, in the one below: also as Outlook
    writes it, with the address in square brackets.
    """
    said = labels[at]
    if said is None:
        return None
    wrapped = lines[at + 1].lstrip("> \t") if at + 1 < len(lines) and "@" not in said[1] else ""
    line = f"{said[1]} {wrapped}".replace("mailto:", "")
    people = named_in([_BRACKETED.sub(r"<\1>", line)]).people
    return next((one for one in people if not why_unanswerable(one.addr)), None)
