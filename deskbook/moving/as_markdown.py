"""An article's HTML as the Markdown that articles are written in here."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

import nh3
from markdown_it import MarkdownIt
from markdownify import MarkdownConverter

from deskbook.moving.values import Unread
from deskbook.refusals.kept import kept

_TAGS = {
    *("a", "b", "blockquote", "br", "code", "div", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr"),
    *("i", "img", "li", "ol", "p", "pre", "s", "span", "strong", "table", "tbody", "td", "th"),
    *("thead", "tr", "ul"),
}
_ATTRIBUTES = {"a": {"href"}, "img": {"src", "alt"}, "ol": {"start"}}
MOST = 300_000
"""Characters of HTML: whatever it is, no article that may be kept is written with so many."""

_FORMATTING = re.compile(
    r"<(/?)(a|b|big|code|em|font|i|nobr|s|small|span|strike|strong|tt|u)(?=[\s/>])", re.IGNORECASE
)
_DEEPEST = 50
"""Formatting left open is opened again in each paragraph that follows: its work is a product."""


class _Converter(MarkdownConverter):
    def convert_pre(self, el: Any, text: str, parent_tags: set[str]) -> str:
        """Code between fences longer than any in it."""
        if not text:
            return ""
        longest = max(map(len, re.findall("`+", text)), default=0)
        fence = "`" * max(3, longest + 1)
        return f"\n\n{fence}\n{text.strip(chr(10))}\n{fence}\n\n"


class Written(NamedTuple):
    """An article as Markdown with the addresses of its pictures, or why it cannot be that, as it is
    kept.
    """

    body: str
    pictures: tuple[str, ...] = ()
    problem: str = ""


def written_apart(html: str, markdown: str) -> Written:
    """Returns an article that came as HTML, or as Markdown; for a process of its own."""
    try:
        body = markdown or as_markdown(html)
        return Written(body, tuple(dict.fromkeys(_pictures(body))))
    except Unread as wrong:
        return Written("", (), kept(wrong.refusal))


def _pictures(body: str) -> Iterator[str]:
    for token in MarkdownIt("commonmark").parse(body):
        for child in token.children or ():
            if child.type == "image":
                yield str(child.attrs.get("src", ""))


def as_markdown(html: str) -> str:
    """Returns what an article says, with its headings, lists, links and tables; pictures by their
    words and addresses. Raises Unread for what is longer than any article, or nested too deep.
    """
    if len(html) > MOST:
        raise Unread("long body", length=f"{len(html):,}", most=f"{MOST:,}")
    if _most_open(html) > _DEEPEST:
        raise Unread("moving: deep")
    clean = nh3.clean(
        html, tags=_TAGS, attributes=_ATTRIBUTES, attribute_filter=_attribute, link_rel=None
    )
    try:
        converter = _Converter(heading_style="ATX", bullets="-", escape_misc=True)
        said = converter.convert(clean)
    except RecursionError:
        raise Unread("moving: deep") from None
    return str(said).strip()


def _attribute(_tag: str, name: str, value: str) -> str | None:
    if name == "start":
        return value if re.fullmatch("[0-9]{1,9}", value) else None
    if name in ("href", "src"):
        return re.sub(r"[()\[\]\s]", lambda found: f"%{ord(found[0]):02X}", value)
    return re.sub(r"[\[\]]", "", value) if name == "alt" else value


def _most_open(html: str) -> int:
    """Returns how many of these tags are open at once; one that closes no other of its name closes
    nothing.
    """
    most, by_name = 0, Counter[str]()
    for tag in _FORMATTING.finditer(html):
        name = tag[2].lower()
        by_name[name] = max(0, by_name[name] - 1) if tag[1] else by_name[name] + 1
        most = max(most, by_name.total())
    return most
