"""Which slips are made in a book, and where: tables, and all that they make."""

from collections.abc import Callable, Iterator

from bench.mutation_changes import (
    Change,
    Mutation,
    Path,
    add,
    another,
    around,
    at,
    drop,
    hours,
    lowered,
    next_day,
    other_unit,
    paths,
    refuse_closing,
    rename,
    repeat,
    swap,
    turned,
    twice,
    with_key,
    write,
)
from deskbook.book.document import Node

TAKEN_OUT = {
    "a rule dropped": ["routing/rules/*"],
    "a condition of a rule dropped": ["routing/rules/*/*"],
    "a holiday dropped": ["holidays/*/*"],
    "a day of the hours dropped": ["hours/*/*", "plans/*/hours/*"],
    "people removed from a team": ["teams/*/people", "teams/*/people/*"],
    "a team dropped": ["teams/*"],
    "a level dropped": ["levels/*", "teams/*/level"],
    "a stage dropped": ["stages/*"],
    "a reminder or closing dropped": ["stages/*/remind", "stages/*/remind/*", "stages/*/close"],
    "a trigger dropped": ["stages/*/set by", "stages/*/set by/*"],
    "a target dropped": ["targets/*"],
    "a promise dropped": ["targets/*/respond", "targets/*/update", "targets/*/answer"],
    "a condition of a target dropped": ["targets/*/severity", "targets/*/priority"],
    "a severity dropped": ["severities/*", "priorities/*"],
    "a default dropped": ["severities/*/default", "priorities/*/default", "facets/*/default"],
    "a hop removed": ["hops/*"],
    "a hop loses a channel": ["hops/*/by/*", "hops/*/by"],
    "a channel removed": ["channels/*"],
    "the hours of a channel dropped": ["channels/*/hours", "sites/*/visitor hours"],
    "a value of a facet dropped": ["facets/*/values/*", "categories/*", "categories/values/*"],
    "a type dropped": ["types/*", "types/values/*"],
    "a step or paper dropped": [
        "categories/values/*/steps/*",
        "facets/*/values/*/papers/*",
        "procedures/*",
        "types/*/papers/*",
    ],
    "a wording dropped": ["templates/*"],
    "an owner removed": ["responsibilities/*/owned by"],
    "a roster dropped": ["rosters/*"],
    "a site, service or counter dropped": ["sites/*", "services/*", "sites/*/counters"],
    "an outside contact dropped": ["outside/*", "outside/*/by"],
    "a freeze loses a part": ["freeze/what/*", "freeze/hand over", "freeze"],
    "what tells people apart dropped": ["directory/*/identifies"],
    "who is asked dropped": ["channels/*/asks/*", "facets/*/asked", "severities/*/only by"],
}
"""Operator → what it takes out."""
RENAMED = {
    "a severity renamed": ["severities/*", "priorities/*"],
    "a stage renamed": ["stages/*"],
    "a team renamed": ["teams/*"],
    "a channel renamed": ["channels/*"],
    "a value renamed": ["facets/*/values/*", "categories/*", "categories/values/*", "types/*"],
    "hours renamed": ["hours/*", "holidays/*"],
}
REWRITTEN: dict[str, tuple[list[str], Callable[[str], str | None]]] = {
    "an hour opens later": (
        ["hours/*/*", "hours/*/*/*", "plans/*/hours/*"],
        lambda text: hours(text, 1, 0),
    ),
    "an hour closes earlier": (
        ["hours/*/*", "hours/*/*/*", "plans/*/hours/*"],
        lambda text: hours(text, 0, -1),
    ),
    "a window turned round": (["hours/*/*", "hours/*/*/*", "plans/*/hours/*"], around),
    "a target doubled": (["targets/*/respond", "targets/*/update", "targets/*/answer"], twice),
    "a unit mistaken": (
        ["targets/*/respond", "targets/*/update", "stages/*/close", "stages/*/remind/*"],
        other_unit,
    ),
    "a reminder beyond the close": (["stages/*/remind/*"], lambda text: f"9{text}"),
    "a closing doubled": (["stages/*/close"], twice),
    "a number of people lowered": (
        ["teams/*/people/*", "seats/*/limit", "plans/*/contacts"],
        lowered,
    ),
    "more asked of a roster": (["rosters/*/at least"], lambda text: f"{text}0"),
    "yes for no": (["stages/*/*", "plans/*/*", "severities/*/*", "targets/*/recommended"], turned),
    "another zone": (["zone", "hours/*/zone"], lambda text: "Asia/Tokyo"),
    "a date moved": (["dates/*"], next_day),
}
"""Operator → what it changes, and how; None where there is nothing to change."""
ELSEWHERE = {
    "a rule sent elsewhere": ("routing/rules/*/to", "teams"),
    "a case begins elsewhere": ("routing/first", "teams"),
    "a hop leads elsewhere": ("hops/*/to", "levels"),
    "a team on another level": ("teams/*/level", "levels"),
    "a target of another severity": ("targets/*/severity", "severities"),
    "a roster for another team": ("rosters/*/team", "teams"),
    "a site of another team": ("sites/*/team", "teams"),
    "a visit by another team": ("site visits/*/decided by", "teams"),
    "other hours": ("rosters/*/during", "hours"),
}
"""Operator → what it changes to the next name of a section."""
REPEATED = {
    "a rule given twice": ["routing/rules/*"],
    "a target given twice": ["targets/*"],
    "a value given twice": [
        "languages/*",
        "mail/*",
        "hops/*/by/*",
        "routing/rules/*/*/*",
        "seats/*/for/*",
        "stages/*/needs/*",
        "outside/*/by/*",
        "templates/*",
    ],
}
SWAPPED = {
    "two rules swapped": ["routing/rules/*"],
    "two reminders swapped": ["stages/*/remind/*"],
}
ADDED: dict[str, tuple[list[str], Change]] = {
    "a stage pointed nowhere": (["stages/*"], add("to", [])),
    "closing refused everywhere": (["stages"], refuse_closing),
    "a hand-up of five days": (["levels/*"], add("hands up after", "5bd")),
}


def mutations(document: Node) -> Iterator[Mutation]:
    """Yields every slip there could be in a book."""
    for operator, patterns in TAKEN_OUT.items():
        yield from _changed(document, operator, patterns, "dropped", drop)
    for operator, patterns in RENAMED.items():
        yield from _changed(document, operator, patterns, "renamed", rename)
    for operator, patterns in REPEATED.items():
        yield from _changed(document, operator, patterns, "given twice", repeat)
    for operator, patterns in SWAPPED.items():
        yield from _changed(document, operator, patterns, "swapped with the next", swap)
    for operator, (patterns, change) in ADDED.items():
        yield from _changed(document, operator, patterns, "added", change)
    yield from _rewritten(document)
    yield from _elsewhere(document)


def _changed(
    document: Node, operator: str, patterns: list[str], what: str, change: Change
) -> Iterator[Mutation]:
    for path in _all(document, patterns):
        if _is_possible(document, path, change):
            yield Mutation(operator, path, what, change)


def _is_possible(document: Node, path: Path, change: Change) -> bool:
    """Whether there is something to change: a next one to swap with, a stage that is not over."""
    if change is repeat:
        return isinstance(path[-1], int)
    if change is swap:
        return path[-1] + 1 < len(at(document, path[:-1]).value)
    if path[0] not in ("stages", "levels") or change in (drop, rename):
        return True
    said = at(document, path).plain()
    return isinstance(said, dict | None) and not {"closed", "redirected"} & set(said or ())


def _rewritten(document: Node) -> Iterator[Mutation]:
    for operator, (patterns, change) in REWRITTEN.items():
        for path in _all(document, patterns):
            said = at(document, path).value
            if isinstance(said, str) and (text := change(said)) and text != said:
                yield Mutation(operator, path, f"{said} → {text}", write(text))
    for path in _all(document, ["holidays/*/*"]):
        if new := next_day(str(path[-1])):
            yield Mutation("a holiday moved", path, f"→ {new}", with_key(new))


def _all(document: Node, patterns: list[str]) -> Iterator[Path]:
    """Yields what patterns name, but what only says where holidays come from or what hours are
    called.
    """
    for pattern in patterns:
        for path in paths(document, pattern):
            titles = path[0] in ("holidays", "hours") and path[-1] in (
                "source",
                "confirmed",
                "name",
            )
            if not titles:
                yield path


def _elsewhere(document: Node) -> Iterator[Mutation]:
    for operator, (pattern, pool) in ELSEWHERE.items():
        for path in paths(document, pattern) if pool in document.value else ():
            if new := another(at(document, path[:-1]), path[-1], pool, document):
                yield Mutation(operator, path, f"→ {new}", write(new))
