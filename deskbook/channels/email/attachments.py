"""Parts kept as files, under names that are safe to store and to show."""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Set as AbstractSet

from deskbook.channels.email.mail import Attachment
from deskbook.channels.email.parts import Part

MAX_NAME_BYTES = 180

_UNSAFE = re.compile('[\x00-\x1f\x7f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff<>:"/\\\\|?*]+')
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?")
_KNOWN = {
    "text/calendar": ".ics",
    "message/rfc822": ".eml",
    "application/ms-tnef": ".dat",
    "text/plain": ".txt",
}


def keep(part: Part, number: int, shown: AbstractSet[str] = frozenset()) -> Attachment:
    """The part as an attachment; `number` (from 1) names it when the sender did not. `shown` are
    ids the HTML shows.
    """
    content_type = "application/octet-stream" if part.unsplit else part.content_type
    return Attachment(
        filename=safe_name(part.filename, content_type, number),
        content_type=content_type,
        content_id=part.content_id,
        content=bytes(part.body) if part.unsplit else part.content(),
        inline=part.content_id in shown,
    )


def safe_name(given: str, content_type: str, number: int) -> str:
    """A file name without path, control or direction characters, short enough for any disk, never
    empty or reserved.
    """
    name = re.split(r"[/\\]", given.strip())[-1]
    name = _UNSAFE.sub("_", name).strip(" .")
    if not name.strip("_"):
        return f"attachment-{number}{_extension(content_type)}"
    if _RESERVED.fullmatch(name):
        name = f"_{name}"
    return _shortened(name)


def _extension(content_type: str) -> str:
    return _KNOWN.get(content_type) or mimetypes.guess_extension(content_type) or ".bin"


def _shortened(name: str) -> str:
    stem, dot, extension = name.rpartition(".")
    if not stem or len(extension.encode()) > 20:
        stem, dot, extension = name, "", ""
    room = MAX_NAME_BYTES - len((dot + extension).encode())
    return stem.encode()[:room].decode("utf-8", "ignore") + dot + extension
