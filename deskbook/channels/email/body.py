"""Which parts of a mail are its words, and what they say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape

from deskbook.channels.email.charset import codec_for, declared_in_html, decode
from deskbook.channels.email.flowed import unflow
from deskbook.channels.email.html import html_to_text, sanitise
from deskbook.channels.email.invitation import MAX_CALENDAR, summary
from deskbook.channels.email.parts import Part
from deskbook.refusals.kept import kept

MAX_TEXT = 1_000_000
MAX_HTML = 2_000_000
MAX_BYTES_OF_A_CHARACTER = 8
"""More than any charset takes, its escapes included."""

ENCRYPTED = "(This mail is encrypted or signed as a whole; its content is in the attachment.)"
"""The words of such a mail, which are the desk's own: they are kept so. web/mail_html.py says them
to each reader.
"""

_WORDS = ("text/plain", "text/html")
_MOST_OF_A_PLACEHOLDER = 1_000
"""Characters."""
_ENCRYPTED = frozenset(
    {"application/pkcs7-mime", "application/x-pkcs7-mime", "application/pgp-encrypted"}
)


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of one part, or of one choice of parts, with the HTML they were also sent as."""

    text: str
    html: str = ""


@dataclass(slots=True)
class Body:
    """What can be shown of a mail. `kept` are the parts that are files, among them words too long
    to show whole.
    """

    pieces: list[Piece] = field(default_factory=list)
    kept: list[Part] = field(default_factory=list)
    defects: list[str] = field(default_factory=list)
    read: Counter[str] = field(default_factory=Counter)
    """Characters of words taken in, by content type."""
    only_in_html: list[str] = field(default_factory=list)
    """Words that the plain text leaves out."""

    @property
    def text(self) -> str:
        """The words, part after part."""
        return "\n\n".join(piece.text.strip("\r\n") for piece in self.pieces if piece.text.strip())

    @property
    def html(self) -> str | None:
        """The sanitised HTML, or None when no part had any. It hides nothing that was written or
        said beside it.
        """
        if not any(piece.html for piece in self.pieces):
            return None
        shown = (
            p.html or f"<pre>{escape(p.text)}</pre>"
            for p in self.pieces
            if p.html or p.text.strip()
        )
        return "\n".join(shown)


def read_body(leaves: Sequence[Part]) -> Body:
    """The words of the mail and the parts left over as files, in the order of the mail."""
    body = Body()
    only = _only_text(leaves)
    for group in _alternatives(leaves):
        _add(body, group)
        if group[0] is only:
            _add_words(body, group)
    if not body.text:
        body.pieces.append(Piece(_instead_of_words(leaves)))
    return body


def _alternatives(leaves: Sequence[Part]) -> list[list[Part]]:
    """Leaves in groups: those of one multipart/alternative together, any other alone."""
    groups: list[list[Part]] = []
    open_ = False
    for leaf in leaves:
        choice = is_words(leaf) and "multipart/alternative" in leaf.within
        if choice and open_ and leaf.content_type not in {p.content_type for p in groups[-1]}:
            groups[-1].append(leaf)
        else:
            groups.append([leaf])
        open_ = choice
    return groups


def is_words(part: Part) -> bool:
    """Whether a part is meant to be read in the mail itself, not saved as a file."""
    if part.unsplit or part.content_type not in _WORDS:
        return False
    return part.disposition != "attachment" and not part.filename


def _only_text(leaves: Sequence[Part]) -> Part | None:
    """The text with a file name that is the message, because nothing else is; it is listed as a
    file too.
    """
    if any(is_words(leaf) for leaf in leaves):
        return None
    named = [leaf for leaf in leaves if _may_be_read(leaf) and not leaf.unsplit]
    return named[0] if len(named) == 1 and named[0].disposition != "attachment" else None


def _may_be_read(part: Part) -> bool:
    """A text of a kind that is not known is shown as plain text (RFC 2046 4.1.4); a calendar has a
    summary.
    """
    return part.content_type.startswith("text/") and part.content_type != "text/calendar"


def _add(body: Body, group: list[Part]) -> None:
    if is_words(group[0]):
        _add_words(body, group)
        return
    body.kept.append(group[0])
    if group[0].content_type == "text/calendar":
        said = "\n".join(piece.text for piece in body.pieces)
        body.pieces.append(Piece(summary(_decoded(body, group[0], MAX_CALENDAR)[0], said)))


def _add_words(body: Body, group: list[Part]) -> None:
    plain = "\n\n".join(_plain(body, p) for p in group if p.content_type != "text/html")
    html = "\n".join(_html(body, p) for p in group if p.content_type == "text/html")
    said = html_to_text(html)[:MAX_TEXT] if html else ""
    if not plain.strip() or _is_placeholder(plain, said):
        plain = said
    else:
        known = set(plain.split())
        body.only_in_html += dict.fromkeys(word for word in said.split() if word not in known)
    body.pieces.append(Piece(plain, sanitise(html) if html else ""))


def _is_placeholder(plain: str, said: str) -> bool:
    """Whether a plain text only says that there is HTML. In every language that says so the word is
    HTML.
    """
    words = plain.casefold().split()
    if (
        len(plain) > _MOST_OF_A_PLACEHOLDER
        or not any("html" in word for word in words)
        or not said.strip()
    ):
        return False
    known = set(said.casefold().split())
    return sum(word in known for word in words) * 2 < len(words)


def _plain(body: Body, part: Part) -> str:
    text = _read(body, part, MAX_TEXT)
    if part.parameters.get("format", "").lower() == "flowed":
        text = unflow(text, delsp=part.parameters.get("delsp", "").lower() == "yes")
    return text


def _html(body: Body, part: Part) -> str:
    return _read(body, part, MAX_HTML)


def _read(body: Body, part: Part, limit: int) -> str:
    """The words of a part as far as they fit beside those of its kind before it; one that is cut is
    kept whole.
    """
    room = limit - body.read[part.content_type]
    text, beyond = _decoded(body, part, room)
    body.read[part.content_type] += len(text)
    if beyond:
        body.kept.append(part)
        said = kept("mended.long_text", limit=limit)
        body.defects += [said] if said not in body.defects else []
    return text


def _decoded(body: Body, part: Part, room: int) -> tuple[str, bool]:
    """At most `room` characters of the part, and whether there are more: bytes past any use are not
    decoded.
    """
    content = part.content()
    most = MAX_BYTES_OF_A_CHARACTER * room
    text, complaint = decode(content[:most], _charset(part, content), whole=len(content) <= most)
    if complaint and complaint not in body.defects and not text.isascii():
        body.defects.append(complaint)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text[:room], len(content) > most or len(text) > room


def _charset(part: Part, content: bytes) -> str | None:
    """The charset declared for a part; HTML sent without one, or by one that says nothing, may name
    its own.
    """
    declared = part.parameters.get("charset")
    if part.content_type == "text/html" and codec_for(declared) in (None, "ascii"):
        return declared_in_html(content) or declared
    return declared


def _instead_of_words(leaves: Sequence[Part]) -> str:
    types = {leaf.content_type for leaf in leaves}
    if types & _ENCRYPTED:
        return ENCRYPTED
    return ""
