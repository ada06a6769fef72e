"""Reading a book: text → document → schema → desk, with every finding on the way."""

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path as File
from typing import Any, TypeVar

from pydantic import ValidationError

from deskbook.book import wording
from deskbook.book.calendars import Calendars
from deskbook.book.check import prove
from deskbook.book.compile import Compiled, compile_book
from deskbook.book.document import Node, UnreadableBook, read_document
from deskbook.book.findings import Finding, Path, Remark, Remarks
from deskbook.book.names import Names
from deskbook.book.schema import Book
from deskbook.book.schema.hours import HolidayList, Hours
from deskbook.book.schema.section import Section
from deskbook.book.words import fold, read_zone
from deskbook.engine.calendar import Calendar
from deskbook.engine.desk import Desk

_STANDING_IN: dict[str, Any] = {
    "deskbook": "1",
    "name": "?",
    "zone": "UTC",
    "hours": {"(none)": {"every day": "00:00-24:00"}},
}
"""For required keys that are missing or wrong, so that the rest of the book can be read all the
same.
"""


_PLACE = "\0place"  # a path that is a line and a column already: no key can be called so
AnySection = TypeVar("AnySection", bound=Section)


class WrongBook(ValueError):
    """A book with errors. Its text is every finding, one a line."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__("\n".join(str(finding) for finding in findings))
        self.findings = findings


@dataclass(frozen=True, slots=True)
class Loaded:
    """What came of reading a book: a desk when there is no error, and everything there is to
    say.
    """

    desk: Desk | None
    findings: tuple[Finding, ...]
    book: Book | None = None
    """The book in its own words, for what the engine does not need: responsibilities, entitlements,
    notes.
    """
    standing: tuple[Desk, Book] | None = None
    """Desk and book as far as the text could be read, errors or not: for a book that is in force
    already.
    """

    @property
    def errors(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.level == "error")

    def desk_or_raise(self) -> Desk:
        """Returns the desk. Raises WrongBook with every finding when there is none."""
        if self.desk is None:
            raise WrongBook(self.findings)
        return self.desk


def load_book(source: str | File, *, name: str | None = None, today: date | None = None) -> Loaded:
    """Returns the desk a book describes, and every finding in it, ordered by place.

    `source` is a path, or the text of a book (any text with a line break or a brace in it). `name`
    is the file shown in findings and, without folder and ending, the key of the desk. Given
    `today`, dates are looked at too: holidays of next year that are missing. Nothing is raised for
    what the text may hold.
    """
    shown = name or (str(source) if _is_path(source) else "book.yaml")
    try:
        text = text_of(source)
        document = read_document(text)
    except UnreadableBook as exc:
        return Loaded(None, (Finding(shown, exc.line, exc.column, "error", exc.message, exc.code),))
    return load_document(document, shown, today=today)


def load_document(document: Node, shown: str, *, today: date | None = None) -> Loaded:
    """Returns the desk of a book that is read already, and every finding in it, as `load_book`
    does.
    """
    remarks = Remarks()
    compiled = _compiled(document, _key_of(shown), remarks)
    if compiled is not None:
        prove(compiled, today)
    findings = place_remarks(remarks, document, shown)
    wrong = any(finding.level == "error" for finding in findings)
    standing = (compiled.desk, compiled.book) if compiled else None
    desk, book = standing if standing and not wrong else (None, None)
    return Loaded(desk, findings, book, standing)


def load_calendar(source: str | File) -> Calendar:
    """Returns one calendar from a file (or text) of its own. Raises WrongBook with every finding.

    The keys are those of one entry of `hours:`, with `zone` required and `closed`, `open also`
    written in place; `hours:` or `calendar:` may stand around them. A whole book gives the desk's
    own calendar.
    """
    shown = str(source) if _is_path(source) else "calendar.yaml"
    try:
        document = read_document(text_of(source))
    except UnreadableBook as exc:
        raise WrongBook(
            (Finding(shown, exc.line, exc.column, "error", exc.message, exc.code),)
        ) from None
    if isinstance(document.value, dict) and "deskbook" in document.value:
        desk = load_book(source, name=shown).desk_or_raise()
        return desk.calendars[desk.hours]
    remarks = Remarks()
    remark_repetitions(document, remarks)
    calendar = _calendar_alone(document, remarks)
    if (
        calendar is None
        or remarks.broken_sections()
        or any(r.level == "error" for r in remarks.said)
    ):
        raise WrongBook(place_remarks(remarks, document, shown))
    return calendar


def _calendar_alone(document: Node, remarks: Remarks) -> Calendar | None:
    root, path = _unwrapped(document)
    said = read_section(Hours, {**_around(document, path), **_mapping(root)}, remarks, path)
    if said is None:
        return None
    if said.zone is None:
        remarks.error(path, "a calendar alone needs its zone: zone: America/Toronto", "missing")
        return None
    beside = document.value.get("holidays") if isinstance(document.value, dict) and path else None
    lists = _holiday_lists(beside, remarks)
    try:
        zone = read_zone(said.zone)
    except ValueError as exc:
        remarks.error((*path, "zone"), str(exc), "zone")
        return None
    names = Names.of("list of holidays", "holidays", lists)
    return Calendars(zone, {fold(k): v for k, v in lists.items()}, names, remarks).make(
        "calendar", said, path
    )


def _unwrapped(document: Node) -> tuple[Node, Path]:
    """Returns the mapping of the calendar itself, and the path to it."""
    here, path = document, tuple[str | int, ...]()
    for word in ("hours", "calendar"):
        if isinstance(here.value, dict) and isinstance(here.value.get(word), Node):
            here, path = here.value[word], (*path, word)
    one = list(here.value.items()) if isinstance(here.value, dict) else []
    if path and len(one) == 1 and isinstance(one[0][1].value, dict) and "zone" not in dict(one):
        return one[0][1], (*path, one[0][0])
    return here, path


def _around(document: Node, path: Path) -> dict[str, Any]:
    """What stands beside `hours:` and belongs to it: `zone`, `closed` …"""
    if not path or not isinstance(document.value, dict):
        return {}
    own = {"zone", "closed", "open also", "from", "until"}
    return {
        name: child.plain()
        for name, child in document.value.items()
        if name in own and isinstance(child, Node)
    }


def _mapping(node: Node) -> dict[str, Any]:
    plain = node.plain()
    return plain if isinstance(plain, dict) else {"hours": plain}


def _holiday_lists(node: Node | None, remarks: Remarks) -> dict[str, HolidayList]:
    if node is None or not isinstance(node.value, dict):
        return {}
    read = {
        name: read_section(HolidayList, child.plain(), remarks, ("holidays", name))
        for name, child in node.value.items()
    }
    return {name: days for name, days in read.items() if isinstance(days, HolidayList)}


def _is_path(source: str | File) -> bool:
    return isinstance(source, File) or not re.search(r"[\n{]", source)


def text_of(source: str | File) -> str:
    if not _is_path(source):
        return str(source)
    try:
        raw = File(source).read_bytes()
    except OSError as exc:
        raise UnreadableBook(f"the file cannot be read: {exc.strerror or exc}", "file") from None
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as exc:
        line = raw[: exc.start].count(b"\n") + 1
        column = exc.start - (raw[: exc.start].rfind(b"\n") + 1) + 1
        raise UnreadableBook(
            "the file is not UTF-8: save it as UTF-8 in your editor", "encoding", line, column
        ) from None


def _key_of(shown: str) -> str:
    return fold(File(shown).name.split(".")[0]) or "book"


def _compiled(document: Node, key: str, remarks: Remarks) -> Compiled | None:
    remark_repetitions(document, remarks)
    if not isinstance(document.value, dict):
        remarks.error(
            (), "a book is keys and values: begin with `deskbook: 1` and a `name:`", "type"
        )
        return None
    book = read_section(Book, document.plain(), remarks, ())
    return compile_book(book, key, document, remarks) if book else None


def remark_repetitions(document: Node, remarks: Remarks) -> None:
    """Says of every key given twice in one mapping, and of every key without a colon, where it
    stands.
    """
    nodes = list(document.everything())
    for repeated, line, column in dict.fromkeys(key for node in nodes for key in node.repeated):
        said = f"{repeated!r} stands here a second time: delete one"
        remarks.said.append(Remark((_PLACE, line, column), said, "duplicate-key"))
    for bare, line, column in dict.fromkeys(key for node in nodes for key in node.bare):
        said = (
            f"{bare!r} has no colon: a text with a comma in it needs quotes around all of it, a"
            " list needs [ ]"
        )
        remarks.said.append(Remark((_PLACE, line, column), said, "bare-key"))


def read_section(
    model: type[AnySection], plain: Any, remarks: Remarks, path: Path
) -> AnySection | None:
    """Returns the section, read without its wrong parts when it has some; each of these is
    remarked.
    """
    told: set[tuple[Any, ...]] = set()
    for _ in range(20):
        try:
            return model.model_validate(plain)
        except ValidationError as exc:
            errors = exc.errors(include_url=False)
        for error in errors:
            place = (
                *_steps_in(plain, error["loc"]),
                error["type"] == "missing" and error["loc"][-1],
            )
            if not told or not any(place[: len(seen)] == seen for seen in told):
                remarks.said.append(wording.remark_of(model, dict(error), path))
        told |= {tuple(_steps_in(plain, error["loc"])) for error in errors}
        for error in errors:
            plain = _without(plain, error["loc"])
    return None


def _without(plain: Any, loc: Path) -> Any:
    """Returns the data without its part at `loc`: emptied first, then the part around it."""
    trail = _steps_in(plain, loc)
    if not trail:
        missing = str(loc[0]) if loc else ""
        return (
            {**plain, missing: _STANDING_IN.get(missing)} if isinstance(plain, dict) and loc else {}
        )
    holder = plain
    for step in trail[:-1]:
        holder = holder[step]
    if len(trail) == 1 and trail[0] in _STANDING_IN:
        holder[trail[0]] = _STANDING_IN[trail[0]]
    elif (isinstance(holder, dict) and holder[trail[-1]] is None) or isinstance(holder, list):
        del holder[trail[-1]]
    else:
        holder[trail[-1]] = None
    return plain


def _steps_in(plain: Any, loc: Path) -> list[Any]:
    """Returns the steps of `loc` that the data has; names of branches and short forms are passed
    over.
    """
    steps: list[Any] = []
    for step in loc:
        here = dict(enumerate(plain)) if isinstance(plain, list) else plain
        if isinstance(here, dict) and step in here:
            plain = here[step]
            steps.append(step)
    return steps


def place_remarks(remarks: Remarks, document: Node, shown: str) -> tuple[Finding, ...]:
    found = set()
    for remark in remarks.said:
        if remark.path[:1] == (_PLACE,):
            line, column = int(remark.path[1]), int(remark.path[2])
        else:
            line, column = document.place(remark.path, at_key=remark.at_key)
        also = tuple(document.place(path, at_key=remark.at_key) for path in remark.also)
        found.add(Finding(shown, line, column, remark.level, remark.message, remark.code, also))
    return tuple(sorted(found))
