"""Who may see which cases: from a book to the engine, and what can be proved of it."""

from collections.abc import Iterator, Sequence

from deskbook.book.findings import Path, Remarks
from deskbook.book.names import Names, name_or_address
from deskbook.book.schema import Book
from deskbook.book.schema.cases import Value
from deskbook.book.words import fold
from deskbook.engine.desk import Desk
from deskbook.engine.sight import Confined, Sight

OF_THE_CASE = ("team", "level")
"""Words for those who have the case, whoever they are."""


def read_sight(book: Book, teams: Names, remarks: Remarks) -> Sight:
    """Returns who sees what; a word that names nobody, or confines what is no category, is
    remarked.
    """
    for path in _said_elsewhere(book):
        remarks.error(path, "only a category is confined: say it under `categories`", "sight")
    if book.agents_see == "their teams" and not book.teams:
        remarks.error(("agents see",), "the book has no teams: write `teams`", "sight")
    confined = {
        fold(name): _confined(value.seen_by, _place(name), book, teams, remarks)
        for name, value in _categories(book)
        if value.seen_by
    }
    return Sight(confined, book.agents_see == "their teams")


def _confined(
    words: Sequence[str], path: Path, book: Book, teams: Names, remarks: Remarks
) -> Confined:
    own = {fold(word) for word in words} & set(OF_THE_CASE)
    there = {"team": book.teams, "level": book.levels}
    for word in sorted(own):
        if not there[word]:
            remarks.error(path, f"the book has no {word}s: write `{word}s`", "sight")
    whom = Names("team or mail address", "teams", teams.spelled)
    named = [
        name_or_address(word, whom, (*path, number), remarks)
        for number, word in enumerate(words)
        if fold(word) not in own
    ]
    people = frozenset(word for word in named if word and "@" in word)
    return Confined("team" in own, "level" in own, frozenset(filter(None, named)) - people, people)


def _categories(book: Book) -> Iterator[tuple[str, Value]]:
    yield from (book.categories.values if book.categories else {}).items()


def _place(category: str) -> Path:
    return ("categories", "values", category, "seen by")


def _said_elsewhere(book: Book) -> Iterator[Path]:
    lists = [(("types",), book.types), *((("facets", n), one) for n, one in book.facets.items())]
    for path, facet in lists:
        for name, value in (facet.values if facet else {}).items():
            if value.seen_by:
                yield (*path, "values", name, "seen by")


def unseen(book: Book, desk: Desk) -> Iterator[tuple[Path, str, int]]:
    """Yields where a category is confined to others than a team that a rule gives its cases, that
    team's title, and the number of the rule.
    """
    for name, _value in _categories(book):
        confined = desk.sight.confined.get(fold(name))
        if confined is None or confined.own_team or confined.own_level or confined.people:
            continue
        for number, rule in enumerate(desk.rules):
            if fold(name) in rule.when.get("category", (fold(name),)):
                if rule.to not in confined.teams:
                    yield _place(name), desk.teams[rule.to].title, number
                if not rule.when.keys() - {"category"}:
                    break
