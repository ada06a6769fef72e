"""What all reports have: facts from one statement, counted by steps of time, and their tickets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from deskbook.people.sight import NOTHING, Hidden
from deskbook.people.words import Words
from deskbook.reports.steps import Step

FILTERS = ("team", "severity", "category")
"""Columns of a ticket a report can be narrowed by: as they are now."""


@dataclass(frozen=True, slots=True)
class Column:
    """One kind of fact that is counted."""

    key: str
    title: Words
    adds_up: bool = True
    """False for a state at the end of a step, which the next step counts again."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked: of which desk, for which steps, narrowed to what."""

    desk: int
    steps: tuple[Step, ...]
    narrowed: Mapping[str, str] = field(default_factory=dict)
    """Filter → value; one that is missing narrows nothing."""
    hidden: Hidden = NOTHING
    """What is counted for nobody who does not see it."""


@dataclass(frozen=True, slots=True)
class Line:
    """The counts of one step, in the order of the report's columns."""

    step: Step
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """One question."""

    key: str
    question: Words
    means: Words
    """How it is counted, for those who want to rely on it."""
    columns: tuple[Column, ...]
    facts: str
    """SQL that gives a line (ticket's id, instant, a column's key) for all that is counted. It is
    given `desk`, `from_at` and `until_at` of all that is asked, `starts` and `ends` of the steps,
    and each of `FILTERS`, empty where it narrows nothing.
    """

    def lines(self, asked: Asked) -> list[Line]:
        """Returns the counts of each step, in one statement."""
        found = {
            (step, what): count
            for step, what, count in _fetch(
                _COUNTS.format(facts=self._facts(asked)), _parameters(asked)
            )
        }
        return [
            Line(step, tuple(found.get((number, column.key), 0) for column in self.columns))
            for number, step in enumerate(asked.steps, start=1)
        ]

    def totals(self, lines: Sequence[Line]) -> tuple[int | None, ...]:
        """Returns each column's sum; None where a sum would count the same ticket again."""
        return tuple(
            sum(line.counts[at] for line in lines) if column.adds_up else None
            for at, column in enumerate(self.columns)
        )

    def tickets(self, asked: Asked, what: str, *, most: int, after: int = 0) -> list[int]:
        """Returns ids of the tickets one number counts (those of all steps asked), the newest
        first, at most so many of those behind the id `after`.
        """
        parameters = {**_parameters(asked), "what": what, "most": most, "after": after}
        return [row[0] for row in _fetch(_TICKETS.format(facts=self._facts(asked)), parameters)]

    def _facts(self, asked: Asked) -> str:
        if not asked.hidden:
            return self.facts
        seen = asked.hidden.sql(masked=False)[0]
        return (
            f"select fact.* from ({self.facts}) fact"
            f" join deskbook_ticket ticket on ticket.id = fact.ticket where {seen}"
        )


_STEPS = """unnest(%(starts)s::timestamptz[], %(ends)s::timestamptz[])
    with ordinality steps (from_at, until_at, number)"""
_COUNTS = f"""
select steps.number, fact.what, count(*)
from {_STEPS} join ({{facts}}) fact on fact.at >= steps.from_at and fact.at < steps.until_at
group by 1, 2
"""
_TICKETS = f"""
select distinct fact.ticket
from {_STEPS} join ({{facts}}) fact on fact.at >= steps.from_at and fact.at < steps.until_at
where fact.what = %(what)s and (%(after)s = 0 or fact.ticket < %(after)s)
order by 1 desc limit %(most)s
"""


def _parameters(asked: Asked) -> dict[str, Any]:
    narrowed = {name: asked.narrowed.get(name, "") for name in FILTERS}
    starts = [step.from_at for step in asked.steps]
    ends = [step.until_at for step in asked.steps]
    seen = asked.hidden.sql(masked=False)[1]
    span = {"from_at": starts[0], "until_at": ends[-1]}
    return {"desk": asked.desk, "starts": starts, "ends": ends, **span, **narrowed, **seen}


def _fetch(sql: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
