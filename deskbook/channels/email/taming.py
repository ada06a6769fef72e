"""HTML that would cost the cleaner more than it is worth, told before the cleaner sees it."""

from __future__ import annotations

import re
from collections import Counter
from html import escape

MAX_NESTING = 2_000
"""Tags left open at once; people's mail programs leave some hundreds open."""
MAX_STEPS = 20_000_000
"""Open tags summed over all tags: what the cleaner may have to look through."""
MAX_ATTRIBUTES = 500
"""In one tag: the cleaner compares each with each."""
MAX_REFERENCES = 50_000
"""`&`: each makes the cleaner copy the words before it."""
MAX_PICTURES = 2_000
"""Each blocked one is some hundred characters in the page."""

_PICTURE = re.compile(r"(?i)<img")
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,20})")
_ATTRIBUTE = r"""[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"?|'[^']*+'?|[^\s>"'][^\s>]*+)?)?+"""
_TAG_OF_MANY = re.compile(rf"</?[a-zA-Z][^\s/>]*+(?:[\s/]*+{_ATTRIBUTE}){{{MAX_ATTRIBUTES}}}")
_TAG_WITH_VALUES = re.compile(rf"</?[a-zA-Z][^\s/>]*+(?:[\s/]++|{_ATTRIBUTE})*+")
_TAG_WHOLE = re.compile(r"<[^<>]{0,5000}>")
_VOID = frozenset({"br", "hr", "img", "wbr", "col", "meta", "link", "input"})
# Closed by the next of their kind or by what they stand in (HTML, 13.1.2.4): left open they do not
# nest.
_CLOSED_BY_THE_NEXT = frozenset(
    {"p", "li", "dd", "dt", "td", "th", "tr", "tbody", "thead", "tfoot", "colgroup"}
)


def tame(html: str) -> str:
    """The HTML, or only its words where its tags, attributes, pictures or references are more than
    anybody writes.
    """
    many = html.count("&") > MAX_REFERENCES or len(_PICTURE.findall(html)) > MAX_PICTURES
    return _words(html) if many or _too_deep(html) or _too_many_attributes(html) else html


def _too_deep(html: str) -> bool:
    """Whether too much is left open. An end tag closes only its own kind: `<b></i>` goes deeper
    each time.
    """
    open_tags: Counter[str] = Counter()
    depth = steps = 0
    for tag in _TAG.finditer(html):
        name = tag[2].lower()
        steps += depth
        if tag[1]:
            closes = open_tags[name] > 0
            open_tags[name] -= closes
            depth -= closes
        elif name not in _VOID and name not in _CLOSED_BY_THE_NEXT:
            open_tags[name] += 1
            depth += 1
        if depth > MAX_NESTING or steps > MAX_STEPS:
            return True
    return False


def _too_many_attributes(html: str) -> bool:
    return any(
        len(tag[0]) > 2 * MAX_ATTRIBUTES and _TAG_OF_MANY.match(tag[0])
        for tag in _TAG_WITH_VALUES.finditer(html)
    )


def _words(html: str) -> str:
    """What is left without tags; a `<wbr>` now and then, as also `&amp;` is a reference."""
    words = _TAG_WHOLE.sub("\n", html)
    pieces = (words[at : at + 1_000] for at in range(0, len(words), 1_000))
    return "<wbr>".join(escape(piece) for piece in pieces).replace("\n", "<br>")
