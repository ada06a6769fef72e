"""MIME structure (RFC 2045–2046): one mail in, its leaves out, under limits.

Own splitter instead of the standard parser because limits must hold *while* splitting: the standard
one recurses without bound and slows down with every level of nesting.
"""

from __future__ import annotations

import binascii
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from deskbook.channels.email import headers as fields
from deskbook.refusals.kept import kept

MAX_DEPTH = 50
MAX_PARTS = 1_000
MAX_SEARCHED = 200_000_000
"""Bytes looked through for boundaries: each level of nesting looks through all that is below it
again.
"""

_GUESSED_BOUNDARY = re.compile(rb"(?mi)^--([^\s][^\r\n]{0,199})\r?\n(?=Content-)")
_PLAIN_ID = re.compile(r"[A-Za-z0-9.@_+-]{1,255}")
LINE = re.compile(rb"[^\r\n]+")
UU_BEGIN = re.compile(rb"(?m)^begin [0-7]{3,4} ([^\r\n]*)\r?\n")


@dataclass(frozen=True, slots=True)
class Part:
    """One entity. `body` is still transfer-encoded; `within` names the multipart types around it,
    outermost first.

    A body is a view of the mail it stands in: fifty levels of it cost no more memory than one.
    """

    headers: fields.Headers
    body: bytes | memoryview
    within: tuple[str, ...] = ()
    parameters: dict[str, str] = field(default_factory=dict)
    content_type: str = "text/plain"
    unsplit: bool = False

    @property
    def disposition(self) -> str:
        """`attachment`, `inline` or empty."""
        return fields.token(fields.first(self.headers, "Content-Disposition"))

    @property
    def filename(self) -> str:
        """The name the sender gave, decoded but not yet safe; empty when none."""
        given = fields.parameters(fields.first(self.headers, "Content-Disposition"))
        return given.get("filename") or self.parameters.get("name", "")

    @property
    def content_id(self) -> str | None:
        """The id by which `cid:` links name this part, without `<>`; none when it is not a plain
        word.

        RFC 2045 allows nearly anything; what a quote or a bracket could do to a page it is not
        worth.
        """
        given = fields.words(fields.first(self.headers, "Content-ID")).strip("<> ")
        return given if _PLAIN_ID.fullmatch(given) else None

    def content(self) -> bytes:
        """The body with its transfer encoding undone; what is damaged is read as far as it goes."""
        encoding = fields.token(fields.first(self.headers, "Content-Transfer-Encoding"))
        if encoding == "base64":
            words = self.content_type.startswith("text/")
            return fields.unbase64_of_words(self.body) if words else fields.unbase64(self.body)
        if encoding == "quoted-printable":
            return quopri.decodestring(self.body)
        if encoding in ("x-uuencode", "uuencode", "x-uue"):
            return _unuuencode(self.body)
        return bytes(self.body)


@dataclass(slots=True)
class Splitter:
    """Walks one mail. `defects` fills while `leaves` is read."""

    defects: list[str] = field(default_factory=list)
    seen: int = 0
    searched: int = 0

    def leaves(self, whole: Part) -> Iterator[Part]:
        """The parts that are no multipart, in order. Past the limits a multipart comes whole,
        marked `unsplit`.
        """
        yield from self._below(whole, 0)

    def _below(self, part: Part, depth: int) -> Iterator[Part]:
        if not part.content_type.startswith("multipart/"):
            yield part
        elif (
            depth >= MAX_DEPTH
            or self.seen >= MAX_PARTS
            or self.searched + len(part.body) > MAX_SEARCHED
        ):
            self._say(kept("mended.unopened", depth=MAX_DEPTH, parts=MAX_PARTS))
            yield Part(
                part.headers,
                part.body,
                part.within,
                part.parameters,
                part.content_type,
                unsplit=True,
            )
        else:
            for child in self._children(part):
                yield from self._below(child, depth + 1)

    def _children(self, part: Part) -> Iterator[Part]:
        within = (*part.within, part.content_type)
        self.searched += len(part.body)
        boundary = self._boundary(part)
        spans, closed = _between(part.body, boundary) if boundary else ([], True)
        if not spans:
            self._say(kept("mended.no_boundary"))
            yield Part((), part.body, within)
            return
        if not closed:
            self._say(kept("mended.cut_off"))
        default = "message/rfc822" if part.content_type == "multipart/digest" else "text/plain"
        for begin, end in spans:
            self.seen += 1
            if self.seen > MAX_PARTS:
                self._say(kept("mended.many_parts", parts=MAX_PARTS))
                rest = part.body[begin : spans[-1][1]]
                yield Part((), rest, within, content_type="application/octet-stream", unsplit=True)
                return
            head, body = fields.split(memoryview(part.body)[begin:end])
            yield entity(head, body, within, default)

    def _boundary(self, part: Part) -> bytes:
        declared = part.parameters.get("boundary", "").encode("utf-8", "replace").rstrip()
        if declared and re.search(rb"(?m)^--" + re.escape(declared), part.body):
            return declared
        guess = _GUESSED_BOUNDARY.search(part.body)
        if guess:
            self._say(kept("mended.other_boundary"))
            return bytes(guess[1]).rstrip(b" \t")
        return b""

    def _say(self, what: str) -> None:
        if what not in self.defects:
            self.defects.append(what)


def entity(
    head: fields.Headers,
    body: bytes | memoryview,
    within: tuple[str, ...],
    default: str = "text/plain",
) -> Part:
    """A part from its headers and body, with its type read; a type that is none counts as plain
    text (RFC 2045 5.2).
    """
    declared = fields.first(head, "Content-Type")
    content_type = fields.token(declared)
    if not re.fullmatch(r"[a-z0-9!#$&^_.+-]{1,127}/[a-z0-9!#$&^_.+-]{1,127}", content_type):
        content_type = (
            default if not declared or "/" not in content_type else "application/octet-stream"
        )
    return Part(head, body, within, fields.parameters(declared) if declared else {}, content_type)


def _between(body: bytes | memoryview, boundary: bytes) -> tuple[list[tuple[int, int]], bool]:
    """Spans of the parts, and whether the closing delimiter was there. The line end before a
    delimiter belongs to it.
    """
    delimiter = re.compile(rb"(?m)^--" + re.escape(boundary) + rb"(--)?[ \t]*(?:\r?\n|\r|\Z)")
    spans: list[tuple[int, int]] = []
    begin: int | None = None
    for found in delimiter.finditer(body):
        if begin is not None:
            end = found.start() - (
                2 if body[max(0, found.start() - 2) : found.start()] == b"\r\n" else 1
            )
            spans.append((begin, max(begin, end)))
        if found[1]:
            return spans, True
        begin = found.end()
        if len(spans) > MAX_PARTS + 1:
            break
    if begin is not None and begin < len(body):
        spans.append((begin, len(body)))
    return spans, False


def _unuuencode(body: bytes | memoryview) -> bytes:
    begin = UU_BEGIN.search(body)
    out = bytearray()
    for found in LINE.finditer(body, begin.end() if begin else 0):
        line = bytes(found[0])
        if line.strip() in (b"end", b"`", b""):
            break
        try:
            out += binascii.a2b_uu(line)
        except binascii.Error:
            # Not decoded but not lost either: a person may still make sense of the line.
            out += line + b"\n"
    return bytes(out)
