"""The columns a list may have, a line as it was given, and what would become of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from django.utils.translation import gettext as _

from deskbook.people.lists.quoting import short
from deskbook.people.lists.sheets import Sheet, looks_like_formula

Verdict = Literal["added", "changed", "same", "wrong"]


@dataclass(frozen=True, slots=True)
class ListColumn:
    """A column by its key; `names` are other headings people write for it, lower case."""

    key: str
    means: str
    names: tuple[str, ...] = ()
    required: bool = False
    written: bool = True
    """In a list that goes out; others are only read."""


@dataclass(frozen=True, slots=True)
class Given:
    """One line as it came: `values` by column, `others` by the heading of columns the list does not know."""

    line: int
    values: Mapping[str, str]
    others: Mapping[str, str] = field(default_factory=dict)
    noticed: tuple[str, ...] = ()
    broken: str = ""
    """Why the line cannot be read at all."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What would become of a line. `record` is what to write, known to its own kind of list only."""

    given: Given
    verdict: Verdict
    why: str = ""
    record: object = None


class Wrong(ValueError):
    """A value cannot be taken. The text says which, why, and what to do."""


@dataclass(frozen=True, slots=True)
class Heading:
    """Which column each place of a line is: `known` by key, `others` by heading."""

    known: tuple[str | None, ...]
    others: tuple[str, ...]

    @property
    def unknown(self) -> tuple[str, ...]:
        """The headings no column answers to."""
        return tuple(name for key, name in zip(self.known, self.others, strict=True) if key is None and name)


def heading_of(columns: Sequence[ListColumn], header: Sequence[str]) -> Heading:
    """Returns what the headings mean. Raises Wrong when a required column is missing or one comes twice."""
    by_name = {name: column.key for column in columns for name in (column.key, *column.names)}
    known = tuple(by_name.get(" ".join(name.lower().replace("_", " ").split())) for name in header)
    twice = next((key for key in known if key and known.count(key) > 1), None)
    if twice:
        raise Wrong(_("Two columns mean “%(name)s”: take one out.") % {"name": twice})
    missing = [column.key for column in columns if column.required and column.key not in known]
    if missing:
        raise Wrong(
            _("The column %(missing)s is missing. The first line must name the columns: %(all)s.")
            % {"missing": ", ".join(missing), "all": ", ".join(column.key for column in columns)}
        )
    return Heading(known, tuple(header))


def lines_of(heading: Heading, sheet: Sheet, *, keep_others: bool) -> Iterator[Given]:
    """Returns the lines of a sheet by column, flagging what looks like a formula."""
    width = len(heading.known)
    for line, cells in sheet.rows:
        placed = list(zip(heading.known, heading.others, cells, strict=False))
        broken = ""
        if len(cells) > width:
            broken = _("It has more cells than there are columns: is a “%(sep)s” inside a text not quoted?") % {
                "sep": ", ;"
            }
        yield Given(
            line,
            {key: cell for key, _name, cell in placed if key},
            {name: cell for key, name, cell in placed if key is None and name and cell} if keep_others else {},
            tuple(
                _("“%(column)s” looks like a formula; it is kept as text.") % {"column": short(name)}
                for _key, name, cell in placed
                if looks_like_formula(cell)
            ),
            broken,
        )


def refused(given: Given, why: str) -> Judged:
    """Returns the line as wrong."""
    return Judged(given, "wrong", " ".join([why, *given.noticed]))


def taken(given: Given, verdict: Verdict, record: object, why: str = "") -> Judged:
    """Returns the line as one to write, or one that says what is known already."""
    return Judged(given, verdict, " ".join([*([why] if why else []), *given.noticed]), record)


def same_line(given: Given, line: int) -> Judged:
    """Returns a line that repeats an earlier one."""
    return taken(given, "same", None, _("The same as line %(line)s: it is taken once.") % {"line": line})


def required(given: Given, *keys: str) -> None:
    """Raises Wrong naming what is empty."""
    empty = [key for key in keys if not given.values.get(key)]
    if empty:
        raise Wrong(_("%(columns)s is empty.") % {"columns": ", ".join(empty)})


def yes_or_no(text: str, column: str) -> bool:
    """Returns what a yes/no cell says. Raises Wrong."""
    word = text.strip().lower()
    if word in ("yes", "y", "true", "1", "sim", "x"):
        return True
    if word in ("no", "n", "false", "0", "não", "nao"):
        return False
    raise Wrong(_("“%(text)s” under %(column)s is neither yes nor no.") % {"text": short(text), "column": column})


def short_enough(given: Given, most: int = 200) -> None:
    """Raises Wrong where a cell is longer than the tables hold."""
    for column, text in given.values.items():
        if len(text) > most:
            raise Wrong(_("%(column)s is longer than %(most)s characters.") % {"column": column, "most": most})
