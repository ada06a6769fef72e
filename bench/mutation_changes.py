"""Slips that somebody makes in a book: each takes one thing out of its place, or changes it.

Every slip is made in the document as it was read, so that what follows speaks of the lines of the
book as it is in the file.
"""

import copy
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from deskbook.book.document import Node

Path = tuple[str | int, ...]
Change = Callable[[Node, str | int], None]
"""Changes what stands at a step of its holder."""


@dataclass(frozen=True)
class Mutation:
    operator: str
    path: Path
    what: str
    change: Change

    def of(self, document: Node) -> Node:
        """Returns a copy of the document with this slip in it."""
        made = _copied(document, self.path)
        self.change(at(made, self.path[:-1]), self.path[-1])
        return made


def _copied(node: Node, path: Path) -> Node:
    """Returns a document of its own on the way to `path` and below it; the rest is shared."""
    if not path:
        return copy.deepcopy(node)
    value = copy.copy(node.value)
    value[path[0]] = _copied(node.value[path[0]], path[1:])
    return replace(node, value=value, keys=dict(node.keys))


def at(document: Node, path: Path) -> Node:
    for step in path:
        document = document.value[step]
    return document


def steps_of(node: Node) -> list[str | int]:
    if isinstance(node.value, dict):
        return list(node.value)
    return list(range(len(node.value))) if isinstance(node.value, list) else []


def paths(document: Node, pattern: str, so_far: Path = ()) -> Iterator[Path]:
    """Yields what a pattern names: `routing/rules/*`, `*` standing for any key or place."""
    first, _, rest = pattern.partition("/")
    for step in steps_of(document):
        if first not in ("*", str(step)):
            continue
        here = (*so_far, step)
        if rest:
            yield from paths(document.value[step], rest, here)
        else:
            yield here


def drop(holder: Node, step: str | int) -> None:
    del holder.value[step]


def repeat(holder: Node, step: str | int) -> None:
    holder.value.insert(step + 1, copy.deepcopy(holder.value[step]))


def swap(holder: Node, step: str | int) -> None:
    here = holder.value
    here[step], here[step + 1] = here[step + 1], here[step]


def rename(holder: Node, step: str | int) -> None:
    if isinstance(step, int):
        holder.value[step].value = f"{holder.value[step].value}x"
        return
    holder.value = {
        f"{name}x" if name == step else name: child for name, child in holder.value.items()
    }
    holder.keys[f"{step}x"] = holder.keys[step]


def add(name: str, value: str | list | None) -> Change:
    def change(holder: Node, step: str | int) -> None:
        node = holder.value[step]
        said = Node(node.line, node.column, value)
        node.value = {**(node.value or {}), name: said}
        node.keys[name] = (node.line, node.column)

    return change


def write(text: str) -> Change:
    def change(holder: Node, step: str | int) -> None:
        holder.value[step].value = text

    return change


def another(holder: Node, step: str | int, pool: str, document: Node) -> str | None:
    """The next name of a section after the one that stands here."""
    names, said = steps_of(document.value[pool]), holder.value[step].value
    if said not in names or len(names) < 2:
        return None
    return names[(names.index(said) + 1) % len(names)]


def hours(text: str, opens: int, closes: int) -> str | None:
    found = re.fullmatch(r"(\d\d):(\d\d)-(\d\d):(\d\d)", text)
    if not found:
        return None
    first, first_minute, last, last_minute = found.groups()
    return f"{int(first) + opens:02}:{first_minute}-{int(last) + closes:02}:{last_minute}"


def around(text: str) -> str | None:
    found = re.fullmatch(r"(\d\d:\d\d)-(\d\d:\d\d)", text)
    return f"{found[2]}-{found[1]}" if found and found[2] != "24:00" else None


def twice(text: str) -> str | None:
    found = re.match(r"(\d+)(/\d+)?", text)
    return re.sub(r"\d+", lambda n: str(int(n[0]) * 2), text, count=1) if found else None


def other_unit(text: str) -> str | None:
    """`bd` for `d`, hours for minutes: the slip of a letter."""
    slips = {"bd": "d", "h": "m", "d": "bd"}
    found = re.fullmatch(r"(.*\d) ?(bd|d|h)", text)
    return f"{found[1]}{slips[found[2]]}" if found else None


def lowered(text: str) -> str | None:
    found = re.search(r"\d+$", text)
    return re.sub(r"\d+$", str(max(int(found[0]) // 3, 1)), text) if found else None


def next_day(name: str) -> str | None:
    found = re.fullmatch(r"(\d{4}-\d\d-)(\d\d)", name)
    return f"{found[1]}{int(found[2]) % 28 + 1:02}" if found else None


def turned(text: str) -> str | None:
    return {"yes": "no", "no": "yes"}.get(text)


def refuse_closing(holder: Node, step: str | int) -> None:
    for name in holder.value[step].value:
        if holder.value[step].value[name].value is None or isinstance(
            holder.value[step].value[name].value, dict
        ):
            add("refuses", "close")(holder.value[step], name)


def with_key(new: str) -> Change:
    def change(holder: Node, step: str | int) -> None:
        holder.value = {
            new if name == step else name: child for name, child in holder.value.items()
        }
        holder.keys[new] = holder.keys[step]

    return change
