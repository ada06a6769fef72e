"""Proofs over severities: one is usual, each is answered, a matrix gives them in their order."""

from collections.abc import Iterator
from itertools import product

from deskbook.book.boxes import TooManyBoxes, without
from deskbook.book.case_boxes import cases_of, spoken
from deskbook.book.compile import Compiled
from deskbook.book.findings import Path
from deskbook.book.slips import as_written
from deskbook.book.words import fold


def prove_severities(compiled: Compiled) -> None:
    """One level is the usual one."""
    desk, section = compiled.desk, section_of(compiled)
    levels = getattr(compiled.book, section) or {}
    defaults = [name for name, level in levels.items() if level.default]
    if desk.severities and not defaults and not desk.matrix:
        said = "none is the default: mark the usual one with `default: yes`"
        compiled.remarks.warn((section,), said, "no-default", at_key=True)
    for name in defaults[1:]:
        said = f"{defaults[0]!r} is the default already: keep one"
        also = ((section, defaults[0], "default"),)
        compiled.remarks.error((section, name, "default"), said, "two-defaults", also=also)


def prove_responses(compiled: Compiled) -> None:
    """Where anything is answered within a time, every severity is."""
    desk, section = compiled.desk, section_of(compiled)
    responses = [target.when for target in desk.targets if target.clock == "response"]
    if not responses:
        return
    domain = cases_of(desk, ({"severity": frozenset()}, *responses))
    for name in getattr(compiled.book, section) or {}:
        left = [{**domain, "severity": frozenset({fold(name)})}]
        try:
            for when in responses:
                left = without(left, when)
        except TooManyBoxes:
            return
        if left:
            case = spoken(desk, left[0], as_written(compiled.book))
            said = f"nothing says how soon a case with {case} is answered"
            compiled.remarks.warn((section, name), said, "no-response", at_key=True)


def prove_matrix(compiled: Compiled) -> None:
    """What a matrix gives can be claimed by every channel, grows with impact and urgency, and
    leaves no severity out.
    """
    desk, matrix = compiled.desk, compiled.book.matrix
    if matrix is None:
        return
    for (impact, row), number in product(matrix.gives.items(), range(len(matrix.urgency))):
        level = desk.severities[fold(row[number])]
        closed_to = [c.title for c in desk.channels.values() if c.key not in level.only_by]
        if level.only_by and closed_to:
            name = _written(compiled, level.key)
            said = f"{name} may not be claimed by {closed_to[0]}, and this gives it"
            path: Path = ("matrix", "gives", impact, number)
            allowed: Path = (section_of(compiled), name, "only by")
            compiled.remarks.warn(path, said, "matrix-refused", also=(allowed,))
    for path, other, said in _out_of_order(compiled):
        compiled.remarks.warn(path, said, "matrix-order", also=(other,))
    for name in set(desk.severities) - set(desk.matrix.values()):
        written = _written(compiled, name)
        said = f"the matrix never gives {written!r}: no case will have it unless a person says so"
        also = (("matrix", "gives"),)
        compiled.remarks.warn(
            (section_of(compiled), written), said, "matrix-never", at_key=True, also=also
        )


def _out_of_order(compiled: Compiled) -> Iterator[tuple[Path, Path, str]]:
    """Yields cells that give less than the one for a smaller impact or urgency."""
    desk, matrix = compiled.desk, compiled.book.matrix
    assert matrix is not None
    order = list(desk.severities)
    for i, j in product(range(len(matrix.impact)), range(len(matrix.urgency))):
        for milder, k, m in (("impact", i + 1, j), ("urgency", i, j + 1)):
            if k >= len(matrix.impact) or m >= len(matrix.urgency):
                continue
            here, there = _cell(compiled, i, j), _cell(compiled, k, m)
            if order.index(desk.matrix[here]) > order.index(desk.matrix[there]):
                said = (
                    f"less {milder} gives {_written(compiled, desk.matrix[there])}, graver than"
                    f" {_written(compiled, desk.matrix[here])} here: were two cells swapped?"
                )
                yield _path(compiled, i, j), _path(compiled, k, m), said


def _cell(compiled: Compiled, impact: int, urgency: int) -> tuple[str, str]:
    matrix = compiled.book.matrix
    assert matrix is not None
    return fold(matrix.impact[impact]), fold(matrix.urgency[urgency])


def _path(compiled: Compiled, impact: int, urgency: int) -> Path:
    matrix = compiled.book.matrix
    assert matrix is not None
    row = next(n for n in matrix.gives if fold(n) == fold(matrix.impact[impact]))
    return ("matrix", "gives", row, urgency)


def section_of(compiled: Compiled) -> str:
    """Returns what the book calls its levels of gravity, in the plural."""
    return "severities" if compiled.desk.severity_word == "severity" else "priorities"


def _written(compiled: Compiled, level: str) -> str:
    levels = compiled.book.severities or compiled.book.priorities or {}
    return next(name for name in levels if fold(name) == level)
