"""What Outlook wraps into a winmail.dat (MS-OXTNEF): its files, and its words where the mail has
none of its own.

Read in the process in which mails are read: what is made to cost more than that has is kept closed.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from mimetypes import guess_type
from struct import unpack_from
from typing import TYPE_CHECKING

from deskbook.channels.email.body import is_words
from deskbook.channels.email.parts import Part
from deskbook.refusals.kept import kept, stored

if TYPE_CHECKING:  # read where it is needed: few mails have one
    from tnefparse.tnef import TNEF, TNEFAttachment

TYPES = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
NAME = "winmail.dat"
MOST_BYTES = 20 * 1024 * 1024
MOST_OBJECTS = 2_000
_SIGNATURE = b"\x78\x9f\x3e\x22"
_USUAL_CODEPAGE = b"\x01\x07\x90\x06\x00\x08\x00\x00\x00\xe4\x04\x00\x00\x00\x00\x00\x00\xe8\x00"
"""An attOemCodepage of 1252: the library reads no name without one, and a later one overrules it.
"""
# It tells the log of every property it cannot read.
logging.getLogger("tnefparse").setLevel(logging.CRITICAL)


class Closed(ValueError):
    """It cannot be opened; the text says why, to stand after the name of the file."""


@dataclass(slots=True)
class Unwrapped:
    """The parts of a mail with what was in a winmail.dat in its place. `defects` says what could
    not be opened.
    """

    leaves: list[Part] = field(default_factory=list)
    defects: list[str] = field(default_factory=list)


def unwrapped(leaves: Sequence[Part], *, at_all: bool = True) -> Unwrapped:
    """The parts, each winmail.dat opened; one that is broken stays a file. `at_all` False leaves
    every one closed.
    """
    found = Unwrapped()
    has_words = any(is_words(leaf) and leaf.content().strip() for leaf in leaves)
    for leaf in leaves:
        if not is_winmail(leaf):
            found.leaves.append(leaf)
            continue
        try:
            if not at_all:
                raise Closed(kept("winmail.costly"))
            found.leaves += _inside(leaf, words=not has_words)
        except Closed as closed:
            found.leaves.append(leaf)
            found.defects.append(
                kept("winmail.kept", file=(leaf.filename or NAME)[:80], why=stored(str(closed)))
            )
    return found


def is_winmail(part: Part) -> bool:
    """Whether a part is one, by its type or, where that says nothing, by its name."""
    return part.content_type in TYPES or part.filename.strip().lower() == NAME


def _inside(leaf: Part, *, words: bool) -> list[Part]:
    """What is in it; with the whole of it as a file where an item in it is no file that anybody
    could open.
    """
    read = _read(leaf.content())
    files = [one for one in read.attachments if one.data and not hasattr(one, "embed")]
    inside = [*(_words(read) if words else ()), *(_file(read, one) for one in files)]
    if not inside:
        raise Closed(kept("winmail.nothing"))
    return inside if len(files) == len(read.attachments) else [*inside, leaf]


def _read(content: bytes) -> TNEF:
    if len(content) > MOST_BYTES:
        raise Closed(kept("winmail.large", megabytes=MOST_BYTES // 1_048_576))
    from tnefparse.tnef import TNEF

    _look_through(content)
    try:
        return TNEF(content[:6] + _USUAL_CODEPAGE + content[6:], do_checksum=False)
    except MemoryError:
        raise
    except Exception as broken:  # whatever a library makes of a stranger's bytes
        raise Closed(kept("winmail.broken", error=type(broken).__name__)) from None


def _look_through(content: bytes) -> None:
    """Raises Closed where it is cut off or has too many pieces. Each piece is a level, a name, a
    type, a length, data and a checksum (MS-OXTNEF, 2.1.3).
    """
    if content[:4] != _SIGNATURE:
        raise Closed(kept("winmail.foreign"))
    count, at = 0, 6
    while at + 9 <= len(content):
        at += 11 + unpack_from("<I", content, at + 5)[0]
        count += 1
        if count > MOST_OBJECTS:
            raise Closed(kept("winmail.pieces", most=MOST_OBJECTS))
    if at > len(content) + 2 or content[at:].strip(b"\0\r\n"):
        # Some programs leave out the last checksum.
        raise Closed(kept("winmail.cut_off"))


def _words(read: TNEF) -> Iterator[Part]:
    within = ("multipart/alternative",) if read.body and read.htmlbody else ()
    for content_type, words in (("text/plain", read.body), ("text/html", read.htmlbody)):
        if isinstance(words, str):
            yield Part((), words.strip("\0").encode(), within, {"charset": "utf-8"}, content_type)
        elif words:
            known = {"charset": read.codepage} if content_type == "text/plain" else {}
            yield Part((), words.strip(b"\0"), within, known, content_type)


def _file(read: TNEF, one: TNEFAttachment) -> Part:
    from tnefparse.properties import MAPI_ATTACH_CONTENT_ID, MAPI_ATTACH_LONG_FILENAME

    more = {
        attribute.name: attribute.data
        for attribute in one.mapi_attrs
        if isinstance(attribute.data, str)
    }
    name = more.get(MAPI_ATTACH_LONG_FILENAME) or one._name  # its own decoding takes UTF-8 alone
    name = name if isinstance(name, str) else name.decode(read.codepage, "replace")
    content_id = more.get(MAPI_ATTACH_CONTENT_ID, "")
    headers = (("Content-ID", f"<{content_id}>"),) if content_id else ()
    name = name.strip("\0 ")
    content_type = guess_type(name)[0] or "application/octet-stream"
    return Part(headers, one.data, (), {"name": name}, content_type)
