"""The columns a list may have, a line as it was given, and what would become of it."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from deskbook.people.lists.quoting import short
from deskbook.people.lists.sheets import Sheet, as_read, looks_like_formula
from deskbook.refusals.kept import joined
from deskbook.refusals.refusal import Refusal, Refused

Verdict = Literal["added", "changed", "same", "wrong"]


@dataclass(frozen=True, slots=True)
class ListColumn:
    """A column by its key; `names` are other headings people write for it, lower case."""

    key: str
    means: object
    """Translated when it is shown."""
    names: tuple[str, ...] = ()
    required: bool = False
    written: bool = True
    """In a list that goes out; others are only read."""


@dataclass(frozen=True, slots=True)
class Given:
    """One line as it came: `values` by column, `others` by the heading of columns the list does not
    know.
    """

    line: int
    values: Mapping[str, str]
    others: Mapping[str, str] = field(default_factory=dict)
    noticed: tuple[Refusal, ...] = ()
    broken: Refusal | None = None
    """Why the line cannot be read at all."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What would become of a line. `record` is what to write, known to its own kind of list
    only.
    """

    given: Given
    verdict: Verdict
    why: str = ""
    """What is wrong, or was noticed, in its written form."""
    record: object = None


class Wrong(Refused):
    """A value cannot be taken. The sentence says which, why, and what to do."""


KEPT = "kept: "
"""Before the heading of a kept column that is called as one the list knows."""


@dataclass(frozen=True, slots=True)
class Heading:
    """Which column each place of a line is: `known` by key, `others` by heading."""

    known: tuple[str | None, ...]
    others: tuple[str, ...]

    @property
    def unknown(self) -> tuple[str, ...]:
        """The headings no column answers to."""
        return tuple(
            name for key, name in zip(self.known, self.others, strict=True) if key is None and name
        )


def heading_of(columns: Sequence[ListColumn], header: Sequence[str]) -> Heading:
    """Returns what the headings mean. Raises Wrong when a required column is missing or one comes
    twice.
    """
    known = _answering(columns, header)
    twice = next((key for key in known if key and known.count(key) > 1), None)
    if twice:
        raise Wrong("list: column twice", name=twice)
    missing = [column.key for column in columns if column.required and column.key not in known]
    if missing:
        raise Wrong(
            "list: column missing",
            missing=tuple(missing),
            all=tuple(column.key for column in columns),
        )
    return Heading(known, tuple(name.removeprefix(KEPT) for name in header))


def as_heading(columns: Sequence[ListColumn], kept: str) -> str:
    """Returns how the heading of a kept column is written, so that it is read as that again."""
    [known] = _answering(columns, [kept])
    return KEPT + kept if known or kept.startswith(KEPT) else kept


def _answering(columns: Sequence[ListColumn], header: Sequence[str]) -> tuple[str | None, ...]:
    by_name = {name: column.key for column in columns for name in (column.key, *column.names)}
    return tuple(by_name.get(" ".join(name.lower().replace("_", " ").split())) for name in header)


def lines_of(heading: Heading, sheet: Sheet, *, keeps: Collection[str]) -> Iterator[Given]:
    """Returns the lines of a sheet by column, and of the columns the list does not know those it
    `keeps`, flagging what looks like a formula.
    """
    width = len(heading.known)
    for line, cells in sheet.rows:
        placed = list(zip(heading.known, heading.others, cells, strict=False))
        broken = Refusal("list: many cells", sep=", ;") if len(cells) > width else None
        yield Given(
            line,
            {key: cell for key, _name, cell in placed if key},
            {name: cell for key, name, cell in placed if key is None and name in keeps and cell},
            tuple(
                Refusal("list: formula", column=short(name))
                for _key, name, cell in placed
                if looks_like_formula(cell)
            ),
            broken,
        )


def said_anew(
    given: Given, cells: Mapping[str, object], kept: Mapping[str, object] | None = None
) -> Given:
    """Returns of a line only what it says otherwise than the desk's own list, with these `cells`
    and what is `kept`, says it. What the desk has may stand as it stands there, whatever would be
    refused of others by now.
    """
    return replace(
        given,
        values=_otherwise(given.values, cells),
        others=_otherwise(given.others, kept or {}),
    )


def _otherwise(said: Mapping[str, str], there: Mapping[str, object]) -> dict[str, str]:
    return {key: text for key, text in said.items() if text and text != as_read(there.get(key))}


def refused(given: Given, why: Refusal) -> Judged:
    """Returns the line as wrong."""
    return Judged(given, "wrong", joined(why, *given.noticed))


def taken(given: Given, verdict: Verdict, record: object, *why: Refusal) -> Judged:
    """Returns the line as one to write, or one that says what is known already."""
    return Judged(given, verdict, joined(*why, *given.noticed), record)


def same_line(given: Given, line: int) -> Judged:
    """Returns a line that repeats an earlier one."""
    return taken(given, "same", None, Refusal("list: same line", number=str(line)))


def each_once(
    lines: Iterable[Given],
    known_by: Callable[[Given], str],
    judged: Callable[[Given, str], Judged],
    *,
    twice: Callable[[str, str], Refusal],
) -> Iterator[Judged]:
    """Yields what would become of each line, `judged` by what it is known by. One that only repeats
    an earlier line is the same; one that says otherwise of the same is refused by `twice`, which
    gets what both are known by and the number of the earlier.
    """
    seen: dict[str, Given] = {}
    for given in lines:
        key = known_by(given)
        earlier = seen.get(key) if key else None
        if earlier is None:
            try:
                yield judged(given, key)
                seen[key] = given
            except Wrong as wrong:
                yield refused(given, wrong.refusal)
        elif (earlier.values, earlier.others) == (given.values, given.others):
            yield same_line(given, earlier.line)
        else:
            yield refused(given, twice(key, str(earlier.line)))


def required(given: Given, *keys: str) -> None:
    """Raises Wrong naming what is empty."""
    empty = [key for key in keys if not given.values.get(key)]
    if empty:
        raise Wrong("list: empty", columns=tuple(empty))


def yes_or_no(text: str, column: str) -> bool:
    """Returns what a yes/no cell says. Raises Wrong."""
    word = text.strip().lower()
    if word in ("yes", "y", "true", "1", "sim", "x"):
        return True
    if word in ("no", "n", "false", "0", "não", "nao"):
        return False
    raise Wrong("list: yes or no", text=short(text), column=column)


BETWEEN = ";"
"""Stands between two things in a cell that may hold several."""


def short_enough(given: Given, most: int = 200, *, several: Collection[str] = ()) -> None:
    """Raises Wrong where a cell is longer than the tables hold, or one thing in it is where its
    column is of `several`.
    """
    for column, text in given.values.items():
        cell = text.split(BETWEEN) if column in several else [text]
        if max(map(len, cell)) > most:
            raise Wrong("list: long", column=column, most=most)
