"""One day of a desk: what the reports say of it."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from deskbook.engine.desk import Desk
from deskbook.people.models import HelpDesk
from deskbook.people.sight import NOTHING, Hidden
from deskbook.reports.all import REPORTS
from deskbook.reports.report import Asked, By, Column
from deskbook.reports.steps import steps_between

SAYS: Sequence[tuple[str, Sequence[str]]] = (
    ("flow", ("new",)),
    ("times", ("answered", "solved")),
    ("flow", ("closed", "redirected", "open")),
    ("times", ("answer median", "solution median")),
)
"""Which columns of which reports say how a day went, in this order."""


class Figure(NamedTuple):
    """One number of a day."""

    report: str
    column: Column
    number: float | None


def asked_of(
    helpdesk: HelpDesk, book: Desk, on: date, by: By = "time", hidden: Hidden = NOTHING
) -> Asked:
    """Returns what any report is asked of one day."""
    return Asked(helpdesk.pk, book, steps_between(on, on, book.zone), {}, by, hidden)


def how_it_went(helpdesk: HelpDesk, book: Desk, on: date, hidden: Hidden = NOTHING) -> list[Figure]:
    """Returns the numbers of a day, by two reports."""
    asked = asked_of(helpdesk, book, on, hidden=hidden)
    lines = {key: REPORTS[key].answer(asked)[0][0] for key in ("flow", "times")}
    columns = {key: {column.key: column for column in REPORTS[key].columns} for key in lines}
    return [
        Figure(key, columns[key][name], lines[key].number(columns[key][name]))
        for key, names in SAYS
        for name in names
    ]
