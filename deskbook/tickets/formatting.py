"""What somebody of the desk typed into an answer, made into HTML that is safe in a page and in a
mail.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

_TAGS = {"a", "blockquote", "br", "code", "em", "li", "ol", "p", "pre", "strong", "ul"}
_ATTRIBUTES = {"a": {"href"}, "ol": {"start"}}
_SCHEMES = {"http", "https", "mailto"}


class _OfMessages(MarkdownIt):
    """What somebody types into an answer: bold, lists, links, quotes and code. All else stands as
    it was typed, paths such as \\\\server\\share and what begins with # or --- among it.
    """

    def __init__(self) -> None:
        super().__init__("commonmark", {"html": False, "breaks": True})
        self.disable(["code", "heading", "lheading", "hr", "reference", "html_block"])
        self.disable(["escape", "entity", "image", "html_inline"])

    def validateLink(self, url: str) -> bool:
        """Whether an address is one: what leads nowhere from a mail, or acts, stays words."""
        return url.lower().startswith(("http://", "https://", "mailto:"))


_OF_MESSAGES = _OfMessages()
_SHOWN_AS_TYPED = {"paragraph_open", "paragraph_close", "inline", "text", "softbreak"}
ADDRESS = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)\]]")
"""The address of a page in words, without the full stop after it."""


def is_formatted(text: str) -> bool:
    """Whether anything of a message is Markdown, and would look different as plain text."""
    tokens = _OF_MESSAGES.parse(text)
    used = {child.type for token in tokens for child in token.children or ()}
    return not used.union(token.type for token in tokens) <= _SHOWN_AS_TYPED


def message_html(text: str) -> str:
    """Returns the HTML of a message that somebody typed as Markdown, safe in a page and in a mail.

    A line that ends, ends; addresses are links, to http, https and mailto alone. There are no
    headings and no pictures, and HTML in it is shown as typed.
    """
    tokens = _OF_MESSAGES.parse(text)
    for token in tokens:
        token.children = token.children and list(_with_addresses(_leading(token.children)))
    html = _OF_MESSAGES.renderer.render(tokens, _OF_MESSAGES.options, {})
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES,
        link_rel="noopener noreferrer",
    )


def _leading(children: Sequence[Token]) -> Iterator[Token]:
    """Leaves the words alone of a link to nowhere, as `[words]()`."""
    nowhere = False
    for token in children:
        if token.type == "link_open":
            nowhere = not token.attrs.get("href")
        if not (nowhere and token.type in ("link_open", "link_close")):
            yield token


def _with_addresses(children: Iterable[Token]) -> Iterator[Token]:
    """Makes links of the addresses that stand in the text outside of links."""
    inside = 0
    for token in children:
        inside += token.nesting if token.type in ("link_open", "link_close") else 0
        if token.type == "text" and not inside:
            yield from _linked(token.content)
        else:
            yield token


def _linked(text: str) -> Iterator[Token]:
    at = 0
    for found in ADDRESS.finditer(text):
        yield Token("text", "", 0, content=text[at : found.start()])
        yield Token("link_open", "a", 1, attrs={"href": found[0]})
        yield Token("text", "", 0, content=found[0])
        yield Token("link_close", "a", -1)
        at = found.end()
    yield Token("text", "", 0, content=text[at:])
