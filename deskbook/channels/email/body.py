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

MAX_TEXT = 1_000_000
MAX_HTML = 2_000_000
MAX_BYTES_OF_A_CHARACTER = 8
"""More than any charset takes, its escapes included."""

_ENCRYPTED = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime", "application/pgp-encrypted"})


@dataclass(slots=True)
class Body:
    """What can be shown of a mail. `kept` are the parts that are files, among them words too long to show whole."""

    texts: list[str] = field(default_factory=list)
    htmls: list[str] = field(default_factory=list)
    kept: list[Part] = field(default_factory=list)
    defects: list[str] = field(default_factory=list)
    read: Counter[str] = field(default_factory=Counter)
    """Characters of words taken in, by content type."""

    @property
    def text(self) -> str:
        """The words, part after part."""
        return "\n\n".join(t.strip("\r\n") for t in self.texts if t.strip())

    @property
    def html(self) -> str | None:
        """The sanitised HTML, or None when no part had any."""
        return "\n".join(self.htmls) or None


def read_body(leaves: Sequence[Part]) -> Body:
    """The words of the mail and the parts left over as files, in the order of the mail."""
    body = Body()
    for group in _alternatives(leaves):
        _add(body, group)
    if not body.text:
        body.texts.append(_instead_of_words(leaves))
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
    if part.unsplit or part.content_type not in ("text/plain", "text/html"):
        return False
    return part.disposition != "attachment" and not part.filename


def _add(body: Body, group: list[Part]) -> None:
    if not is_words(group[0]):
        body.kept.append(group[0])
        if group[0].content_type == "text/calendar":
            body.texts.append(summary(_decoded(body, group[0], MAX_CALENDAR)[0]))
        return
    plain = "\n\n".join(_plain(body, p) for p in group if p.content_type == "text/plain")
    html = "\n".join(_html(body, p) for p in group if p.content_type == "text/html")
    body.texts.append(plain if plain.strip() else html_to_text(html)[:MAX_TEXT])
    if html:
        body.htmls.append(sanitise(html))
    elif body.htmls and plain.strip():
        # An HTML view must not hide what was written as plain text after it, as Apple Mail does around attachments.
        body.htmls.append(f"<pre>{escape(plain)}</pre>")


def _plain(body: Body, part: Part) -> str:
    text = _read(body, part, MAX_TEXT)
    if part.parameters.get("format", "").lower() == "flowed":
        text = unflow(text, delsp=part.parameters.get("delsp", "").lower() == "yes")
    return text


def _html(body: Body, part: Part) -> str:
    return _read(body, part, MAX_HTML)


def _read(body: Body, part: Part, limit: int) -> str:
    """The words of a part as far as they fit beside those of its kind before it; one that is cut is kept whole."""
    room = limit - body.read[part.content_type]
    text, beyond = _decoded(body, part, room)
    body.read[part.content_type] += len(text)
    if beyond:
        body.kept.append(part)
        said = f"Only the first {limit:,} characters of the text are shown; the whole is attached."
        body.defects += [said] if said not in body.defects else []
    return text


def _decoded(body: Body, part: Part, room: int) -> tuple[str, bool]:
    """At most `room` characters of the part, and whether there are more: bytes past any use are not decoded."""
    content = part.content()
    most = MAX_BYTES_OF_A_CHARACTER * room
    text, complaint = decode(content[:most], _charset(part, content), whole=len(content) <= most)
    if complaint and complaint not in body.defects and not text.isascii():
        body.defects.append(complaint)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text[:room], len(content) > most or len(text) > room


def _charset(part: Part, content: bytes) -> str | None:
    """The charset declared for a part; HTML sent without one, or by one that says nothing, may name its own."""
    declared = part.parameters.get("charset")
    if part.content_type == "text/html" and codec_for(declared) in (None, "ascii"):
        return declared_in_html(content) or declared
    return declared


def _instead_of_words(leaves: Sequence[Part]) -> str:
    types = {leaf.content_type for leaf in leaves}
    if types & _ENCRYPTED:
        return "(This mail is encrypted or signed as a whole; its content is in the attachment.)"
    return ""
