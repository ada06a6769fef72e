"""Scenario files: read with every slip of the pen as a finding at its line."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from pathlib import Path as File
from typing import Any, TypeVar

from deskbook.book.document import Node, UnreadableBook, read_document
from deskbook.book.findings import Finding, Path, Remarks, counted, nearest
from deskbook.book.load import (
    Loaded,
    load_book,
    place_remarks,
    read_section,
    remark_repetitions,
    text_of,
)
from deskbook.book.schema.section import Section, key
from deskbook.book.words import WordList, Words, fold
from deskbook.engine.desk import Desk
from deskbook.scenario.language import STEPS, THEN
from deskbook.scenario.moments import WrongMoment, read_moment
from deskbook.scenario.named import facts
from deskbook.scenario.sentences import Sentence, nearest_sentence, sentence_for
from deskbook.scenario.story import CannotBe

Outcome = TypeVar("Outcome")
EMPTY = (
    "no scenario stands here: begin with `scenario:` and what it shows, then `steps:` and `then:`"
)


class ScenarioEntry(Section):
    """One scenario. A file holds one, or a list of them."""

    scenario: Words = key(
        "What it shows, in a sentence.", "Silence after a question closes the case", required=True
    )
    book: Words | None = key(
        "The book, by its name beside the folder or by a path; without it, the book the folder is"
        " named after.",
        "sparkrock",
    )
    clause: Words | None = key(
        "The clause of the policy it proves.", "Case Closure: Waiting for Customer"
    )
    cases: WordList = key(
        "Names of its cases, where there are several: each line begins with the one it is of, `on"
        " lamp, an agent answers`.",
        ["lamp", "pump"],
        default=[],
    )
    given: dict[str, Words] = key(
        "What holds for the case, unless a step says otherwise.", {"plan": "standard"}, default={}
    )
    steps: list[Any] = key(
        "What happens: a moment, then a sentence. Wall time in the book's zone; a zone may follow"
        " the time.",
        ["Mon 2026-03-02 10:00  a contact on plan standard opens a case: { severity: S2 }"],
        required=True,
    )
    then: list[Any] = key(
        "What must come of it.", ["Wed 2026-03-04 11:00  reminder 1 is sent"], required=True
    )


@dataclass(frozen=True, slots=True)
class Line:
    """One step or expectation, understood."""

    at: datetime
    sentence: Sentence[Any]
    words: dict[str, str]
    more: Any
    number: int
    text: str
    case: str = ""
    """Which of several cases it is of; of the desk, or of all, where it is none."""


@dataclass(frozen=True, slots=True)
class Scenario:
    title: str
    file: str
    desk: Desk
    steps: tuple[Line, ...]
    then: tuple[Line, ...]
    clause: str = ""
    given: dict[str, str] = field(default_factory=dict)
    cases: tuple[str, ...] = ("",)
    """Their names; one that has none where it tells of one."""


@dataclass(frozen=True, slots=True)
class Read:
    scenarios: tuple[Scenario, ...]
    findings: tuple[Finding, ...]


def read_scenarios(file: File) -> Read:
    """Returns the scenarios of one file and every finding in it. A scenario with a finding is left
    out.
    """
    try:
        document = read_document(text_of(file))
    except UnreadableBook as exc:
        said = EMPTY if exc.code == "empty" else exc.message
        return Read((), (Finding(str(file), exc.line, exc.column, "error", said, exc.code),))
    return understand(document, file)


def understand(document: Node, file: File, desk: Desk | None = None) -> Read:
    """Returns the scenarios of a file that is read already, told of its own book or of `desk`."""
    remarks: Remarks = Remarks()
    found: list[Scenario] = []
    desks = _Desks(file, desk)
    remark_repetitions(document, remarks)
    entries = document.value if isinstance(document.value, list) else [document]
    if not entries:
        remarks.error((), EMPTY, "empty")
    for number, node in enumerate(entries):
        path: Path = (number,) if isinstance(document.value, list) else ()
        before = len(remarks.said)
        scenario = _read_one(file, node, path, desks, remarks)
        if scenario and len(remarks.said) == before:
            found.append(scenario)
    return Read(tuple(found), place_remarks(remarks, document, str(file)))


def _read_one(
    file: File, node: Node, path: Path, desks: "_Desks", remarks: Remarks
) -> Scenario | None:
    entry = read_section(ScenarioEntry, node.plain(), remarks, path)
    if entry is None:
        return None
    desk = desks.called(entry.book, path, remarks)
    if desk is None:
        return None
    _remark_empty(entry, path, remarks)
    cases = tuple(fold(name) for name in entry.cases)
    steps = _lines(entry.steps, STEPS, _About(desk, cases), (*path, "steps"), node, remarks)
    then = _lines(entry.then, THEN, _About(desk, cases), (*path, "then"), node, remarks)
    for number, (earlier, later) in enumerate(pairwise(steps), start=1):
        if later.at < earlier.at:
            remarks.error(
                (*path, "steps", number),
                "this step comes before the one above it: put them in order",
                "order",
            )
    try:
        given = facts(desk, entry.given)
    except CannotBe as exc:
        remarks.error((*path, "given"), str(exc), "unknown-name")
        given = {}
    told = (entry.scenario, str(file), desk, steps, then, entry.clause or "", given)
    return Scenario(*told, cases or ("",))


def _remark_empty(entry: ScenarioEntry, path: Path, remarks: Remarks) -> None:
    """A scenario in which nothing happens, or of which nothing is expected, shows nothing."""
    for name, lines, what in (
        ("steps", entry.steps, "nothing happens"),
        ("then", entry.then, "nothing is expected, so it shows nothing"),
    ):
        if not lines and not remarks.wrong_under((*path, name)):
            said = f"{what}: write at least one line"
            remarks.error((*path, name), said, "empty", at_key=True)


@dataclass(frozen=True, slots=True)
class _Desks:
    """The desks of a file's scenarios, each book read once."""

    file: File
    given: Desk | None = None
    """Stands in for the book of every scenario."""
    read: dict[File, Loaded] = field(default_factory=dict)

    def called(self, book: str | None, path: Path, remarks: Remarks) -> Desk | None:
        """Returns the desk of the book called so; one that is not there or has errors is
        remarked.
        """
        if self.given:
            return self.given
        name, folder = book or self.file.parent.name, self.file.parent
        near = [folder / name, folder / f"{name}.yaml", folder.parent / f"{name}.yaml"]
        place = next((candidate for candidate in near if candidate.is_file()), None)
        if place is None:
            said = f"there is no book {name!r} beside this scenario or its folder"
            remarks.error((*path, "book"), said, "book")
            return None
        known = self.read.get(place)
        loaded = known or self.read.setdefault(place, load_book(place))
        if loaded.desk is None and known is None:  # once, not for each scenario of the file
            errors = counted(len(loaded.errors), "error")
            said = f"the book has {errors}, the first: {loaded.errors[0]}"
            remarks.error((*path, "book"), said, "book")
        return loaded.desk


@dataclass(frozen=True, slots=True)
class _About:
    """What lines speak of: a desk, and the names of several cases."""

    desk: Desk
    cases: tuple[str, ...]


def _lines(
    said: list[Any],
    table: tuple[Sentence[Outcome], ...],
    about: _About,
    path: Path,
    node: Node,
    remarks: Remarks,
) -> tuple[Line, ...]:
    lines = [
        _line(item, table, about, (*path, number), node, remarks)
        for number, item in enumerate(said)
    ]
    return tuple(line for line in lines if line)


def _line(
    item: Any,
    table: tuple[Sentence[Outcome], ...],
    about: _About,
    path: Path,
    node: Node,
    remarks: Remarks,
) -> Line | None:
    line = node.place(path[1:] if path and isinstance(path[0], int) else path)[0]
    try:
        return _read_line(item, table, about, line)
    except WrongMoment as wrong:
        remarks.error(path, str(wrong), "moment")
    except CannotBe as wrong:
        remarks.error(path, str(wrong), "sentence")
    return None


def _read_line(item: Any, table: tuple[Sentence[Outcome], ...], about: _About, line: int) -> Line:
    """Returns what a line says. Refuses (WrongMoment, CannotBe) what is no sentence at a time."""
    text, more = _taken_apart(item)
    if text is None:
        raise CannotBe("one sentence belongs here: Mon 2026-03-02 10:00  an agent answers")
    written = text if more is None else f"{text}: {more}"
    at, said = read_moment(text, about.desk.zone)
    case, said = _of_which(said, about.cases)
    found, more = _sentence(said, more, table)
    if found is None:
        instead = nearest_sentence(said, table)
        raise CannotBe(f"“{said}” is no sentence of a scenario: {instead}")
    if about.cases and not case and not found[0].of_the_desk:
        names = ", ".join(about.cases)
        raise CannotBe(f"say which case it is of: “on {about.cases[0]}, {said}” ({names})")
    return Line(at, *found, more, line, written, case)


def _of_which(text: str, cases: tuple[str, ...]) -> tuple[str, str]:
    """Returns which of several cases a line is of, and what it says. Refuses (CannotBe) a name that
    is none of theirs.
    """
    found = re.match(r"on ([^,:]+), (.+)", text, re.IGNORECASE) if cases else None
    if found is None:
        return "", text
    if fold(found[1]) not in cases:
        raise CannotBe(f"{found[1]!r} is no case of this scenario: {nearest(found[1], cases)}")
    return fold(found[1]), found[2]


def _sentence(
    text: str, more: Any, table: tuple[Sentence[Outcome], ...]
) -> tuple[tuple[Sentence[Outcome], dict[str, str]] | None, Any]:
    """Returns the sentence with its parts, and what is said besides."""
    # "refused: stage moves" is written with a colon, which YAML takes apart.
    if isinstance(more, str) and (found := sentence_for(f"{text}: {more}", table)):
        return found, None
    return sentence_for(text, table), more


def _keys_in(more: str) -> Any:
    """Returns the keys and values a quoted line has in braces, or the text as it is."""
    if not more.strip().startswith("{"):
        return more
    try:
        return read_document(more).plain()
    except UnreadableBook:
        return more


def _taken_apart(item: Any) -> tuple[str | None, Any]:
    if isinstance(item, str):
        text, colon, more = item.partition(": ")
        return (text, _keys_in(more)) if colon else (item.rstrip(":"), None)
    if isinstance(item, dict) and len(item) == 1:
        return next(iter(item.items()))
    return None, None
