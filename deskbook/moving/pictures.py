"""An article's words as Markdown, with those of its pictures that are in the export: an export says
their addresses, and holds them as it holds files of messages, or within the words themselves.
"""

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from markdown_it.common.normalize_url import normalizeLink
from markdown_it.common.utils import unescapeAll

from deskbook.knowledge.images import MOST, address_of, why_no_image
from deskbook.moving.as_markdown import written_apart
from deskbook.moving.nouns import Article
from deskbook.moving.parts import Parts, bytes_of, why_absent
from deskbook.moving.values import Unread
from deskbook.people.apart import Limits, Over, done_within
from deskbook.people.models import HelpDesk
from deskbook.refusals.kept import read, stored
from deskbook.refusals.refusal import Refusal

LIMITS = Limits()
"""Of turning one article into Markdown."""
_WITHIN = re.compile(r"data:image/[a-z+.-]{1,20};base64,([A-Za-z0-9+/=]+)", re.ASCII)
_ADDRESS = re.compile(
    r"(?P<opens>\]\(|\]:[ \t]*)"
    r"(?:<(?P<bracketed>[^<>\n]+)>|(?P<bare>(?:[^\s()<>]|\([^\s()<>]*\))+))"
)
"""Of a link or a picture, there and then or as a reference."""
_PLACE = "embedded-picture-{}"


class Picture(NamedTuple):
    """One that comes along."""

    name: str
    data: bytes


@dataclass(slots=True)
class Pictures:
    """Those of an article that come, and the files that do not, each with why and what it was."""

    kept: list[Picture] = field(default_factory=list)
    left_out: list[tuple[Refusal, str]] = field(default_factory=list)


def with_pictures(article: Article, desk: HelpDesk, parts: Parts) -> tuple[str, Pictures]:
    """Returns an article's Markdown, which names the pictures that come by their addresses here.
    Raises Unread.
    """
    html, within = _taken_out(article.html)
    markdown, own = _taken_out(article.markdown, len(within))
    within |= own
    body, named = _written(html, markdown)
    found, places = Pictures(), dict[str, str]()
    for address in named:
        picture = _found(address, within, parts, found)
        if picture and len(found.kept) >= MOST:
            many = Refusal("moving: article pictures", most=MOST, address=address[:200])
            found.left_out.append((many, address))
        elif picture:
            found.kept.append(picture)
            places[address] = address_of(desk, sha256(picture.data).hexdigest())
    for file in article.files:
        left = Refusal("moving: article file", name=file.name[:200])
        found.left_out.append((left, file.address))
    return _led_here(body, places), found


def _led_here(body: str, places: Mapping[str, str]) -> str:
    """Returns words whose addresses lead to `places`, where these have one for them: each address
    is read whole, as whoever reads Markdown does, and written anew once.
    """

    def here(there: re.Match[str]) -> str:
        address = normalizeLink(unescapeAll(there["bracketed"] or there["bare"]))
        return f"{there['opens']}{places[address]}" if address in places else there[0]

    return _ADDRESS.sub(here, body)


def _written(html: str, markdown: str) -> tuple[str, tuple[str, ...]]:
    try:
        written = done_within(LIMITS, written_apart, html, markdown)
    except Over as over:
        raise Unread("moving: article costly", why=stored(str(over))) from None
    if refusal := read(written.problem):
        raise Unread(refusal)
    return written.body, written.pictures


def _taken_out(words: str, first: int = 0) -> tuple[str, dict[str, bytes]]:
    """Returns words with a short address for each picture that stands within them, and those."""
    within = dict[str, bytes]()

    def out(found: re.Match[str]) -> str:
        try:
            data = base64.b64decode(found[1])
        except binascii.Error:
            return ""
        place = _PLACE.format(first + len(within) + 1)
        within[place] = data
        return place

    return _WITHIN.sub(out, words), within


def _found(address: str, within: dict[str, bytes], parts: Parts, found: Pictures) -> Picture | None:
    """Returns a picture that is in the export, and notes why another does not come."""
    name, lies_at = _lies_at(address)
    data = within.get(address)
    problem = None if data is not None else why_absent(parts, name, lies_at)
    if problem and problem.code == "moving: file absent":
        problem = Refusal("moving: article picture", address=address[:200])
    if problem is None:
        data = data if data is not None else bytes_of(parts, lies_at) or b""
        problem = why_no_image(data, name)
    if problem:
        found.left_out.append((problem, address))
        return None
    return Picture(name, data or b"")


def _lies_at(address: str) -> tuple[str, tuple[str, ...]]:
    """Returns what a picture is called and where it may lie in an export: as files of messages do,
    by the last number in its address and its name, or as its address says.
    """
    path = unquote(urlsplit(address).path).strip("/")
    parts = path.split("/")
    numbers = [part for part in parts if part.isdecimal()]
    id_, name = (numbers[-1] if numbers else ""), parts[-1] or "picture"
    by_id = (f"attachments/{id_}/{name}", f"attachments/{id_}") if id_ else ()
    return name, (*by_id, path, f"media/{path}", f"attachments/{name}")
