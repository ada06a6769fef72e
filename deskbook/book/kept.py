"""How long things are kept: from a book to the engine."""

from collections.abc import Mapping
from datetime import timedelta

from deskbook.book.findings import Path, Remarks
from deskbook.book.schema.keeping import Keep as KeepEntry
from deskbook.book.targets import Conditioned
from deskbook.engine.amounts import CalendarPeriod, CalendarTime
from deskbook.engine.keeping import Keep


def read_keep(
    entries: list[KeepEntry], conditions: Conditioned, lines: Mapping[int, int], remarks: Remarks
) -> tuple[Keep, ...]:
    """Returns the lines in the book's order; one that is counted in open time, or asks about a case
    of what is none, is remarked and left out.
    """
    made = []
    for number, entry in enumerate(entries):
        path: Path = ("keep", number)
        when = conditions.read_line(entry, path)
        if not isinstance(entry.for_, CalendarPeriod | CalendarTime):
            what = "things are kept by the calendar: write days, weeks, months or years (90d, 3y)"
            remarks.error((*path, "for"), what, "keep-amount")
        elif entry.for_ in (CalendarTime(timedelta()), CalendarPeriod(0, 0)):
            what = "nothing would be kept at all: write at least a day (1d)"
            remarks.error((*path, "for"), what, "keep-amount")
        elif entry.what == "mails not taken in" and when:
            what = "mails that became no case have no facets: delete what else this line says"
            remarks.error(path, what, "keep-facets")
        else:
            made.append(Keep(entry.what, entry.for_, when, lines.get(number, 0)))
    return tuple(made)
