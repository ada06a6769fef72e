"""The desks of the demo as they lie in `desks/`, a folder each: who is there, what is said, what is
written.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter
from ruamel.yaml import YAML

from deskbook.demo.casts import Cast
from deskbook.demo.said import Said
from deskbook.lives.phrases import Phrases

DESKS = Path(__file__).parent / "desks"


@dataclass(frozen=True, slots=True)
class Told:
    """An article in one language."""

    title: str
    keywords: str
    body: str


@dataclass(frozen=True, slots=True)
class Written:
    """One article: what it says in each language, the first of which it was written in, and for
    whom it is.
    """

    texts: Mapping[str, Told]
    category: str = ""
    audience: str = "public"


@dataclass(frozen=True, slots=True)
class Articles:
    """What a desk wrote, what nobody has read yet, and what readers searched that no article
    has.
    """

    written: Sequence[Written]
    under_review: Written
    searched_in_vain: Sequence[str]


@cache
def cast_of(key: str) -> Cast:
    """Returns who is at a desk and whom it helps. Raises ValidationError where the file says
    something else.
    """
    return TypeAdapter(Cast).validate_python(_read(DESKS / key / "cast.yaml"))


@cache
def phrases_of(key: str) -> Phrases:
    """Returns all that is said at a desk. Raises ValidationError where the file says something
    else.
    """
    return TypeAdapter(Phrases).validate_python(_read(DESKS / key / "phrases.yaml"))


@cache
def said_at(key: str) -> Said:
    """Returns what else is said at a desk. Raises ValidationError where the file says something
    else.
    """
    return TypeAdapter(Said).validate_python(_read(DESKS / key / "said.yaml"))


def articles_of(key: str) -> Articles:
    """Returns what a desk has written down, and what its readers miss."""
    said = _read(DESKS / key / "articles.yaml")
    written = [_article(key, **one) for one in said["written"]]
    return Articles(written, _article(key, **said["under review"]), said["searched in vain"])


def _article(key: str, *, article: str, languages: Sequence[str], **about: str) -> Written:
    folder = DESKS / key / "articles"
    return Written(
        {language: _told(folder / f"{article}.{language}.md") for language in languages}, **about
    )


def _told(file: Path) -> Told:
    """Reads Markdown with its title and keywords in front, between lines of three dashes."""
    _nothing, front, body = file.read_text(encoding="utf-8").split("---\n", 2)
    return Told(**YAML(typ="safe").load(front), body=body.rstrip())


def _read(file: Path) -> Any:
    return YAML(typ="safe").load(file.read_text(encoding="utf-8"))
