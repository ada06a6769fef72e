"""What is asked of a case: facets with their values, and the matrix that makes a severity of two
of them.
"""

from deskbook.book.findings import Path, Remarks
from deskbook.book.names import Names, title_of
from deskbook.book.organisation import site_entry
from deskbook.book.procedures import gathered
from deskbook.book.schema import Book
from deskbook.book.schema.cases import Facet as FacetEntry
from deskbook.book.schema.cases import Matrix, Value
from deskbook.book.words import fold
from deskbook.engine.desk import Facet

_OWN_FACETS = ("severity", "priority", "plan", "channel", "team", "site")


def facet_entries(book: Book, remarks: Remarks) -> list[tuple[str, FacetEntry, Path]]:
    """Returns every facet of a book with its place, those with a section of their own first."""
    entries: list[tuple[str, FacetEntry, Path]] = []
    if book.types:
        entries.append(("type", book.types, ("types",)))
    if book.categories:
        entries.append(("category", book.categories, ("categories",)))
    if book.sites:
        entries.append(("site", site_entry(book), ("sites",)))
    for name, entry in book.facets.items():
        path: Path = ("facets", name)
        if fold(name) in _OWN_FACETS or fold(name) in (known for known, _, _ in entries):
            remarks.error(
                path,
                f"{name!r} is a facet of every book, or in this one already: choose another word",
                "two-facets",
                at_key=True,
            )
        else:
            entries.append((name, entry, path))
    return entries


def read_facet(name: str, entry: FacetEntry, path: Path, remarks: Remarks) -> Facet:
    """Returns a facet for the engine; what is wrong with it is remarked."""
    values = Names.of(name, name, entry.values)
    default = values.find(entry.default, (*path, "default"), remarks) if entry.default else None
    if not entry.values:
        remarks.error(path, f"{name!r} has no values: name at least one", "no-values")
    return Facet(
        key=fold(name),
        title=title_of(name, entry.name),
        values={fold(value): title_of(value, said.name) for value, said in entry.values.items()},
        means={fold(value): said.means for value, said in entry.values.items() if said.means},
        asked=entry.asked,
        required=entry.required,
        default=default,
        gathers=gathered(entry, path, remarks),
    )


def read_matrix(
    entry: Matrix, levels: Names, facets: dict[str, Facet], remarks: Remarks
) -> dict[tuple[str, str], str]:
    """Returns (impact, urgency) → severity, and adds the two facets it asks about."""
    for name, values in (("impact", entry.impact), ("urgency", entry.urgency)):
        said = FacetEntry(values={value: Value() for value in values}, asked="requester")
        facets.setdefault(name, read_facet(name, said, ("matrix", name), remarks))
    impacts = Names.of("impact", "matrix", entry.impact)
    given = {fold(impact) for impact in entry.gives}
    for missing in (impact for impact in entry.impact if fold(impact) not in given):
        remarks.error(("matrix", "gives"), f"there is no row for the impact {missing!r}", "matrix")
    found: dict[tuple[str, str], str] = {}
    for impact, row in entry.gives.items():
        path: Path = ("matrix", "gives", impact)
        if len(row) != len(entry.urgency):
            remarks.error(
                path,
                f"{len(row)} severities for {len(entry.urgency)} urgencies: give one for each, in"
                " order",
                "matrix",
            )
        if row_key := impacts.find(impact, path, remarks):
            for number, (urgency, word) in enumerate(zip(entry.urgency, row, strict=False)):
                if level := levels.find(word, (*path, number), remarks):
                    found[row_key, fold(urgency)] = level
    return found
