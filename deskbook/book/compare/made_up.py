"""A case made up to show what two books make of it, worked out by the engine."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice, product
from typing import Any

from deskbook.book.boxes import Box
from deskbook.book.compare.space import BY_MATRIX
from deskbook.book.due_cases import WAITING, answer, with_stages_of_cases
from deskbook.book.hours_cases import CaseError
from deskbook.engine.calendar import NoOpening
from deskbook.engine.desk import Desk, Stage, Target

MOST_TRIED = 12
_ONE_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class MadeUp:
    """A case, and when one of its clocks is due under both books. None: at no time."""

    case: Mapping[str, Any]
    was_at: datetime | None
    becomes_at: datetime | None

    @property
    def later(self) -> bool:
        return self.was_at is not None and (
            self.becomes_at is None or self.becomes_at > self.was_at
        )


@dataclass(slots=True)
class Maker:
    """Works cases out under both books."""

    old: Desk
    new: Desk

    def later_case(
        self, clock: str, box: Box, opened_at: datetime, more: Mapping[str, Any]
    ) -> MadeUp | None:
        """Returns the first case of the box that the engine has due later under the new book."""
        desks = with_stages_of_cases(self.old), with_stages_of_cases(self.new)
        return self._first(desks, clock, box, {"opened": opened_at.isoformat(), **more})

    def later_in_stage(
        self, clock: str, box: Box, opened_at: datetime, stages: tuple[Stage, Stage]
    ) -> MadeUp | None:
        """Returns a case that is due later because it stood in a stage for a week."""
        desks = (_waiting_in(self.old, stages[0]), _waiting_in(self.new, stages[1]))
        stay = [opened_at + timedelta(minutes=1), opened_at + timedelta(days=7)]
        more = {"waiting": [[at.isoformat() for at in stay]], **besides(clock, (), opened_at)}
        return self._first(desks, clock, box, {"opened": opened_at.isoformat(), **more})

    def _first(
        self, desks: tuple[Desk, Desk], clock: str, box: Box, rest: Mapping[str, Any]
    ) -> MadeUp | None:
        for said in islice(_samples(self.old, box), MOST_TRIED):
            for case in _ways_to_be_so(said, rest):
                made = _worked_out(desks, clock, case)
                if made and made.later:
                    return made
        return None


def _waiting_in(desk: Desk, stage: Stage) -> Desk:
    staged = with_stages_of_cases(desk)
    return replace(staged, stages={**staged.stages, WAITING: replace(stage, key=WAITING)})


def besides(clock: str, targets: tuple[Target | None, ...], opened_at: datetime) -> dict[str, Any]:
    """Returns what else has to happen for a clock to begin, an hour after opening."""
    starts = {target.starts for target in targets if target}
    later = (opened_at + _ONE_HOUR).isoformat()
    more: dict[str, Any] = {}
    if clock == "update":
        more["answered"] = [opened_at.isoformat()]
    if starts & {"first answer"}:
        more["answered"] = [later]
    if "verified" in starts:
        more["verified"] = later
    if starts & {"acknowledged", "acknowledged or answered"}:
        more["acknowledged"] = later
    return more


def _samples(desk: Desk, box: Box) -> Iterator[dict[str, str]]:
    """Yields cases of a box: what need not be said is not, and first comes the book's first."""
    orders: dict[str, list[str]] = {
        "severity": list(desk.severities),
        "plan": list(desk.plans),
        "channel": list(desk.channels),
        "team": list(desk.teams),
    }
    choices = [_in_order(desk, facet, values, orders) for facet, values in box.items()]
    for said in product(*choices):
        yield {facet: value for facet, value in zip(box, said, strict=True) if value}


def _in_order(
    desk: Desk, facet: str, values: frozenset[str], orders: Mapping[str, list[str]]
) -> list[str]:
    of_facet = list(desk.facets[facet].values) if facet in desk.facets else []
    order = ["", *(orders.get(facet) or of_facet)]
    return sorted(values, key=lambda v: (order.index(v) if v in order else len(order), v))


def _ways_to_be_so(said: Mapping[str, str], rest: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """A severity is claimed, or comes of the matrix, or is what the desk verifies at once."""
    severity = said.get("severity", "")
    if BY_MATRIX in severity:
        impact, urgency = severity.split(BY_MATRIX)
        yield {**said, "impact": impact, "urgency": urgency, **rest} | {"severity": None}
        return
    yield {**said, **rest}
    if severity and "verified" not in rest:
        unclaimed = {facet: value for facet, value in said.items() if facet != "severity"}
        yield {**unclaimed, **rest, "verified": {"at": rest["opened"], "severity": severity}}


def _worked_out(desks: tuple[Desk, Desk], clock: str, case: Mapping[str, Any]) -> MadeUp | None:
    try:
        was, becomes = (_due(desk, clock, case) for desk in desks)
    except (CaseError, ValueError):
        return None  # a case that one of the books does not take
    return MadeUp({k: v for k, v in case.items() if v is not None}, was, becomes)


def _due(desk: Desk, clock: str, case: Mapping[str, Any]) -> datetime | None:
    try:
        clocks = answer(desk, case)["clocks"]
    except NoOpening:
        return None
    named = [told for name, told in clocks.items() if name.split(":")[0] == clock]
    said = named[-1]["due"] if named else None
    return datetime.fromisoformat(said) if said else None
