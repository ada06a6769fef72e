"""Files that stand in the words of a mail as uuencode, from before MIME: `begin 644 name` … `end`
(POSIX.1-2017, uuencode).
"""

from __future__ import annotations

import binascii
from collections.abc import Iterator, Sequence
from dataclasses import replace
from mimetypes import guess_type

from deskbook.channels.email.body import is_words
from deskbook.channels.email.parts import LINE, UU_BEGIN, Part

MOST_FILES = 100


def without_files(leaves: Sequence[Part]) -> list[Part]:
    """Returns the parts, each file that stands in plain words whole after them; what only looks
    like one, or is cut off, stays among the words.
    """
    return [part for leaf in leaves for part in _taken_apart(leaf)]


def _taken_apart(leaf: Part) -> Iterator[Part]:
    may_hold = leaf.content_type == "text/plain" and is_words(leaf) and UU_BEGIN.search(leaf.body)
    content = leaf.content() if may_hold else b""
    found = list(_files(content))
    if not found:
        yield leaf
        return
    edges = [0, *(edge for begin, end, _file in found for edge in (begin, end)), len(content)]
    words = b"".join(content[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True))
    headers = tuple(
        (name, value) for name, value in leaf.headers if name.lower() != "content-transfer-encoding"
    )
    yield replace(leaf, headers=headers, body=words)
    yield from (file for _begin, _end, file in found)


def _files(content: bytes) -> Iterator[tuple[int, int, Part]]:
    """Each file with where its lines begin and end. No line is looked at twice: one that begins a
    file is none of a file's.
    """
    at, count = 0, 0
    while count < MOST_FILES and (begin := UU_BEGIN.search(content, at)):
        read = _read(content, begin.end())
        at = begin.end()
        if read is not None:
            data, at = read
            name = begin[1].decode("utf-8", "replace").strip()
            kind = guess_type(name)[0] or "application/octet-stream"
            yield begin.start(), at, Part((), data, (), {"name": name}, kind)
            count += 1


def _read(content: bytes, at: int) -> tuple[bytes, int] | None:
    """The bytes of a file and where its `end` ends; None where a line is none of a file's, or there
    is no end.
    """
    data = bytearray()
    for found in LINE.finditer(content, at):
        line = found[0].rstrip()
        if line == b"end":
            return bytes(data), found.end()
        try:
            # Some programs end a line with a checksum.
            data += binascii.a2b_uu(line[: ((line[0] - 32 & 63) * 4 + 5) // 3] if line else b"`")
        except binascii.Error:
            return None
    return None
