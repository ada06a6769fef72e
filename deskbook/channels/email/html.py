"""HTML of a stranger: made safe to show, and turned into the text it reads as."""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from html.parser import HTMLParser
from typing import Any

import nh3

from deskbook.channels.email.taming import tame

BLOCKED = (
    "data:image/svg+xml;charset=utf-8,%3Csvg xmlns='http://www.w3.org/2000/svg' width='24'"
    " height='24'%3E%3Crect width='24' height='24' fill='none' stroke='%23888'"
    " stroke-dasharray='3'/%3E%3C/svg%3E"
)
"""What stands in place of a remote image until the reader asks for it."""

_TAGS = frozenset(
    [
        "a",
        "abbr",
        "b",
        "blockquote",
        "br",
        "caption",
        "center",
        "code",
        "col",
        "colgroup",
        "dd",
        "del",
        "details",
        "div",
        "dl",
        "dt",
        "em",
        "font",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "i",
        "img",
        "ins",
        "kbd",
        "li",
        "ol",
        "p",
        "pre",
        "q",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "summary",
        "sup",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "tt",
        "u",
        "ul",
        "var",
        "wbr",
    ]
)
_DROPPED_WHOLE = frozenset(
    {
        "script",
        "style",
        "title",
        "noscript",
        "template",
        "iframe",
        "object",
        "svg",
        "math",
        "textarea",
        "select",
    }
)
_CELL = frozenset({"align", "valign", "colspan", "rowspan", "width"})
_ATTRIBUTES = {
    "*": {"dir", "lang", "title"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "font": {"color"},
    "ol": {"start", "type"},
    "table": {"align", "width", "border", "cellpadding", "cellspacing"},
    "td": set(_CELL),
    "th": set(_CELL),
}
_SCHEMES = {"http", "https", "mailto", "tel", "cid", "data"}
_INLINE_IMAGE = re.compile(
    r"data:image/(png|jpe?g|gif|webp);base64,[A-Za-z0-9+/=\s]*", re.IGNORECASE
)
_STRUCTURE = {tag: {"class", "id", "type"} for tag in ("div", "blockquote", "span", "p")}


def sanitise(html: str) -> str:
    """The HTML without scripts, styles, forms and handlers; `cid:` images stay for the caller to
    map.

    Remote images show a placeholder and keep their address in `data-remote-src`; links open apart
    and are not followed by crawlers.
    """
    return _REMOTE.sub(_blocked, nh3.clean(tame(html), **rules(_filtered)))


def rules(
    attribute_filter: Callable[[str, str, str], str | None], kept: AbstractSet[str] = frozenset()
) -> dict[str, Any]:
    """What `nh3.clean` may leave of a stranger's HTML; of our own marks on pictures those
    `kept`.
    """
    attributes = {tag: set(names) for tag, names in _ATTRIBUTES.items()}
    attributes["img"] |= kept
    return {
        "tags": set(_TAGS),
        "clean_content_tags": set(_DROPPED_WHOLE),
        "attributes": attributes,
        "attribute_filter": attribute_filter,
        "url_schemes": set(_SCHEMES),
        "link_rel": "noopener noreferrer nofollow",
    }


_VOID = frozenset({"br", "hr", "img", "wbr", "col", "meta", "link", "input"})
# As the cleaner writes them: every value in quotes, no quote in it.
_REMOTE = re.compile(
    r'(<img(?: (?!src=)[a-z-]+="[^"]*")*+ )src="((?:https?:)?//[^"]*)"', re.IGNORECASE
)


def _blocked(found: re.Match[str]) -> str:
    return f'{found[1]}src="{BLOCKED}" data-remote-src="{found[2]}"'


def _filtered(tag: str, attribute: str, value: str) -> str | None:
    scheme = value.strip().lower()
    if attribute == "href" and not scheme.startswith(
        ("http:", "https:", "mailto:", "tel:", "//", "#")
    ):
        return None  # a link to a page of the desk's own is not a stranger's to write
    if attribute == "src":
        shown = scheme.startswith(("cid:", "http://", "https://", "//")) or _INLINE_IMAGE.fullmatch(
            value.strip()
        )
        return value.strip() if shown else None
    return value


def html_to_text(html: str) -> str:
    """The text the HTML reads as. Quoted mail keeps its place as `> ` lines, so a reply can be told
    from what it answers.
    """
    # Cleaned first: the standard parser is slow and lenient on broken mark-up, and clean mark-up is
    # neither.
    well_formed = nh3.clean(
        tame(html),
        tags=set(_TAGS),
        clean_content_tags=set(_DROPPED_WHOLE),
        attributes={**_STRUCTURE, "a": {"href"}, "img": {"alt"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel=None,
    )
    writer = _Writer()
    writer.feed(well_formed)
    writer.close()
    return writer.text()


_BREAKING = frozenset(
    [
        "blockquote",
        "caption",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "li",
        "ol",
        "p",
        "pre",
        "summary",
        "table",
        "tr",
        "ul",
    ]
)
_SPACED = frozenset(
    ["blockquote", "dl", "h1", "h2", "h3", "h4", "h5", "h6", "ol", "p", "pre", "table", "ul"]
)
_QUOTING = re.compile(r"\b(gmail_attr|moz-cite-prefix|yahoo_quoted|protonmail_quote|zmail_extra)\b")
MAX_QUOTES = 50
"""Quotes within quotes that are still told apart."""
_QUOTING_AFTER = frozenset({"divRplyFwdMsg", "x_divRplyFwdMsg", "appendonsend"})


class _Writer(HTMLParser):
    """Writes lines while it reads tags; `depth` is how many quotes are open.

    A line is kept in pieces until it ends: put together each time, a long one would be copied for
    every word.
    """

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = []
        self.line: list[str] = []
        self.depth = 0
        self.rest_is_quoted = False
        self.pre = 0
        self.open: list[tuple[str, bool]] = []
        self.links: list[tuple[str, int]] = []
        self.lists: list[int | None] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in _BREAKING:
            self._break(blank=tag in _SPACED)
        if tag not in _VOID:
            quotes = tag == "blockquote" or bool(_QUOTING.search(given.get("class", "")))
            self.open.append((tag, quotes))
            self.depth += quotes
        # Outlook puts the answered mail beside this mark, not inside it.
        self.rest_is_quoted = self.rest_is_quoted or given.get("id", "") in _QUOTING_AFTER
        self._begin(tag, given)

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self.links:
            self._finish_link(*self.links.pop())
        if tag in ("ul", "ol") and self.lists:
            self.lists.pop()
        if tag in _BREAKING:
            self._break(blank=tag in _SPACED)
        self.pre -= tag == "pre" and self.pre > 0
        if self.open and self.open[-1][0] == tag:
            self.depth -= self.open.pop()[1]

    def handle_data(self, data: str) -> None:
        if self.pre:
            first, *others = data.split("\n")
            self._put(first)
            for line in others:
                self._break(blank=False, keep_empty=True)
                self._put(line)
            return
        words = re.sub(r"[ \t\r\n\f]+", " ", data)
        self._put(words.lstrip(" ") if not self.line or self.line[-1].endswith(" ") else words)

    def _put(self, words: str) -> None:
        if words:
            self.line.append(words)

    def text(self) -> str:
        """Everything written, blank lines never more than one in a row."""
        self._break(blank=False)
        return re.sub(r"\n{3,}", "\n\n", "\n".join(self.lines)).strip("\n")

    def _begin(self, tag: str, given: dict[str, str]) -> None:
        if tag == "br":
            self._break(blank=False, keep_empty=True)
        elif tag == "a":
            self.links.append((given.get("href", ""), len(self.line)))
        elif tag == "img" and given.get("alt", "").strip():
            self._put(f"[{given['alt'].strip()}]")
        elif tag in ("td", "th") and any(piece.strip() for piece in self.line):
            self._put("  ")
        elif tag == "pre":
            self.pre += 1
        elif tag in ("ul", "ol"):
            self.lists.append(_first_number(given) if tag == "ol" else None)
        elif tag == "li":
            self._bullet()

    def _bullet(self) -> None:
        number = self.lists[-1] if self.lists else None
        self._put("- " if number is None else f"{number}. ")
        if number is not None:
            self.lists[-1] = number + 1

    def _finish_link(self, href: str, begin: int) -> None:
        shown = "".join(self.line[begin:]).strip()
        bare = re.sub(r"^(mailto:|tel:|https?://)", "", href).rstrip("/")
        if href.startswith(("http", "mailto", "tel")) and bare and bare not in shown:
            self._put(f" <{href}>" if shown else href)

    def _break(self, *, blank: bool, keep_empty: bool = False) -> None:
        prefix = ">" * min(self.depth + self.rest_is_quoted, MAX_QUOTES)
        line = "".join(self.line)
        content = line.rstrip().replace("\xa0", " ") if not self.pre else line.rstrip("\n")
        self.line = []
        if content.strip() or keep_empty:
            self.lines.append(f"{prefix} {content}".rstrip() if prefix else content)
        if blank and self.lines and self.lines[-1].strip("> "):
            self.lines.append("")


def _first_number(given: dict[str, str]) -> int:
    start = given.get("start", "")
    return int(start) if re.fullmatch(r"\d{1,9}", start) else 1
