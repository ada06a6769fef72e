"""What an author typed, made into HTML that is safe to show to anybody."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

_TAGS = {
    "a",
    "blockquote",
    "br",
    "code",
    "em",
    "h2",
    "h3",
    "h4",
    "hr",
    "img",
    "li",
    "ol",
    "p",
    "pre",
    "s",
    "strong",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "ul",
}
_ATTRIBUTES = {"a": {"href"}, "img": {"src", "alt", "loading"}, "ol": {"start"}}
_SCHEMES = {"http", "https", "mailto", "tel"}
_OWN_IMAGE = re.compile(r"/desk/[-\w]+/articles/images/[0-9a-f]{64}", re.ASCII)
_LOWEST_HEADING = 4


@lru_cache(maxsize=256)
def rendered(body: str) -> str:
    """Returns the HTML of a Markdown text.

    HTML in it is shown as typed, headings begin one below the title, and of pictures only the
    desk's own are shown: in place of another stands what it is called.
    """
    reader = _reader()
    tokens = reader.parse(body)
    _set_levels(tokens)
    for token in tokens:
        _adapt(token)
    html = reader.renderer.render(tokens, reader.options, {})
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES,
        link_rel="noopener noreferrer",
    )


def excerpt(body: str, longest: int = 160) -> str:
    """Returns the beginning of a Markdown text as plain words, cut at a word."""
    words = " ".join(" ".join(_words(_reader().parse(body[:4_000]))).split())
    if len(words) <= longest:
        return words
    return words[:longest].rsplit(" ", 1)[0].rstrip(",;:–-") + "…"


def as_letter(body: str) -> str:
    """Returns a Markdown text as it stands in a plain answer: links and lists as typed, pictures by
    their names.
    """
    return re.sub(r"!\[([^\[\]]*)\]\([^()]*\)", r"\1", body).strip()


def _reader() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


def _set_levels(tokens: Sequence[Token]) -> None:
    """Headings begin one below the title and go down one at a time: who listens to a page counts on
    it (WCAG 1.3.1).
    """
    used = sorted({token.tag for token in tokens if token.type == "heading_open"})
    level = 1
    for token in tokens:
        if token.type == "heading_open":
            level = min(used.index(token.tag) + 2, level + 1, _LOWEST_HEADING)
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{level}"


def _adapt(token: Token) -> None:
    for child in token.children or ():
        if child.type == "image":
            _show_own(child)


def _show_own(image: Token) -> None:
    """Lets a picture of the desk stand and puts the words of any other in its place: no reader is
    led elsewhere.
    """
    if _OWN_IMAGE.fullmatch(str(image.attrs.get("src", ""))):
        image.attrs["loading"] = "lazy"
    else:
        image.type, image.tag, image.children = "text", "", None


def _words(tokens: Sequence[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type == "inline":
            yield "".join(_plain(child) for child in token.children or ())
        elif token.type in ("fence", "code_block"):
            yield token.content


def _plain(token: Token) -> str:
    if token.type in ("softbreak", "hardbreak"):
        return " "
    return token.content if token.type in ("text", "code_inline") else ""
