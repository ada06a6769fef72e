"""Files of a message, and the mails among them, as console and portal show them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.safestring import SafeString

from deskbook.tickets.thread import Kept
from deskbook.web.mail_html import file_url, mail_html


@dataclass(frozen=True, slots=True)
class File:
    name: str
    size: int
    url: str


@dataclass(frozen=True, slots=True)
class CarriedMail:
    """A mail that came as a file, folded beneath what it came with."""

    wrote: str
    at: datetime | None
    subject: str
    text: str
    html: SafeString | str
    files: Sequence[File]
    pictures: Sequence[File]
    """Those its HTML shows."""
    carried: Sequence[CarriedMail]


def files_shown(
    files: Iterable[Kept], pictures: frozenset[int], within: int | None = None
) -> list[File]:
    """Returns the files of a message, or of one mail it carries, but those the page shows as
    pictures.
    """
    listed = (kept for kept in files if kept.within == within and kept.id not in pictures)
    return [File(kept.name, kept.size, file_url(kept)) for kept in listed]


def pictures_shown(
    files: Iterable[Kept], pictures: frozenset[int], within: int | None = None
) -> list[File]:
    """Returns those of the same that the page shows as pictures."""
    own = (kept for kept in files if kept.within == within)
    return files_shown((kept for kept in own if kept.id in pictures), frozenset(), within)


def carried_mails(files: Sequence[Kept], within: int | None = None) -> list[CarriedMail]:
    """Returns the mails among the files of a message, or of one it carries."""
    return [_shown(one, files) for one in files if one.mail and one.within == within]


def _shown(file: Kept, files: Sequence[Kept]) -> CarriedMail:
    assert file.mail  # no other file is shown so
    wrote, written_at, subject, text, words = file.mail
    html, pictures = mail_html(words, [one for one in files if one.within == file.id])
    own = files_shown(files, pictures, file.id)
    seen = pictures_shown(files, pictures, file.id)
    inner = carried_mails(files, file.id)
    return CarriedMail(wrote, written_at, subject, text, html, own, seen, inner)
