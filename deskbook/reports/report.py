"""What all reports have: facts from one statement, counted by lines, and tickets of a number."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal, NamedTuple

from django.db import connection, transaction

from deskbook.engine.desk import Desk
from deskbook.people.moments import spoken
from deskbook.people.sight import NOTHING, Hidden
from deskbook.people.words import Words
from deskbook.reports.narrowing import conditions
from deskbook.reports.steps import Step
from deskbook.reports.targets import with_a_target

By = Literal[
    "time", "severity", "team", "category", "kind", "place", "channel", "agent", "place and kind"
]
"""What the lines of a report may stand for."""
Own = Literal["hour", "span", "age", "wait", "team it was with"]
"""Lines that only one sort of fact has: its statement names them."""
Shows = Literal["count", "median", "p90", "share"]


@dataclass(frozen=True, slots=True)
class Column:
    """One kind of number."""

    key: str
    title: Words
    adds_up: bool = True
    """False where the same ticket may stand in several lines."""
    shows: Shows = "count"
    of: str = ""
    """Key of the facts that are measured, or whose share it is; empty: its own."""
    out_of: tuple[str, ...] = ()
    """Of which facts together it is the share, by their keys."""

    @property
    def what(self) -> str:
        """Key of the facts whose tickets the number opens."""
        return self.of or self.key


@dataclass(frozen=True, slots=True)
class Chart:
    """What of the numbers is drawn: columns by their keys."""

    bars: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    heat: bool = False
    """All of them, as a field of darker and lighter squares."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked: of which desk, for which steps, by what, narrowed to what."""

    desk: int
    book: Desk
    steps: tuple[Step, ...]
    narrowed: Mapping[str, str] = field(default_factory=dict)
    """Filter → value; one that is missing narrows nothing."""
    by: By | Own = "time"
    hidden: Hidden = NOTHING
    """What is counted for nobody who does not see it."""


class Measured(NamedTuple):
    """The facts of one kind in one line: how many tickets, and their times in seconds."""

    tickets: int = 0
    median: float | None = None
    p90: float | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a report by its key: the number of a step, or what its column is in them all."""

    key: str
    found: Mapping[str, Measured]

    def number(self, column: Column) -> float | None:
        """Returns what the column shows here; None where there is nothing to measure."""
        here = self.found.get(column.what, Measured())
        match column.shows:
            case "count":
                return here.tickets
            case "share":
                of_all = sum(self.found.get(what, Measured()).tickets for what in column.out_of)
                return here.tickets / of_all if of_all else None
            case _:
                return here.median if column.shows == "median" else here.p90

    def said(self, column: Column) -> str:
        """Returns the number as people read it; "–" where there is nothing to measure."""
        number = self.number(column)
        if number is None:
            return "–"
        if column.shows == "count":
            return f"{int(number):,}"
        if column.shows == "share":
            return f"{number:.0%}".replace("%", " %")
        return spoken(timedelta(seconds=number))


@dataclass(frozen=True, slots=True)
class Report:
    """One question."""

    key: str
    question: Words
    means: Words
    """How it is counted, for those who want to rely on it."""
    columns: tuple[Column, ...]
    facts: str
    """SQL that gives a line (ticket's id, instant, a column's key, seconds, line) for all that is
    counted, none twice; seconds are null but for times. It is given `desk`, `zone`, `from_at` and
    `until_at` of all that is asked, `starts` of the steps (seconds since the epoch), `{wanted}`,
    what of `ticket` (deskbook_course) is wanted, and `{line}`, on which line that stands, where the
    lines are not the report's own.
    """
    chart: Chart = Chart()
    by: By | Own = "time"
    own: tuple[str, ...] | None = None
    """The lines it has in any case, in their order, where they are none but its own."""
    is_of_now: bool = False
    """It is of this moment: no days are asked."""
    of_oneself: bool = False
    """Agents who may not read reports read this one of themselves."""

    def answer(self, asked: Asked) -> tuple[list[Line], Line]:
        """Returns its lines and their sum, by one statement."""
        found: dict[str | None, dict[str, Measured]] = {}
        facts, values = self._statement(asked)
        whats = {what for column in self.columns for what in (column.what, *column.out_of)}
        timed = {column.of for column in self.columns if column.shows in ("median", "p90")}
        values |= {"counted": sorted(whats - timed), "timed": sorted(timed)}
        statement = _COUNTS + _TIMES if timed else _COUNTS
        for line, what, *measured in _fetch(statement.format(**facts), values):
            found.setdefault(line, {})[what] = Measured(*measured)
        sums = found.setdefault(None, {})
        for what in whats - timed:
            sums[what] = Measured(sum(of[what].tickets for of in found.values() if what in of))
        together = Line("", found.pop(None, {}))
        lines = [Line(key, found.get(key, {})) for key in self._keys(asked, found)]
        return lines, together

    def tickets(
        self, asked: Asked, what: str, line: str | None, *, most: int, after: int = 0
    ) -> list[int]:
        """Returns ids of the tickets one number counts (those of all lines: None), the newest
        first, at most so many of those behind the id `after`.
        """
        facts, values = self._statement(asked)
        values |= {"counted": [what], "line": line, "most": most, "after": after}
        return [row[0] for row in _fetch(_TICKETS.format(**facts), values)]

    def _keys(self, asked: Asked, found: Mapping[str | None, Any]) -> Sequence[str]:
        if asked.by == "time":
            return [str(number) for number, _step in enumerate(asked.steps, start=1)]
        if self.own:
            return self.own
        first = self.columns[0].what
        held = {
            key: of.get(first, Measured()).tickets for key, of in found.items() if key is not None
        }
        return sorted(held, key=lambda key: (-held[key], key))

    def _statement(self, asked: Asked) -> tuple[dict[str, str], dict[str, Any]]:
        wanted, values = conditions(asked.narrowed, asked.hidden)
        facts = self.facts.replace("{wanted}", wanted)
        for clock in ("response", "resolve", "team"):
            has, given = with_a_target(asked.book, clock)
            facts = facts.replace(f"{{with a target: {clock}}}", has)
            values |= given
        # What is open at the end is so at the end of a step: of lines that are none, of the last.
        steps = asked.steps if asked.by == "time" else asked.steps[:1]
        values |= {
            "desk": asked.desk,
            "zone": asked.book.zone,
            "starts": [step.from_at.timestamp() for step in steps],
            "from_at": steps[0].from_at,
            "until_at": asked.steps[-1].until_at,
        }
        facts = facts.replace("{line}", _LINES.get(asked.by, "null"))
        line = _STEP if asked.by == "time" else 'fact.line collate "C"'
        parts = {
            whats: _ON_LINES.format(line=line, facts=facts, whats=f"%({whats})s")
            for whats in ("counted", "timed")
        }
        return parts, values


_STEP = "width_bucket(date_part('epoch', fact.at), %(starts)s::float8[])"
_LINES = {
    "agent": "coalesce(ticket.owner_id::text, '')",
    "place and kind": "ticket.place || ' ' || ticket.kind",
    **{by: f"ticket.{by}" for by in ("severity", "team", "category", "kind", "place", "channel")},
}
# Sorted by bytes: by the rules of a language it takes as long as all the rest.
_ON_LINES = """
select {line} as line, fact.what collate "C" as what, fact.value, fact.ticket
from ({facts}) fact
where fact.at >= %(from_at)s and fact.at < %(until_at)s and fact.what = any({whats})
"""
# What is counted is chosen here and not above: of a choice above groups the branches of the facts
# know nothing, and all of them are read.
_COUNTS = """
select line::text, what, count(*), null as median, null as p90
from ({counted}) facts group by line, what
"""
_TIMES = """
union all
select line::text, what, count(*), percentile_cont(0.5) within group (order by value),
    percentile_cont(0.9) within group (order by value)
from ({timed}) facts group by grouping sets ((what, line), (what))
"""
_TICKETS = """
select distinct ticket from ({counted}) facts
where (%(line)s::text is null or line::text = %(line)s) and (%(after)s = 0 or ticket < %(after)s)
order by 1 desc limit %(most)s
"""
MEMORY = "64MB"
"""What a year is sorted in: with less it is written to disk in between."""


def sql_of(name: str) -> str:
    """Returns the statement of facts in the file of that name."""
    return Path(__file__).with_name(f"{name}.sql").read_text()


def _fetch(sql: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"set local work_mem = '{MEMORY}'")
        cursor.execute(sql, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
