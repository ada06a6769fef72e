"""What was found, as the page and the file say it: each number with the address of its tickets."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from deskbook.people.moments import spoken
from deskbook.reports.report import Asked, Column, Line, Report
from deskbook.web.console.reporting.naming import Naming

PAGE = 60
"""Lines of a page: a year of weeks is one."""
MOST_DRAWN = 60
TALL = 120.0


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of a group or a point of a line, in units of the drawing; `rank` is its colour."""

    rank: int
    left: float
    wide: float
    top: float
    tall: float


@dataclass(frozen=True, slots=True)
class Group:
    """What is drawn of a line of the report, and its numbers in words."""

    title: str
    said: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    report: Report
    asked: Asked
    naming: Naming
    lines: list[Line]
    together: Line
    page: int = 1

    @property
    def largest(self) -> float:
        """The largest of what is drawn."""
        drawn = self.drawn or self.report.columns
        return max((line.number(column) or 0 for line in self.lines for column in drawn), default=0)

    @property
    def drawn(self) -> tuple[Column, ...]:
        named = {column.key: column for column in self.report.columns}
        chart = self.report.chart
        return tuple(named[key] for key in (*chart.bars, *chart.lines))

    @property
    def top(self) -> str:
        """The largest of what is drawn, as people read it."""
        times = any(column.shows in ("median", "p90") for column in self.drawn)
        largest = self.largest
        return spoken(timedelta(seconds=largest)) if times else f"{int(largest):,}"

    @property
    def heard(self) -> str:
        """What somebody hears who does not see the drawing."""
        names = ", ".join(str(column.title) for column in self.drawn or self.report.columns)
        return _("Drawing of what the table below holds: {columns}").format(columns=names)

    @property
    def is_empty(self) -> bool:
        return not any(measured.tickets for measured in self.together.found.values())

    @property
    def shown(self) -> list[Line]:
        """The lines of this page: of time the latest first."""
        lines = self.lines[::-1] if self.asked.by == "time" else self.lines
        return lines[(self.page - 1) * PAGE : self.page * PAGE]

    @property
    def pages(self) -> int:
        return -(-len(self.lines) // PAGE)

    @property
    def goes_up(self) -> bool:
        """Its lines are in an order: they are drawn from left to right, else below each other."""
        return self.asked.by in ("time", "hour", "span", "age")

    def title(self, line: Line) -> str:
        return self.naming.line(self.asked.by, line.key)

    def said(self, column: Column, line: Line) -> str:
        """Returns a number as people read it; of a sum that says nothing, "–"."""
        return "–" if line is self.together and not column.adds_up else line.said(column)

    def opens(self, column: Column, line: Line) -> str:
        """Returns what an address adds to open the tickets of a number; "" where it has none."""
        measured = line.found.get(column.what)
        if not measured or not measured.tickets or (line is self.together and not column.adds_up):
            return ""
        own = {} if line is self.together else {"line": self.word(line)}
        return urlencode({"what": column.what, **own})

    def word(self, line: Line) -> str:
        """Returns a line's word in an address: of time the day it begins on, which stays."""
        if self.asked.by == "time":
            return self.asked.steps[int(line.key) - 1].first.isoformat()
        return line.key

    def cell(self, column: Column, line: Line) -> object:
        """Returns a number as a file holds it: times in hours, shares as parts of one."""
        number = line.number(column)
        if number is None:
            return ""
        if column.shows == "count":
            return int(number)
        return round(number if column.shows == "share" else number / 3600, 4)

    def groups(self) -> Iterator[Group]:
        """Yields what is drawn of each line, from the left."""
        lines = self.lines[:MOST_DRAWN] if not self.goes_up else self.lines
        step, most = 720 / max(len(lines), 1), self.largest or 1
        bars = max(len(self.report.chart.bars), 1)
        for place, line in enumerate(lines):
            drawn = [line.number(column) or 0 for column in self.drawn]
            yield Group(
                self.title(line),
                ", ".join(f"{column.title} {self.said(column, line)}" for column in self.drawn),
                tuple(
                    Bar(
                        rank,
                        _at(step * (place + 0.12 + 0.76 * min(rank, bars - 1) / bars))
                        if rank < len(self.report.chart.bars)
                        else _at(step * (place + 0.5)),
                        _at(step * 0.7 / bars),
                        _at(TALL + 4 - TALL * number / most),
                        _at(TALL * number / most),
                    )
                    for rank, number in enumerate(drawn)
                ),
            )

    def curves(self) -> Iterator[tuple[int, str]]:
        """Yields the rank of each line that is drawn, and its points."""
        groups = list(self.groups())
        for rank in range(len(self.report.chart.bars), len(self.drawn)):
            yield rank, " ".join(f"{one.bars[rank].left},{one.bars[rank].top}" for one in groups)


def _at(number: float) -> float:
    return round(number, 1)
