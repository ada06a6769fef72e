"""YAML to plain text values that know their line and column.

Every scalar stays text, and the schema decides what it means: so `on`, `no`, 08:00, 1/2 and
2026-03-02 are what the owner wrote, never a truth value, a number of minutes or a date of another
century. The events of the YAML parser are read one by one with a stack of our own, so that depth,
size and aliases are limited before anything is built, and no tag is ever obeyed.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml import events as yaml_events
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.reader import ReaderError

from deskbook.book.findings import Path

LONGEST_TEXT = 1_000_000  # characters; the largest book we know has 30,000
DEEPEST = 20
MOST_NODES = 50_000  # after aliases are followed

Plain = str | None | dict[str, Any] | list[Any]


class UnreadableBook(Exception):
    """The text is no document at all. Carries one message with line and column, counted from 1."""

    def __init__(self, message: str, code: str, line: int = 1, column: int = 1) -> None:
        super().__init__(message)
        self.message, self.code, self.line, self.column = message, code, line, column


@dataclass(slots=True)
class Node:
    line: int
    column: int
    value: "str | dict[str, Node] | list[Node] | None"
    keys: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Where each key of a mapping stands."""
    repeated: list[tuple[str, int, int]] = field(default_factory=list)
    """Keys that were given a second time, with their place."""
    bare: list[tuple[str, int, int]] = field(default_factory=list)
    """Keys between braces without a colon, with their place: the rest of a text that a comma cut in
    two.
    """
    size: int = 1

    def plain(self) -> Plain:
        """Returns the value as text, dict and list."""
        if isinstance(self.value, dict):
            return {key: child.plain() for key, child in self.value.items()}
        if isinstance(self.value, list):
            return [child.plain() for child in self.value]
        return self.value

    def place(self, path: Path, *, at_key: bool = False) -> tuple[int, int]:
        """Returns line and column of a path, of its nearest part when some of it is not in the
        text.

        Steps the text does not have (a name for a shorthand, the branch of a choice) are passed
        over.
        """
        here, found = self, (self.line, self.column)
        for step in path:
            if isinstance(here.value, dict) and str(step) in here.value:
                key_place, here = here.keys[str(step)], here.value[str(step)]
                found = key_place if at_key or not here.line else (here.line, here.column)
            elif isinstance(here.value, list) and isinstance(step, int) and step < len(here.value):
                here = here.value[step]
                found = (here.line, here.column)
        return found

    def everything(self) -> "Iterator[Node]":
        """Yields this and every node below it."""
        yield self
        children = self.value.values() if isinstance(self.value, dict) else self.value
        for child in children if isinstance(children, list) else list(children or ()):
            if isinstance(child, Node):
                yield from child.everything()


def read_document(text: str) -> Node:
    """Returns the one document in `text`, YAML or JSON. Refuses (UnreadableBook) anything else."""
    if len(text) > LONGEST_TEXT:
        raise UnreadableBook(
            f"the file has {len(text):,} characters: at most {LONGEST_TEXT:,} are read", "too-big"
        )
    if not text.strip():
        raise UnreadableBook("the file is empty: begin with `deskbook: 1` and a `name:`", "empty")
    # In JSON a tab can only stand between values, never inside one; YAML's scanner does not know
    # that.
    readable = text.replace("\t", " ") if text.lstrip("\ufeff \t\r\n").startswith("{") else text
    try:
        return _Composer().compose(readable.removeprefix("\ufeff"))
    except ReaderError as exc:
        raise _unreadable_character(readable, exc) from exc
    except MarkedYAMLError as exc:
        raise _not_yaml(text, exc) from exc
    except (YAMLError, ValueError, RecursionError) as exc:
        raise UnreadableBook(f"this is not YAML: {exc}", "yaml") from exc


def _unreadable_character(text: str, exc: ReaderError) -> UnreadableBook:
    place = text[: exc.position]
    line, column = place.count("\n") + 1, len(place) - (place.rfind("\n") + 1) + 1
    return UnreadableBook(
        "a character that no text file holds: delete it", "characters", line, column
    )


_NEVER_CLOSED = "unexpected end of stream"
_PROBLEMS = {
    "mapping values are not allowed": (
        "a second colon on this line, or a line indented too far: put text with a colon in quotes"
    ),
    "cannot start any token": "text may not begin with this character: put the text in quotes",
    _NEVER_CLOSED: "a quote is opened and never closed",
    "<block end>": (
        "this line stands further in, or out, than the ones it belongs to: line it up with them"
    ),
    "expected ',' or": "a bracket is opened and never closed, or a comma is missing",
}
"""What the parser says → what is wrong, the first that fits."""


def _not_yaml(text: str, exc: MarkedYAMLError) -> UnreadableBook:
    mark = exc.problem_mark or exc.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    lines = text.split("\n")
    said = lines[line - 1] if line <= len(lines) else ""
    if "\t" in said:
        column = said.index("\t") + 1
        return UnreadableBook("a tab: indent with spaces", "tab", line, column)
    problem = str(exc.problem or exc)
    if _NEVER_CLOSED in problem and exc.context_mark:
        line, column = exc.context_mark.line + 1, exc.context_mark.column + 1
    means = next((means for words, means in _PROBLEMS.items() if words in problem), problem)
    return UnreadableBook(f"this is not YAML: {means}", "yaml", line, column)


class _Composer:
    """Builds nodes from parser events with a stack of its own: no recursion, so no depth can break
    it.
    """

    def __init__(self) -> None:
        self.stack: list[Node] = []
        # The key that waits for its value, one per open mapping.
        self.pending: list[Node | None] = []
        self.anchors: dict[str, Node] = {}
        self.names: list[str | None] = []  # the anchor of each open node
        self.nodes = 0
        self.root: Node | None = None
        self.text = ""
        self.key_end = 0  # where the latest scalar ends: a key, when an empty value follows

    def compose(self, text: str) -> Node:
        self.text = text
        for event in YAML(typ="safe", pure=True).parse(text):
            line, column = event.start_mark.line + 1, event.start_mark.column + 1
            if isinstance(event, yaml_events.DocumentStartEvent) and self.root is not None:
                raise UnreadableBook(
                    "a second document (`---`): a file holds one book", "documents", line, column
                )
            self._take(event, line, column)
        if self.root is None:
            raise UnreadableBook(
                "the file holds only comments: begin with `deskbook: 1` and a `name:`", "empty"
            )
        return self.root

    def _take(self, event: Any, line: int, column: int) -> None:
        if getattr(event, "ctag", None) is not None and str(event.ctag) not in ("", "None"):
            raise UnreadableBook(
                f"the tag {event.ctag}: a book has no tags, delete it", "tag", line, column
            )
        if isinstance(event, yaml_events.ScalarEvent):
            plain = event.implicit[0]
            empty = plain and event.value in ("", "~", "null", "Null", "NULL")
            self._look_for_colon(event)
            self.key_end = event.end_mark.index
            self._place(Node(line, column, None if empty else _text(event.value)), event)
        elif isinstance(event, (yaml_events.MappingStartEvent, yaml_events.SequenceStartEvent)):
            self._open(
                Node(line, column, {} if isinstance(event, yaml_events.MappingStartEvent) else []),
                event,
            )
        elif isinstance(event, (yaml_events.MappingEndEvent, yaml_events.SequenceEndEvent)):
            self.pending.pop()
            self._finish(self.stack.pop())
        elif isinstance(event, yaml_events.AliasEvent):
            self._follow(event.anchor, line, column)

    def _look_for_colon(self, event: Any) -> None:
        """An empty value with no colon before it: the key is no key, but what a comma cut off the
        text before.
        """
        key = self.pending[-1] if self.pending else None
        if key is None or event.value or not event.implicit[0] or not isinstance(key.value, str):
            return
        if not self.text[self.key_end : event.start_mark.index].lstrip().startswith(":"):
            self.stack[-1].bare.append((key.value, key.line, key.column))

    def _open(self, node: Node, event: Any) -> None:
        if len(self.stack) >= DEEPEST:
            raise UnreadableBook(
                f"nested deeper than {DEEPEST} levels", "too-deep", node.line, node.column
            )
        if self.stack and isinstance(self.stack[-1].value, dict) and self.pending[-1] is None:
            raise UnreadableBook(
                "a key must be text, not a list or mapping", "key", node.line, node.column
            )
        if event.anchor:
            self.anchors.pop(event.anchor, None)
        node.repeated = []
        self.stack.append(node)
        self.pending.append(None)
        self.names.append(event.anchor)

    def _finish(self, node: Node) -> None:
        if anchor := self.names.pop():
            self.anchors[anchor] = node
        self._attach(node)

    def _place(self, node: Node, event: Any) -> None:
        if event.anchor:
            self.anchors[event.anchor] = node
        self._attach(node)

    def _follow(self, anchor: str, line: int, column: int) -> None:
        if anchor not in self.anchors:
            raise UnreadableBook(
                f"*{anchor} stands for nothing: no &{anchor} above it", "alias", line, column
            )
        self._attach(self.anchors[anchor], counted=self.anchors[anchor].size)

    def _attach(self, node: Node, counted: int = 1) -> None:
        self.nodes += counted
        if self.nodes > MOST_NODES:
            raise UnreadableBook(
                f"more than {MOST_NODES:,} values (aliases followed)",
                "too-big",
                node.line,
                node.column,
            )
        if not self.stack:
            self.root = node
            return
        parent = self.stack[-1]
        if isinstance(parent.value, list):
            parent.value.append(node)
        elif self.pending[-1] is None:
            self.pending[-1] = self._key(node)
            return
        else:
            self._pair(parent, self.pending[-1], node)
            self.pending[-1] = None
        parent.size += node.size

    def _key(self, node: Node) -> Node:
        if not isinstance(node.value, str | None):
            raise UnreadableBook(
                "a key must be text, not a list or mapping", "key", node.line, node.column
            )
        return Node(node.line, node.column, " ".join((node.value or "").split()))

    def _pair(self, parent: Node, key: Node, node: Node) -> None:
        assert isinstance(parent.value, dict) and isinstance(key.value, str)
        if key.value in parent.value:
            parent.repeated.append((key.value, key.line, key.column))
            return
        parent.value[key.value] = node
        parent.keys[key.value] = (key.line, key.column)


def _text(value: str) -> str:
    """JSON writes rarer characters as two halves; they are one character again here."""
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
