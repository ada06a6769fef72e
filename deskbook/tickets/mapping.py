"""What open tickets have of a book that the next one drops, and what somebody says it becomes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from deskbook.book.words import fold
from deskbook.engine.desk import Desk
from deskbook.engine.renaming import Renaming
from deskbook.tickets.carrying_over import Left, titles_of


class MappingRefused(Exception):
    """What was said cannot be: names what, and what there is."""


@dataclass(frozen=True, slots=True)
class Mapped:
    """What becomes what, and what nobody said anything about yet."""

    renaming: Renaming
    open: tuple[Left, ...]


def read_mapping(said: Iterable[str], left: Sequence[Left], new: Desk) -> Mapped:
    """Returns what becomes of the things the new book drops.

    Each of `said` is `old=new`, or `stage old=new` where a name is several things. Raises
    MappingRefused for one that is neither dropped nor in use, or becomes nothing the book has.
    """
    becomes: dict[str, dict[str, str]] = {}
    for text in said:
        one = _meant(text, left)
        becomes.setdefault(one.what, {})[one.key] = _found(text, one, new)
    unsaid = tuple(one for one in left if one.key not in becomes.get(one.what, {}))
    own = {what: becomes.pop(what, {}) for what in ("stage", "team", "severity")}
    return Mapped(Renaming(own["stage"], own["team"], own["severity"], becomes), unsaid)


def _meant(text: str, left: Sequence[Left]) -> Left:
    before, equals, _ = text.partition("=")
    if not equals:
        raise MappingRefused(f"“{text}” says no two names: write --map 'old=new'.")
    name = fold(before)
    meant = [one for one in left if name in _names(one)]
    if len(meant) == 1:
        return meant[0]
    if meant:
        ways = " or ".join(f"'{one.what} {one.key}=…'" for one in meant)
        raise MappingRefused(f"“{before.strip()}” is several things: write --map {ways}.")
    known = ", ".join(f"{one.what} {one.title}" for one in left) or "nothing"
    raise MappingRefused(
        f"“{before.strip()}” is nothing open tickets have and the new book drops."
        f" It drops: {known}."
    )


def _names(left: Left) -> set[str]:
    names = {left.key, fold(left.title)}
    return names | {f"{left.what} {name}" for name in names}


def _found(text: str, left: Left, new: Desk) -> str:
    after = fold(text.partition("=")[2])
    known: Mapping[str, str] = titles_of(new).get(left.what, {})
    found = next((key for key, title in known.items() if after in (key, fold(title))), None)
    if found is None:
        titles, wanted = ", ".join(known.values()) or "none", text.partition("=")[2].strip()
        raise MappingRefused(f"“{wanted}” is no {left.what} of the new book. It has: {titles}.")
    return found


def unmapped_in_words(left: Sequence[Left], new: Desk) -> str:
    """Returns what is still to be said before tickets can follow, a line for each."""
    lines = [
        f"  {one.what} {one.title} ({_open(one)}): --map '{one.what} {one.key}=…', one of"
        f" {', '.join(titles_of(new).get(one.what, {}).values()) or 'none'}"
        for one in left
    ]
    return "\n".join(["Open tickets have what the new book drops. Say what each becomes:", *lines])


def mapped_in_words(renaming: Renaming, left: Sequence[Left], new: Desk) -> str:
    """Returns what becomes of open tickets, a line for each thing the new book drops."""
    titles = titles_of(new)
    own = {"stage": renaming.stages, "team": renaming.teams, "severity": renaming.severities}
    becomes = {**renaming.facets, **own}
    return "".join(
        f"{one.what} {one.title} → {titles[one.what][becomes[one.what][one.key]]}: {_open(one)}\n"
        for one in left
    )


def _open(left: Left) -> str:
    return f"{left.tickets} open ticket{'' if left.tickets == 1 else 's'}"
