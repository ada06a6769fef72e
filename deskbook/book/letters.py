"""What letters must say: from a book to the engine."""

from collections.abc import Mapping

from deskbook.book.findings import Path
from deskbook.book.names import Names
from deskbook.book.schema.letters import LetterLine as LetterEntry
from deskbook.book.targets import Conditioned
from deskbook.engine.letter_parts import LetterLine


def read_letters(
    entries: list[LetterEntry], conditions: Conditioned, stages: Names, line_of: Mapping[int, int]
) -> tuple[LetterLine, ...]:
    """Returns the lines in the book's order; one that says nothing is remarked."""
    made, remarks = [], conditions.remarks
    for number, entry in enumerate(entries):
        path: Path = ("letters", number)
        if not entry.says and not entry.text:
            what = "this says nothing: name what is filled in under `says`, or write a `text`"
            remarks.error(path, what, "letter-empty")
        made.append(
            LetterLine(
                frozenset(entry.for_),
                tuple(entry.says),
                entry.text or "",
                conditions.read_line(entry, path),
                stages.find_all(entry.stage, (*path, "stage"), remarks),
                line_of.get(number, 0),
            )
        )
    return tuple(made)
