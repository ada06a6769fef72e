"""Where a book writes what its cases have: stages, severities, teams, the values of facets."""

from collections.abc import Iterator
from typing import NamedTuple

from deskbook.book.document import Node, UnreadableBook, read_document
from deskbook.book.words import fold

SECTIONS = {
    "stages": "stage",
    "severities": "severity",
    "priorities": "severity",
    "teams": "team",
    "types": "type",
    "categories": "category",
}
"""Section of a book → what a case has of it."""


class Written(NamedTuple):
    """One name of a book, as the engine keeps it, and the line that begins to say what it is."""

    what: str
    key: str
    line: int


def written_in(text: str) -> list[Written]:
    """Returns what of SECTIONS a text names, in its order; nothing of a text that is no
    document.
    """
    try:
        document = read_document(text)
    except UnreadableBook:
        return []
    sections = document.value if isinstance(document.value, dict) else {}
    return [
        Written(SECTIONS[name], fold(key), line)
        for name, node in sections.items()
        if name in SECTIONS
        for key, line in _names(node)
    ]


def _names(node: Node) -> Iterator[tuple[str, int]]:
    """A section is a mapping of names, a list of them, or has either below `values`."""
    if isinstance(node.value, list):
        yield from ((one.value, one.line) for one in node.value if isinstance(one.value, str))
    elif isinstance(node.value, dict) and "values" in node.value:
        yield from _names(node.value["values"])
    elif isinstance(node.value, dict):
        yield from ((key, node.keys[key][0]) for key in node.value)
