"""An article's HTML as the Markdown that articles are written in here."""

import re
from collections import Counter

import nh3
from markdownify import markdownify

from deskbook.moving.values import Unread

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
        said = markdownify(clean, heading_style="ATX", bullets="-", escape_misc=True)
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
