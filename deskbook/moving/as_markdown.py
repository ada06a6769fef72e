"""An article's HTML as the Markdown that articles are written in here."""

import nh3
from markdownify import markdownify

from deskbook.moving.values import Unread

_TAGS = {
    *("a", "b", "blockquote", "br", "code", "div", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr"),
    *("i", "img", "li", "ol", "p", "pre", "s", "span", "strong", "table", "tbody", "td", "th"),
    *("thead", "tr", "ul"),
}
_ATTRIBUTES = {"a": {"href"}, "img": {"src", "alt"}, "ol": {"start"}}
MOST = 1_000_000
"""Characters of HTML: whatever it is, no article that may be kept is written with so many."""


def as_markdown(html: str) -> str:
    """Returns what an article says, with its headings, lists, links and tables; pictures by their
    words and addresses. Raises Unread for what is longer than any article, or nested too deep.
    """
    if len(html) > MOST:
        raise Unread("long body", length=f"{len(html):,}", most=f"{MOST:,}")
    clean = nh3.clean(html, tags=_TAGS, attributes=_ATTRIBUTES, link_rel=None)
    try:
        said = markdownify(clean, heading_style="ATX", bullets="-", escape_misc=True)
    except RecursionError:
        raise Unread("moving: deep") from None
    return str(said).strip()
