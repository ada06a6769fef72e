"""Cases that open by themselves: from a book to the engine."""

from collections.abc import Mapping

from deskbook.book.dates_that_come_round import read_timetable
from deskbook.book.findings import Path
from deskbook.book.names import Names
from deskbook.book.schema.recurring import RecurringCase
from deskbook.book.schema.section import spaced
from deskbook.book.targets import Conditioned
from deskbook.book.words import fold
from deskbook.engine.recurring import Recurring

_NOT_OF_A_CASE = ("channel", "plan", "team")
"""What lines ask about other cases: nobody opens these by a channel, or on a plan."""


def read_recurring(
    entries: list[RecurringCase],
    conditions: Conditioned,
    hours: Names,
    teams: Names,
    lines: Mapping[int, int],
) -> tuple[Recurring, ...]:
    """Returns the lines in the book's order; one whose dates cannot be read, or whose name another
    has, is remarked and left out.
    """
    remarks, made = conditions.remarks, dict[str, Recurring]()
    for number, entry in enumerate(entries):
        path: Path = ("recurring", number)
        when = read_timetable(entry, path, hours, remarks)
        facets = _facets(entry, conditions, path)
        if fold(entry.case) in made:
            what = f"there is a case {entry.case!r} above: give this one another name"
            remarks.error((*path, "case"), what, "same-name")
        elif when is not None:
            made[fold(entry.case)] = Recurring(
                key=fold(entry.case),
                title=entry.case,
                when=when,
                text=entry.text or "",
                requester=entry.for_ or "",
                severity=facets.pop("severity", None),
                facets=facets,
                team=teams.find(entry.to, (*path, "to"), remarks) if entry.to else None,
                line=lines.get(number, 0),
            )
    return tuple(made.values())


def _facets(entry: RecurringCase, conditions: Conditioned, path: Path) -> dict[str, str]:
    """Returns the facets of the case, one value each."""
    said = {name: [value] for name, value in (entry.__pydantic_extra__ or {}).items()}
    for name in said:
        if fold(name) in _NOT_OF_A_CASE:
            what = f"a case that opens by itself has no {fold(name)}: delete it"
            what += ", or write `to`" if fold(name) == "team" else ""
            conditions.remarks.error((*path, name), what, "unknown-key", at_key=True)
    said = {name: value for name, value in said.items() if fold(name) not in _NOT_OF_A_CASE}
    keys = tuple(spaced(name) for name in type(entry).model_fields)
    found = conditions.read(said, path, keys=keys)
    return {facet: next(iter(values)) for facet, values in found.items()}
