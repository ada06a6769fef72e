"""Steps and papers of a book to the engine's procedures."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations

from deskbook.book.boxes import meets
from deskbook.book.document import Node
from deskbook.book.findings import Path, Remarks
from deskbook.book.schema.cases import Facet as FacetEntry
from deskbook.book.schema.procedures import Column as ColumnEntry
from deskbook.book.schema.procedures import Paper as PaperEntry
from deskbook.book.schema.procedures import Procedure as ProcedureEntry
from deskbook.book.schema.procedures import Step as StepEntry
from deskbook.book.targets import Conditioned
from deskbook.book.words import fold
from deskbook.engine.desk import Conditions
from deskbook.engine.procedure_parts import Column, Paper, Procedure, Step


def read_procedures(
    entries: Iterable[tuple[str, FacetEntry, Path]],
    lines: list[ProcedureEntry],
    conditions: Conditioned,
    document: Node,
    remarks: Remarks,
) -> tuple[Procedure, ...]:
    """Returns the procedures of values, then those of several facets; of what is wrong each is
    remarked.
    """
    found: list[tuple[Path, Procedure]] = []
    for name, entry, path in entries:
        for value, said in entry.values.items():
            place: Path = (*path, "values", value)
            if said.steps or said.papers:
                when: Conditions = {fold(name): frozenset({fold(value)})}
                found.append(
                    (place, _procedure(when, said.steps, said.papers, place, document, remarks))
                )
    for number, line in enumerate(lines):
        place = ("procedures", number)
        when = conditions.read_line(line, place)
        if not line.steps and not line.papers:
            remarks.error(
                place, "this line has neither steps nor papers: write one of them", "no-procedure"
            )
        found.append((place, _procedure(when, line.steps, line.papers, place, document, remarks)))
    _look_for_twins(found, remarks)
    return tuple(procedure for _, procedure in found)


def _procedure(
    when: Conditions,
    steps: list[StepEntry],
    papers: list[PaperEntry],
    path: Path,
    document: Node,
    remarks: Remarks,
) -> Procedure:
    _each_once((step.step for step in steps), (*path, "steps"), "step", remarks)
    _each_once((paper.paper for paper in papers), (*path, "papers"), "paper", remarks)
    return Procedure(
        when=when,
        steps=tuple(
            Step(fold(said.step), said.step, not said.optional, said.hint) for said in steps
        ),
        papers=tuple(
            Paper(
                fold(said.paper),
                said.paper,
                said.hint,
                _columns(said.columns, (*path, "papers", number), remarks),
            )
            for number, said in enumerate(papers)
        ),
        line=document.place(path, at_key=True)[0],
    )


def _columns(entries: list[ColumnEntry], path: Path, remarks: Remarks) -> tuple[Column, ...]:
    place = (*path, "columns")
    _each_once((said.column for said in entries), place, "column", remarks)
    for number, said in enumerate(entries):
        if said.unique and said.values:
            remarks.error(
                (*place, number),
                f"{said.column!r} cannot be unique and have only {len(said.values)} values: keep"
                " one of the two",
                "columns",
            )
    if entries and all(said.optional for said in entries):
        remarks.error(
            place,
            "every column may be empty, so an empty file would do: make one of them needed",
            "columns",
            at_key=True,
        )
    return tuple(
        Column(fold(said.column), said.column, not said.optional, tuple(said.values), said.unique)
        for said in entries
    )


def _each_once(names: Iterable[str], path: Path, noun: str, remarks: Remarks) -> None:
    seen: set[str] = set()
    for number, name in enumerate(names):
        if fold(name) in seen:
            remarks.error(
                (*path, number),
                f"the {noun} {name!r} stands here a second time: delete one",
                "twice",
            )
        seen.add(fold(name))


def _look_for_twins(found: list[tuple[Path, Procedure]], remarks: Remarks) -> None:
    """A step that two procedures of one case share would be ticked once for both."""
    for (_, earlier), (path, later) in combinations(found, 2):
        for shared in _shared(earlier, later) if meets(earlier.when, later.when) else ():
            remarks.error(
                path,
                f"the same case has {shared!r} from line {earlier.line} already: word one of them"
                " otherwise",
                "twice",
                at_key=True,
            )


def _shared(one: Procedure, other: Procedure) -> Iterator[str]:
    for mine, theirs in ((one.steps, other.steps), (one.papers, other.papers)):
        keys = {item.key for item in mine}
        yield from (item.title for item in theirs if item.key in keys)


def gathered(entry: FacetEntry, path: Path, remarks: Remarks) -> Mapping[str, frozenset[str]]:
    """Returns value → the values it is the cause of."""
    known = {fold(value): value for value in entry.values}
    found: dict[str, frozenset[str]] = {}
    for value, said in entry.values.items():
        for word in said.gathers:
            if fold(word) not in known or fold(word) == fold(value):
                remarks.error(
                    (*path, "values", value, "gathers"),
                    f"{word!r} is no other value here: write one of {', '.join(entry.values)}",
                    "unknown-name",
                )
        if said.gathers:
            found[fold(value)] = frozenset(
                fold(word) for word in said.gathers if fold(word) in known
            )
    return found
