"""Mails that a mail carries as files (RFC 2046, 5.2.1), opened to be read and found: words of
others, acts of nobody.

The files themselves stay as they came. What is past the limits is in them alone.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import replace

from deskbook.channels.email import headers as fields
from deskbook.channels.email.addressees import named_in
from deskbook.channels.email.attachments import keep
from deskbook.channels.email.body import read_body
from deskbook.channels.email.mail import Attachment, Carried
from deskbook.channels.email.parts import Splitter, entity
from deskbook.channels.email.pictures import shown_in

TYPES = frozenset({"message/rfc822", "message/global"})
MOST_MAILS = 20
MOST_DEPTH = 3
"""A mail in a mail in a mail."""
MOST_BYTES = 10 * 1024 * 1024
"""Of one mail that is opened, and of all files in all of them: each is kept once more beside the
mail it lies in.
"""
MOST_TEXT = 100_000
MOST_HTML = 200_000
"""Characters; a longer one is shown as its text."""
_MOST_NAMED = 8_000
_OF_A_MAIL = frozenset({"from", "date", "subject", "message-id"})


def carried_in(files: Sequence[Attachment]) -> tuple[Carried, ...]:
    """Returns the mails among the files, and those among theirs, the outer ones first."""
    found: list[Carried] = []
    waiting, room = deque(_mails((), files)), MOST_BYTES
    while waiting and len(found) < MOST_MAILS:
        path, file = waiting.popleft()
        mail = _opened(path, file.content)
        if mail is None:
            continue
        fitting = tuple(_as_far_as(room, mail.attachments))
        room -= sum(len(one.content) for one in fitting)
        found.append(replace(mail, attachments=fitting))
        if len(path) < MOST_DEPTH:
            waiting += _mails(path, fitting)
    return tuple(found)


def is_mail(file: Attachment) -> bool:
    """Whether a file is a mail, by its type or, where that says nothing, by its name."""
    return file.content_type in TYPES or file.filename.lower().endswith(".eml")


def _mails(
    path: tuple[int, ...], files: Sequence[Attachment]
) -> Iterator[tuple[tuple[int, ...], Attachment]]:
    yield from (((*path, at), file) for at, file in enumerate(files) if is_mail(file))


def _as_far_as(room: int, files: Sequence[Attachment]) -> Iterator[Attachment]:
    for file in files:
        room -= len(file.content)
        if room < 0:
            return
        yield file


def _opened(path: tuple[int, ...], content: bytes) -> Carried | None:
    if len(content) > MOST_BYTES:
        return None
    head, rest = fields.split(memoryview(content))
    if not _OF_A_MAIL.intersection(name.lower() for name, _value in head):
        return None
    body = read_body(tuple(Splitter().leaves(entity(head, rest, ()))))
    html = body.html or ""
    shown = shown_in(html, [part.content_id for part in body.kept if part.content_id])
    return Carried(
        path=path,
        from_=next(iter(named_in([fields.first(head, "From")], _MOST_NAMED).people), None),
        date=fields.instant(fields.first(head, "Date")),
        subject=fields.words(fields.first(head, "Subject"))[:500],
        text=body.text[:MOST_TEXT],
        html=html if len(html) <= MOST_HTML else "",
        only_in_html=" ".join(body.only_in_html)[:MOST_TEXT],
        attachments=tuple(
            keep(part, number, shown) for number, part in enumerate(body.kept, start=1)
        ),
    )
