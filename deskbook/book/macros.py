"""Macros of a book to the engine's: each does something, and what it does exists."""

from collections.abc import Mapping

from deskbook.book.findings import Path, Remarks
from deskbook.book.names import Names
from deskbook.book.schema.macros import Macro as MacroEntry
from deskbook.book.targets import Conditioned
from deskbook.book.wordings import variables_known
from deskbook.book.words import fold
from deskbook.engine.desk import Facet, Stage
from deskbook.engine.macros import VARIABLES, Macro


def read_macros(
    entries: list[MacroEntry],
    conditions: Conditioned,
    facets: Mapping[str, Facet],
    teams: Names,
    stages: Mapping[str, Stage],
) -> tuple[Macro, ...]:
    """Returns the macros in the book's order; what is wrong is remarked and left out of its macro,
    a name that was there before with its whole macro.
    """
    known = Names.of("stage", "stages", stages)
    reader = _Reader(conditions, facets, teams, known, conditions.remarks)
    made: dict[str, Macro] = {}
    for number, entry in enumerate(entries):
        macro = reader.read(entry, ("macros", number))
        if macro.key in made:
            what = f"there is a macro {entry.name!r} above: give this one another name"
            reader.remarks.error(("macros", number, "name"), what, "same-name")
        made.setdefault(macro.key, macro)
    return tuple(made.values())


class _Reader:
    def __init__(
        self,
        conditions: Conditioned,
        facets: Mapping[str, Facet],
        teams: Names,
        stages: Names,
        remarks: Remarks,
    ) -> None:
        self.conditions, self.facets, self.teams = conditions, facets, teams
        self.stages, self.remarks = stages, remarks

    def read(self, entry: MacroEntry, path: Path) -> Macro:
        made = Macro(
            key=fold(entry.name),
            title=entry.name,
            when=self.conditions.read_line(entry, path),
            sort=self._sorted(entry.sort, (*path, "sort")),
            team=self._found(self.teams, entry.to, (*path, "to")),
            note=entry.note or "",
            answer=entry.answer or "",
            stage=self._found(self.stages, entry.stage, (*path, "stage")),
        )
        if entry.answer:
            variables_known(entry.answer, VARIABLES, (*path, "answer"), self.remarks)
        if not any((entry.sort, entry.to, entry.note, entry.answer, entry.stage)):
            what = "this macro does nothing: write `sort`, `to`, `note`, `answer` or `stage`"
            self.remarks.error(path, what, "no-act")
        return made

    def _found(self, names: Names, said: str | None, path: Path) -> str:
        return (names.find(said, path, self.remarks) or "") if said else ""

    def _sorted(self, said: Mapping[str, str], path: Path) -> dict[str, str]:
        facets = Names.of("facet", "facets", self.facets)
        found = {
            facet: self.conditions.facets[facet].find(value, (*path, name), self.remarks)
            for name, value in said.items()
            if (facet := facets.find(name, (*path, name), self.remarks))
        }
        return {facet: value for facet, value in found.items() if value}
