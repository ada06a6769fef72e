"""What is written to somebody, as HTML for a mail: its styles stand on each element, since programs
for mail read no sheet.
"""

import re
from collections.abc import Sequence
from functools import cache
from html import escape
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline, emphasis
from markupsafe import Markup

LINK = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)\]]")
"""The address of a page, without the full stop after it."""


def as_mailed(words: str) -> str:
    """Returns the HTML of what an agent wrote to a person, with its styles on each element.

    It is a letter and no article: only what nobody types by accident is taken for Markdown (bold,
    emphasis by stars, code, lists, quotes, links), and each line stays a line. Whatever else was
    typed is shown as it was.
    """
    links = list[str]()

    def set_aside(link: re.Match[str]) -> str:
        links.append(link[0])
        return f"\ue000{len(links) - 1}\ue001"

    html = _letter_reader().render(_BARE_LINK.sub(set_aside, words))
    return _SET_ASIDE.sub(lambda found: _as_link(links, int(found[1])), html)


_BARE_LINK = re.compile(rf"(?<!\]\()(?<![\[<]){LINK.pattern}")
_STARS_WITHIN = re.compile(r"\w\*+\w")
_SET_ASIDE = re.compile("\ue000(\\d{1,6})\ue001")
_RULES = ["emphasis", "backticks", "link", "autolink", "newline", "list", "blockquote", "fence"]
_CODE = "font:14px/1.5 ui-monospace,Menlo,Consolas,monospace"
QUOTE = "margin:12px 0;padding:2px 0 2px 12px;border-left:3px solid #8f9bb3;opacity:.8"
_STYLES = {
    "paragraph_open": "margin:0 0 12px",
    "bullet_list_open": "margin:0 0 12px;padding-left:24px",
    "ordered_list_open": "margin:0 0 12px;padding-left:28px",
    "list_item_open": "margin:0 0 4px",
    "blockquote_open": QUOTE,
    "code_inline": _CODE,
    "fence": f"{_CODE};white-space:pre-wrap",
    "link_open": "color:inherit",
}


class _OfLetters(MarkdownIt):
    """Links lead to pages, mail and telephones, and to nothing else."""

    def validateLink(self, url: str) -> bool:
        return url.lower().startswith(("http://", "https://", "mailto:", "tel:"))

    def render(self, src: str, env: Any = None) -> str:
        """Returns the HTML with a style on each element."""
        tokens = self.parse(src, env)
        for token in (*tokens, *(child for one in tokens for child in one.children or ())):
            if token.type in _STYLES:
                token.attrSet("style", _STYLES[token.type])
        return str(self.renderer.render(tokens, self.options, {}))


@cache
def _letter_reader() -> MarkdownIt:
    reader = _OfLetters("zero", {"html": False, "breaks": True}).enable(_RULES)
    reader.inline.ruler.at("emphasis", _by_stars)
    return reader


def _by_stars(state: StateInline, silent: bool) -> bool:
    """Stars around words are emphasis; those within one (5*3) and underscores are what they are."""
    if state.src[state.pos] != "*":
        return False
    first = len(state.src[: state.pos].rstrip("*")) - 1
    within = first >= 0 and _STARS_WITHIN.match(state.src, first)
    return not within and emphasis.tokenize(state, silent)


def _as_link(links: Sequence[str], number: int) -> str:
    return _anchor(links[number]) if number < len(links) else ""


def linked(words: str) -> Markup:
    """Returns plain words as HTML: each line a line, each address of a page a link."""
    out, at = list[str](), 0
    for link in LINK.finditer(words):
        out += [escape(words[at : link.start()]), _anchor(link[0])]
        at = link.end()
    return Markup("".join([*out, escape(words[at:])]).replace("\n", "<br>\n"))


def _anchor(link: str) -> str:
    shown = escape(link)
    return f'<a href="{shown}" style="color:inherit">{shown}</a>'
