"""How many slips in a book are found, by `deskbook check` or by a scenario beside the book.

    python -m bench.mutations [--each 60] [--missed]

The slips are drawn by a seed, book by book, as evenly over the operators as the book has room for.
"""

import argparse
import random
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from itertools import product, zip_longest
from pathlib import Path
from typing import get_args

from bench.mutation_operators import Mutation, at, mutations
from deskbook.book.document import Node, read_document
from deskbook.book.load import Loaded, load_document, text_of
from deskbook.engine.channels import Channel
from deskbook.engine.desk import ClockKind, Desk
from deskbook.engine.routing import route, target_for
from deskbook.scenario.play import play
from deskbook.scenario.scenario import understand

FOLDER = Path(__file__).parents[1] / "books"
BOOKS = ("mukta", "salama", "spark", "sparkrock")
TODAY = date(2026, 3, 2)
SEED, EACH = 12, 60
CLOCKS = get_args(ClockKind)


@dataclass(frozen=True)
class Found:
    """What became of one slip."""

    book: str
    mutation: Mutation
    by: str = ""
    """"check" or "scenario"; empty when nobody noticed."""
    line: int = 0
    said: str = ""

    @property
    def place(self) -> str:
        return f"{self.book}: {'/'.join(map(str, self.mutation.path))}: {self.mutation.what}"


@cache
def document_of(book: str) -> Node:
    return read_document(text_of(FOLDER / f"{book}.yaml"))


@cache
def _said_of(book: str) -> frozenset[tuple[int, str]]:
    return frozenset((f.line, f.code) for f in _loaded(book).findings)


@cache
def _loaded(book: str) -> Loaded:
    return load_document(document_of(book), f"{book}.yaml", today=TODAY)


def drawn(book: str, each: int = EACH) -> Iterator[tuple[Mutation, Loaded]]:
    """Yields slips of one book with what is read then, the same for the same seed. What makes no
    difference to any case is none.
    """
    made = 0
    for mutation in _shuffled(book):
        if made == each:
            return
        loaded = load_document(mutation.of(document_of(book)), f"{book}.yaml", today=TODAY)
        if not _means_the_same(_loaded(book), loaded):
            made += 1
            yield mutation, loaded


def _shuffled(book: str) -> Iterator[Mutation]:
    """Yields the slips of a book in turns: one of each operator, then the next."""
    by_operator: dict[str, list[Mutation]] = {}
    for mutation in mutations(document_of(book)):
        by_operator.setdefault(mutation.operator, []).append(mutation)
    for operator, made in by_operator.items():
        random.Random(f"{SEED} {book} {operator}").shuffle(made)
    for turn in zip_longest(*by_operator.values()):
        yield from filter(None, turn)


def _means_the_same(loaded: Loaded, other: Loaded) -> bool:
    """Whether every case is treated alike by two books, and people are told the same."""
    one, two = loaded.desk, other.desk
    if two is None or loaded.book.model_copy(update=_SORTING) != other.book.model_copy(
        update=_SORTING
    ):
        return False
    aside = {"targets": (), "rules": (), "channels": {}}
    if replace(one, **aside) != replace(two, **aside) or _open(one) != _open(two):
        return False
    lines = (*one.rules, *two.rules, *one.targets, *two.targets)
    cases = product(*_values(one, {facet for line in lines for facet in line.when}))
    return all(_treated(one, dict(case)) == _treated(two, dict(case)) for case in cases)


_SORTING = {"targets": [], "routing": None, "stages": {}, "channels": {}}


def _open(desk: Desk) -> dict[str, Channel]:
    return {
        key: replace(channel, hours=channel.hours or desk.hours)
        for key, channel in desk.channels.items()
    }


def _values(desk: Desk, facets: set[str]) -> Iterator[list[tuple[str, str]]]:
    own = {"severity": desk.severities, "plan": desk.plans, "team": desk.teams}
    own |= {"channel": desk.channels}
    for facet in sorted(facets):
        said = own.get(facet) or desk.facets[facet].values
        unsaid = () if facet in own or desk.facets[facet].default else ("",)
        yield [(facet, value) for value in (*said, *unsaid)]


def _treated(desk: Desk, case: dict[str, str]) -> list[object]:
    rule = route(desk, case)
    targets = [target_for(desk, clock, case) for clock in CLOCKS]
    plain = [target and replace(target, when={}, line=0) for target in targets]
    return [rule and rule.to, *plain]


def by_check(book: str, mutation: Mutation, loaded: Loaded) -> Found | None:
    """Returns what `check` says of a book with the slip, at one of its lines."""
    lines = _lines(book, mutation)
    for finding in loaded.findings:
        known = (finding.line, finding.code) in _said_of(book)
        if not known and lines & {finding.line, *(line for line, _ in finding.also)}:
            said = f"{finding.message} [{finding.code}]"
            return Found(book, mutation, "check", finding.line, said)
    return None


def _lines(book: str, mutation: Mutation) -> frozenset[int]:
    """The lines a finding about the slip may stand on: where it was made, what it stands below,
    and wherever else the book names it.
    """
    document, path = document_of(book), mutation.path
    here = at(document, path)
    inside = range(document.place(path, at_key=True)[0], _last_line(here) + 1)
    above = [
        document.place(path[:depth], at_key=at_key)[0]
        for depth in range(1, len(path))
        for at_key in (True, False)
    ]
    texts = [node.value for node in here.everything() if isinstance(node.value, str)]
    names = [str(step) for step in path[1:]] + texts + [mutation.what.partition("→ ")[2]]
    return frozenset((*inside, *above, *_naming(book, frozenset(names))))


def _naming(book: str, names: frozenset[str]) -> Iterator[int]:
    told = "|".join(re.escape(name) for name in names if len(name) > 1)
    for number, line in enumerate(text_of(FOLDER / f"{book}.yaml").split("\n"), start=1):
        if told and re.search(rf"\b({told})\b", line):
            yield number


def _last_line(node: Node) -> int:
    return max(child.line for child in node.everything())


@cache
def _scenario_documents(book: str) -> list[tuple[Path, Node]]:
    files = sorted((FOLDER / book).glob("*.scenario.yaml"))
    return [(file, read_document(text_of(file))) for file in files]


def by_scenario(book: str, mutation: Mutation, loaded: Loaded) -> Found | None:
    """Returns the first line of a scenario beside the book that does not hold any more."""
    for file, document in _scenario_documents(book):
        read = understand(document, file, loaded.desk)
        for finding in read.findings:
            said = f"{file.name}: {finding.message}"
            return Found(book, mutation, "scenario", finding.line, said)
        for scenario in read.scenarios:
            for difference in play(scenario).differences:
                said = f"{file.name}: {difference.expected}: {difference.got}"
                return Found(book, mutation, "scenario", difference.line, said)
    return None


def looked_for(book: str, each: int = EACH) -> Iterator[Found]:
    """Yields what became of every slip drawn for a book."""
    for mutation, loaded in drawn(book, each):
        found = by_check(book, mutation, loaded)
        if found is None and loaded.desk is not None:
            found = by_scenario(book, mutation, loaded)
        yield found or Found(book, mutation)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--each", type=int, default=EACH, metavar="N", help="slips a book")
    parser.add_argument("--missed", action="store_true", help="only what nobody found")
    parser.add_argument("--list", action="store_true", help="every slip, with what found it")
    asked = parser.parse_args()
    found = [one for book in BOOKS for one in looked_for(book, asked.each)]
    for one in found if asked.list or asked.missed else ():
        if not (asked.missed and one.by):
            where = f"{one.by} {one.line}" if one.by else "NOT FOUND"
            sys.stdout.write(f"{one.mutation.operator} | {one.place} | {where} | {one.said}\n")
    _table(found)


def _table(found: list[Found]) -> None:
    sys.stdout.write(f"{'':38} made  check  scenario  not\n")
    for operator in sorted({one.mutation.operator for one in found}):
        _row(operator, Counter(one.by for one in found if one.mutation.operator == operator))
    _row("all", Counter(one.by for one in found))


def _row(what: str, by: Counter[str]) -> None:
    sys.stdout.write(f"{what:38} {by.total():4}  {by['check']:5}  {by['scenario']:8}  {by['']:3}\n")


if __name__ == "__main__":
    main()
