"""Every case two books have in common, as boxes of what is said of it when it is opened.

A value "" is one nobody says. A severity that a matrix works out stands for itself as
"impact × urgency", so that both ways of getting one are looked at.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from deskbook.book.boxes import Box, meets, without
from deskbook.engine.desk import Conditions, Desk, Rule, Target

BY_MATRIX = " × "
Line = TypeVar("Line", Rule, Target)


@dataclass(frozen=True, slots=True)
class Space:
    """What may be said of a case in both books."""

    old: Desk
    new: Desk

    def everything(self, asked: Iterable[Conditions]) -> Box:
        """Returns the box of every case, over the facets these lines ask about."""
        facets = {facet: None for when in asked for facet in when}
        return {facet: self._said(facet) for facet in facets}

    def _said(self, facet: str) -> frozenset[str]:
        ours, theirs = (_values(desk, facet) for desk in (self.old, self.new))
        unsaid = frozenset() if self._always_said(facet) else frozenset({""})
        if ours is None or theirs is None:
            return (ours or theirs or frozenset()) | unsaid
        return (ours & theirs) | unsaid

    def _always_said(self, facet: str) -> bool:
        if facet in ("channel", "team"):
            return True
        return any(
            desk.facets[facet].required for desk in (self.old, self.new) if facet in desk.facets
        )


def _values(desk: Desk, facet: str) -> frozenset[str] | None:
    own: Mapping[str, Iterable[str]] = {
        "severity": (*desk.severities, *map(BY_MATRIX.join, desk.matrix)),
        "plan": desk.plans,
        "team": desk.teams,
        "channel": desk.channels,
    }
    if facet in own:
        return frozenset(own[facet])
    return frozenset(desk.facets[facet].values) if facet in desk.facets else None


def as_said(desk: Desk, when: Conditions) -> Conditions:
    """Returns conditions over what is said: with nothing said where the default fits, and with the
    impacts and urgencies that give a severity.
    """
    said = {facet: _with_default(desk, facet, values) for facet, values in when.items()}
    if "severity" in when:
        pairs = (pair for pair, gives in desk.matrix.items() if gives in when["severity"])
        said["severity"] |= frozenset(map(BY_MATRIX.join, pairs))
    return said


def _with_default(desk: Desk, facet: str, values: frozenset[str]) -> frozenset[str]:
    return values | {""} if default_of(desk, facet) in values else values


def default_of(desk: Desk, facet: str) -> str | None:
    """Returns what a case has where nothing is said."""
    if facet == "severity":
        return desk.default_severity
    return desk.facets[facet].default if facet in desk.facets else None


def regions(
    desk: Desk, lines: Sequence[Line], everything: Box
) -> Iterator[tuple[Line | None, list[Box]]]:
    """Yields each line with the cases that get it, the strongest first; and those that get none.

    Raises TooManyBoxes.
    """
    left = [everything]
    for line in lines:
        when = as_said(desk, line.when)
        yield line, list(_both(left, when))
        left = without(left, when)
    yield None, left


def _both(boxes: Iterable[Box], when: Conditions) -> Iterator[Box]:
    for box in boxes:
        if meets(box, when):
            yield {**box, **{facet: values & box[facet] for facet, values in when.items()}}


def pairs(
    space: Space, ours: Sequence[Line], theirs: Sequence[Line]
) -> Iterator[tuple[Line | None, Line | None, list[Box]]]:
    """Yields each pair of lines, one of each book, with the cases that get both."""
    everything = space.everything(line.when for line in (*ours, *theirs))
    if not all(everything.values()):
        return
    after = [(line, boxes) for line, boxes in regions(space.new, theirs, everything) if boxes]
    for one, boxes in regions(space.old, ours, everything):
        for other, others in after:
            common = [cut for box in others for cut in _both(boxes, box)]
            if common:
                yield one, other, common


def by_strength(targets: Iterable[Target]) -> list[Target]:
    """Returns promises with those first that win: more conditions, then higher up."""
    return sorted(targets, key=lambda target: -len(target.when))


def joined(boxes: Iterable[Box]) -> list[Box]:
    """Returns the same cases in fewer boxes: two that differ in one facet are one."""
    left = list(boxes)
    for facet in dict.fromkeys(facet for box in left for facet in box):
        alike: dict[frozenset[tuple[str, frozenset[str]]], Box] = {}
        for box in left:
            rest = frozenset(item for item in box.items() if item[0] != facet)
            before = alike.get(rest, {}).get(facet, frozenset())
            alike[rest] = {**box, facet: before | box[facet]} if facet in box else box
        left = list(alike.values())
    return left
