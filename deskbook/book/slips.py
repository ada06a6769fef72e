"""What a book may say and cannot mean: slips of the hand that would otherwise work, only not as
intended.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from deskbook.book.compile import Compiled
from deskbook.book.findings import Path
from deskbook.book.schema import Book
from deskbook.book.schema.cases import Facet
from deskbook.book.schema.section import Section, spaced
from deskbook.book.schema.targets import Target
from deskbook.book.schema.teams import Rule
from deskbook.book.words import Goal, fold
from deskbook.engine.addresses import normal_address
from deskbook.engine.amounts import Amount, CalendarPeriod, size_of

PROMISES = ("respond", "update", "resolve", "answer")
TEAM_PROMISES = {
    "respond": "`answer`, which runs from arrival at the team",
    "update": "it without `team`: from each answer to the next, whoever gave it",
}


def prove_names(compiled: Compiled) -> None:
    """No two names of a section are one to the desk, which reads them whatever their case and
    spacing.
    """
    for path, names in _declared(compiled.book):
        first: dict[str, str] = {}
        for name in names:
            if not fold(name):
                said = "a name without a letter: nothing could speak of it. Give it one"
                compiled.remarks.error((*path, name), said, "empty-name", at_key=True)
            if fold(name) in first:
                compiled.remarks.error(
                    (*path, name),
                    f"{name!r} is the same name as {first[fold(name)]!r}: capitals make no"
                    " difference. Rename one",
                    "same-name",
                    at_key=True,
                    also=((*path, first[fold(name)]),),
                )
            first.setdefault(fold(name), name)


def as_written(book: Book) -> dict[str, str]:
    """Returns each name the book declares, folded, and as its owner wrote it."""
    return {fold(name): name for _, names in _declared(book) for name in names}


def _declared(book: Book) -> Iterator[tuple[Path, Iterable[str]]]:
    for word in type(book).model_fields:
        said, path = getattr(book, word), (spaced(word),)
        if isinstance(said, Facet):
            yield (*path, "values"), said.values
        elif isinstance(said, Mapping):
            yield path, said
            for name, entry in said.items():
                if isinstance(entry, Facet):
                    yield (*path, name, "values"), entry.values


def prove_lists_of_names(compiled: Compiled) -> None:
    """No list names anything twice."""
    for path, words in _lists(compiled.book, ()):
        first: dict[str, int] = {}
        for number, word in enumerate(words):
            if first.setdefault(fold(word), number) != number:
                said = f"{word!r} stands in this list already: delete one"
                also = ((*path, first[fold(word)]),)
                compiled.remarks.warn((*path, number), said, "twice", also=also)


def _lists(said: Any, path: Path) -> Iterator[tuple[Path, list[str]]]:
    """Yields every list of words below a part of the book, but the rows of a matrix."""
    if isinstance(said, Section):
        own = {spaced(name): getattr(said, name) for name in type(said).model_fields}
        said = {**own, **(said.__pydantic_extra__ or {})}
    if isinstance(said, Mapping):
        for name, child in said.items():
            if (*path, name) not in (("mail",), ("matrix", "gives")):
                yield from _lists(child, (*path, name))
    elif isinstance(said, list) and said and all(isinstance(word, str) for word in said):
        yield path, said
    elif isinstance(said, list):
        for number, child in enumerate(said):
            yield from _lists(child, (*path, number))


def prove_keys(compiled: Compiled) -> None:
    """No facet is called as a key of the lines that ask about it, and no value as a key of its
    list.
    """
    book = compiled.book
    keys = {spaced(name) for kind in (Target, Rule) for name in kind.model_fields}
    for name in book.facets:
        if fold(name) in keys:
            said = f"a line with `{name}` would not ask about this facet: choose another word"
            compiled.remarks.error(("facets", name), said, "key-name", at_key=True)
    for section, facet in (("types", book.types), ("categories", book.categories)):
        for name in _keys_as_values(facet) if facet else ():
            said = f"`{name}` is read as one of the {section}: the others belong under `values`"
            compiled.remarks.warn((section, name), said, "key-name", at_key=True)


def _keys_as_values(facet: Facet) -> Iterator[str]:
    """Yields values that were meant as keys of their list: `{ asked: desk }` without `values`."""
    own = {spaced(name) for name in Facet.model_fields}
    for name, value in facet.values.items():
        if fold(name) in own and (value.means or len(facet.values) == 1):
            yield name


def prove_addresses(compiled: Compiled) -> None:
    """No mail address is given twice."""
    seen: set[str] = set()
    for number, address in enumerate(compiled.book.mail):
        if normal_address(address) in seen:
            compiled.remarks.error(
                ("mail", number), f"{address} is given twice: delete one", "same-address"
            )
        seen.add(normal_address(address))


def prove_ladders(compiled: Compiled) -> None:
    """Silence is followed up where somebody else than the desk is next, and never after the end."""
    for name, entry in compiled.book.stages.items():
        word = "remind" if entry.remind else "close" if entry.close else ""
        stage = compiled.desk.stages[fold(name)]
        if word and (stage.closed or stage.redirected):
            compiled.remarks.error(
                ("stages", name, word),
                "a case is over here: it would be closed, and mailed about, again and again."
                f" Delete `{word}`",
                "closed-ladder",
                at_key=True,
            )
        elif word and stage.next == "desk":
            compiled.remarks.warn(
                ("stages", name, word),
                "the desk is next here, yet the requester is followed up: `next: requester`, or"
                f" delete `{word}`",
                "desk-ladder",
                at_key=True,
            )


def prove_promises(compiled: Compiled) -> None:
    """A target leaves time, can be dated, and slows down for somebody."""
    for number, line in enumerate(compiled.book.targets):
        for word in PROMISES:
            if goal := getattr(line, word):
                _prove_goal(compiled, ("targets", number, word), goal)
        for word in ("respond", "update") if _asks_for_team(line) else ():
            if getattr(line, word):
                compiled.remarks.warn(
                    ("targets", number, word),
                    f"nothing counts this for a team: write {TEAM_PROMISES[word]}",
                    "team-promise",
                    at_key=True,
                )
        if line.after_hours and not any(plan.after_hours for plan in compiled.desk.plans.values()):
            compiled.remarks.warn(
                ("targets", number, "after hours"),
                "no plan includes help after hours, so this slows nothing: `after hours: yes` on a"
                " plan",
                "no-after-hours",
                at_key=True,
            )


def _prove_goal(compiled: Compiled, path: Path, goal: Goal) -> None:
    if any(amount and _is_nothing(amount) for amount in (goal.limit, goal.aim)):
        said = "no time at all: every case would be late at once"
        compiled.remarks.error(path, said, "no-time")
    if goal.agreed and path[-1] != "update":
        said = (
            "only the next `update` is dated as agreed: write `no promise`, or an amount alone,"
            " and let the agent promise the date"
        )
        compiled.remarks.error(path, said, "agreed")


def _asks_for_team(line: Target) -> bool:
    return any(fold(facet) == "team" for facet in line.__pydantic_extra__ or {})


def _is_nothing(amount: Amount) -> bool:
    if isinstance(amount, CalendarPeriod):
        return not (amount.weeks or amount.months)
    return not size_of(amount)
