"""Proofs over promises: every line counts for some case, and none contradicts another."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, permutations

from deskbook.book.amount_proofs import calendar_of, sooner
from deskbook.book.boxes import Box, TooManyBoxes, meets, without
from deskbook.book.case_boxes import cases_of, spoken, unsaid
from deskbook.book.compile import Compiled
from deskbook.book.findings import Path
from deskbook.book.slips import as_written
from deskbook.book.targets import PROMISES
from deskbook.engine.desk import Desk, Target

WORDS = {clock: word for word, clock in PROMISES}
NEVER_ACKNOWLEDGED = ("phone", "walk-in", "on-site", "other")
"""Kinds of channels on which nothing is acknowledged by itself."""


def prove_targets(compiled: Compiled) -> None:
    """Every promise counts for some case."""
    desk, remarks = compiled.desk, compiled.remarks
    alive, dead = set[int](), list[tuple[int, Target, list[Target]]]()
    for number, target in _numbered(compiled):
        stronger = _stronger(desk, target)
        if _is_dead(desk, target, stronger):
            dead.append((number, target, stronger))
        else:
            alive.add(number)
    for number, target, stronger in dead:
        takers = [other for other in stronger if meets(target.when, other.when)]
        also = tuple(dict.fromkeys(("targets", _number_of(compiled, t)) for t in takers))
        path: Path = ("targets", number)
        lines = ", ".join(dict.fromkeys(str(t.line) for t in takers))
        if number not in alive:
            said = f"no case gets this line: line {lines}, above or saying more, takes them all"
            remarks.error(path, said, "dead-target", also=also)
        else:
            word = WORDS[target.clock]
            said = f"no case gets this `{word}`: line {lines} promises it for all of them"
            remarks.warn((*path, word), said, "dead-promise", at_key=True, also=also)


def _numbered(compiled: Compiled) -> Iterator[tuple[int, Target]]:
    return zip(compiled.target_numbers, compiled.desk.targets, strict=True)


def _number_of(compiled: Compiled, target: Target) -> int:
    return next(number for number, other in _numbered(compiled) if other is target)


def _stronger(desk: Desk, target: Target) -> list[Target]:
    """Returns the promises that come before one: more conditions, or as many and above."""
    same = [other for other in desk.targets if _of_one_clock(other, target)]
    place = next(n for n, other in enumerate(same) if other is target)
    return [
        other
        for n, other in enumerate(same)
        if len(other.when) > len(target.when) or (len(other.when) == len(target.when) and n < place)
    ]


def _of_one_clock(one: Target, other: Target) -> bool:
    """Whether both may give one case its clock. A solution promised of a team is a clock of its
    own, beside the customer's.
    """
    return one.clock == other.clock and (
        one.clock == "team" or ("team" in one.when) == ("team" in other.when)
    )


def counts_somewhere(desk: Desk, target: Target) -> bool:
    """Returns whether a promise counts for some case, the lines that come before it taken away."""
    return not _is_dead(desk, target, _stronger(desk, target))


def _is_dead(desk: Desk, target: Target, stronger: list[Target]) -> bool:
    """Whether the lines that come first leave a promise no case."""
    try:
        left = [_taken_by(desk, target, stronger)]
        for other in stronger:
            left = without(left, other.when)
    except TooManyBoxes:
        return False
    return not left


def _taken_by(desk: Desk, target: Target, others: list[Target]) -> Box:
    """Returns the cases a line fits, over all facets that it and the others ask about."""
    domain = cases_of(desk, (target.when, *(other.when for other in others)))
    everything = {facet: values | unsaid(desk, facet) for facet, values in domain.items()}
    return {**everything, **target.when}


def prove_ties(compiled: Compiled) -> None:
    """No two lines promise different things to the same case with nothing but their order to
    decide.
    """
    names = as_written(compiled.book)
    for (number, one), (later, two) in combinations(_numbered(compiled), 2):
        alike = _of_one_clock(one, two) and len(one.when) == len(two.when)
        if not alike or one.when == two.when or not meets(one.when, two.when):
            continue
        if _without_place(one) == _without_place(two):
            continue
        common = {
            facet: one.when.get(facet, frozenset()) & two.when.get(facet, frozenset())
            or one.when.get(facet)
            or two.when[facet]
            for facet in {**one.when, **two.when}
        }
        if _is_dead(compiled.desk, replace(one, when=common), _more(compiled.desk, one)):
            continue
        said = (
            f"a case with {spoken(compiled.desk, common, names)} fits line {one.line} as well, and"
            f" only its place above decides: write a line for both, which says more"
        )
        compiled.remarks.warn(("targets", later), said, "tie", also=(("targets", number),))


def _more(desk: Desk, target: Target) -> list[Target]:
    return [
        other
        for other in desk.targets
        if _of_one_clock(other, target) and len(other.when) > len(target.when)
    ]


def _without_place(target: Target) -> Target:
    return replace(target, when={}, line=0)


def prove_gravest_first(compiled: Compiled) -> None:
    """What is graver is not slower, of two lines that differ by the severity alone."""
    desk, told = compiled.desk, set[tuple[int, str]]()
    for (number, graver), (other, milder) in permutations(_numbered(compiled), 2):
        pair = _apart_by_severity(desk, graver, milder)
        if pair is None or not (graver.limit and milder.limit) or (number, graver.clock) in told:
            continue
        if graver.agreed != milder.agreed or graver.starts != milder.starts:
            continue
        if sooner(calendar_of(desk, graver), milder.limit, graver.limit):
            told.add((number, graver.clock))
            said = (
                f"{pair[0]} is slower than {pair[1]} in line {milder.line}: is one of the two"
                " amounts a slip?"
            )
            word = WORDS[graver.clock]
            also: tuple[Path, ...] = (("targets", other, word),)
            compiled.remarks.warn(("targets", number, word), said, "slower", at_key=True, also=also)


def _apart_by_severity(desk: Desk, one: Target, other: Target) -> tuple[str, str] | None:
    """Returns a severity of one line and a milder one of another that is the same otherwise."""
    if one.clock != other.clock or one.hours != other.hours:
        return None
    if {k: v for k, v in one.when.items() if k != "severity"} != {
        k: v for k, v in other.when.items() if k != "severity"
    }:
        return None
    order = list(desk.severities)
    both = [one.when.get("severity", frozenset()), other.when.get("severity", frozenset())]
    if not all(both):
        return None
    graver, milder = min(both[0], key=order.index), max(both[1], key=order.index)
    shown = (desk.severities[graver].title, desk.severities[milder].title)
    return shown if order.index(graver) < order.index(milder) else None


def prove_beginnings(compiled: Compiled) -> None:
    """What starts a clock can come for the cases of its line."""
    desk = compiled.desk
    for number, target in _numbered(compiled):
        said = ""
        by = [desk.channels[key].kind for key in target.when.get("channel", ())]
        if target.starts == "arrival" and not desk.teams:
            said = "no case arrives anywhere: the book has no teams"
        elif target.starts == "verified" and not desk.severities:
            said = "nothing is verified: the book has no severities"
        elif target.starts == "acknowledged" and by and set(by) <= set(NEVER_ACKNOWLEDGED):
            said = "nothing is acknowledged on these channels"
        if said:
            where: Path = ("targets", number, "from")
            compiled.remarks.error(where, f"this clock never starts: {said}", "never-starts")
