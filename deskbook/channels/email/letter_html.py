"""A letter as HTML: what its plain text says, laid out, with one button to the case. What a letter
is made of is read from its text, so that there is one text:

lines that begin with `> ` are quoted; one line set in by four spaces is a link to follow or a code
to copy; lines `title: link` below a line that ends in a colon or a question mark are a choice; what
stands below the last `--` is the desk's name and where to follow the case.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.template.loader import get_template
from django.utils import translation
from markupsafe import Markup

from deskbook.channels.contract import NOTHING_BESIDE, Surroundings
from deskbook.channels.email.styled import QUOTE, linked, styled
from deskbook.tickets.formatting import ADDRESS

LONGEST_QUESTION = 600
"""Characters of what is answered that are quoted: it is there to remind its author, and mobile data
is dear.
"""
_TALL = {"hi": "1.65", "ml": "1.7", "or": "1.7"}
"""Language → height of a line, where letters stand above and below each other."""


@dataclass(frozen=True, slots=True)
class OwnWords:
    """What somebody of the desk wrote; its `html` where they typed Markdown."""

    text: str = ""
    html: str = ""


NO_WORDS = OwnWords()


@dataclass(frozen=True, slots=True)
class Block:
    """Some lines of a letter that belong together."""

    kind: str
    """"text", "quote", "button", "code" or "ways"."""
    html: Markup | str
    ways: tuple[tuple[str, str], ...] = ()
    """Title and address of each choice."""


def letter_html(
    text: str,
    *,
    desk: str,
    subject: str,
    language: str = "en",
    marker: str = "",
    said: OwnWords = NO_WORDS,
    around: Surroundings = NOTHING_BESIDE,
) -> str:
    """Returns the HTML of a letter.

    `said` is what the text begins with where somebody of the desk wrote that. `marker` is the
    line that asks for an answer above it.
    """
    text, own = text.strip(), said.text.strip()
    own = own if text.startswith(own) else ""
    rest, _line, below = _parted(text.removeprefix(own))
    link = ADDRESS.search(below)
    laid_out = _template(language).render(
        {
            "language": language,
            "leading": _TALL.get(language, "1.5"),
            "desk": desk,
            "quote": QUOTE,
            "subject": subject,
            "marker": marker,
            "author": around.author,
            "blocks": [_block(part) for part in re.split(r"\n{2,}", rest) if part.strip()],
            "steps": around.steps,
            "link": link[0] if link else "",
            "question": linked(_shortened(around.question)),
            "below": linked(below),
        }
    )
    # What a template is laid out by nobody has to pay for: of words that is only a line's edges.
    lines = (line.strip() for line in laid_out.split("\n"))
    before, _place, after = "\n".join(filter(None, lines)).partition("<!-- said -->")
    return before + (_said(own, said.html) if own else "") + after


@cache
def _template(language: str) -> Any:
    """Compiled for one language, and found once: a letter is written a hundred times a second."""
    with translation.override(language):
        return get_template("email/letter.html", using="jinja2")


def _parted(text: str) -> tuple[str, str, str]:
    """The words of a letter, and what stands below them."""
    return text.rpartition("\n\n--\n") if "\n\n--\n" in text else (text, "", "")


def _said(text: str, html: str) -> str:
    """What an agent wrote, as the Markdown it was typed as; what was not is lines and links."""
    if html:
        return styled(html)
    paragraphs = re.split(r"\n{2,}", text)
    return "".join(f'<p style="margin:0 0 12px">{linked(one)}</p>' for one in paragraphs)


def _block(part: str) -> Block:
    lines = part.strip("\n").split("\n")
    if all(line.startswith("> ") or line == ">" for line in lines):
        return Block("quote", linked("\n".join(line[2:] for line in lines)))
    if len(lines) == 1 and part.startswith("    "):
        alone = part.strip()
        return Block("button" if ADDRESS.fullmatch(alone) else "code", alone)
    ways = tuple(_ways(lines[1:]))
    if ways and len(ways) == len(lines) - 1 and lines[0].endswith((":", "?")):
        return Block("ways", lines[0], ways)
    return Block("text", linked(part.strip()))


def _ways(lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Title and address of each line that is no more than these, of our own pages."""
    for line in lines:
        title, colon, link = line.rpartition(": ")
        if colon and title and link.startswith(f"{settings.DESKBOOK_SITE_URL}/"):
            yield title, link


def _shortened(text: str) -> str:
    text = text.strip()
    if len(text) <= LONGEST_QUESTION:
        return text
    return text[:LONGEST_QUESTION].rsplit(" ", 1)[0] + " …"
