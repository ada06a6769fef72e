"""How many cases are in time, and what follows where not: from a book to the engine."""

from collections.abc import Mapping, Sequence

from deskbook.book.findings import Path
from deskbook.book.schema.service_levels import Compensation as CompensationEntry
from deskbook.book.schema.service_levels import Credit as CreditEntry
from deskbook.book.schema.service_levels import ServiceLevel as ServiceLevelEntry
from deskbook.book.targets import PROMISES, Conditioned
from deskbook.book.words import fold
from deskbook.engine.amounts import EndOfBusinessDay
from deskbook.engine.desk import Conditions, Desk
from deskbook.engine.service_level_parts import Compensation, Credit, Kept, ServiceLevel

_CLOCKS: Mapping[str, Kept] = {
    "respond": "response",
    "update": "update",
    "resolve": "resolve",
    "answer": "team",
}
assert _CLOCKS.keys() == dict(PROMISES).keys()


def read_service_levels(
    entries: Sequence[ServiceLevelEntry],
    desk: Desk,
    conditions: Conditioned,
    line_of: Mapping[int, int],
) -> tuple[ServiceLevel, ...]:
    """Returns the lines in the book's order; one with the name of another is remarked."""
    made = dict[str, ServiceLevel]()
    for number, entry in enumerate(entries):
        path: Path = ("service levels", number)
        when = conditions.read_line(entry, path)
        clock = clock_of(entry.of, when)
        if _is_new(entry.name, made, path, conditions):
            made[fold(entry.name)] = ServiceLevel(
                key=fold(entry.name),
                title=entry.name,
                clock=clock,
                at_least=entry.at_least,
                each=entry.over,
                when={facet: values for facet, values in when.items() if facet != "team"},
                within=entry.within,
                teams=_teams(clock, when, desk),
                by_organisation=entry.for_each == "organisation",
                credits=tuple(map(_credit, entry.credits)),
                line=line_of.get(number, 0),
            )
    return tuple(made.values())


def read_compensation(
    entries: Sequence[CompensationEntry], conditions: Conditioned, line_of: Mapping[int, int]
) -> tuple[Compensation, ...]:
    """Returns the lines in the book's order, as `read_service_levels`."""
    made = dict[str, Compensation]()
    for number, entry in enumerate(entries):
        path: Path = ("compensation", number)
        when = conditions.read_line(entry, path)
        if isinstance(entry.each, EndOfBusinessDay):
            said = "this is a moment, not a length of time: write 1d, 1bd or 4h"
            conditions.remarks.error((*path, "each"), said, "amount")
        elif _is_new(entry.name, made, path, conditions):
            made[fold(entry.name)] = Compensation(
                key=fold(entry.name),
                title=entry.name,
                clock=clock_of(entry.late, when),
                pays=entry.pays,
                each=entry.each,
                most=entry.at_most,
                to=entry.to,
                when=when,
                line=line_of.get(number, 0),
            )
    return tuple(made.values())


def clock_of(promise: str, when: Conditions) -> Kept:
    """Returns the clock a line is about; a solution of a team is one of its own."""
    return "team-resolve" if promise == "resolve" and "team" in when else _CLOCKS[promise]


def _teams(clock: Kept, when: Conditions, desk: Desk) -> frozenset[str]:
    """Returns the teams that are named, else those that have such a promise: all, where a target
    names none.
    """
    if not clock.startswith("team"):
        return frozenset()
    every = frozenset(desk.teams)
    asked = (one.when.get("team", every) for one in desk.targets if one.clock == "team")
    return when.get("team") or frozenset().union(*asked)


def _credit(entry: CreditEntry) -> Credit:
    return Credit(entry.below, entry.gives)


def _is_new(name: str, made: Mapping[str, object], path: Path, conditions: Conditioned) -> bool:
    if fold(name) not in made:
        return True
    what = f"there is a line {name!r} above: give this one another name"
    conditions.remarks.error((*path, "name"), what, "same-name")
    return False
