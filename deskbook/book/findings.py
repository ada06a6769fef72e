"""What is wrong, or worth a look, in a book: always with the place and what to do about it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import SequenceMatcher, get_close_matches
from typing import Any, Literal, TypedDict, Unpack

Level = Literal["error", "warning"]
Path = tuple[str | int, ...]
"""Keys and list positions from the top of the document down to the place meant."""


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    file: str
    line: int
    column: int
    level: Level
    message: str
    code: str
    also: tuple[tuple[int, int], ...] = ()
    """Line and column of the other places it is about, as the line that takes a rule's cases."""

    def __str__(self) -> str:
        also = "".join(f"\n  {self.file}:{line}:{column}: see here" for line, column in self.also)
        said = f"{self.level}: {self.message} [{self.code}]"
        return f"{self.file}:{self.line}:{self.column}: {said}{also}"

    def as_dict(self) -> dict[str, Any]:
        """Returns the finding for `--json`; line and column count from 1."""
        return {
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "level": self.level,
            "message": self.message,
            "code": self.code,
            "also": [{"line": line, "column": column} for line, column in self.also],
        }


@dataclass(frozen=True, slots=True)
class Remark:
    """A finding that knows its path in the document, not yet its line."""

    path: Path
    message: str
    code: str
    level: Level = "error"
    at_key: bool = False
    """The key itself is meant, not its value."""
    also: tuple[Path, ...] = ()
    """Other places it is about."""


class Where(TypedDict, total=False):
    """What else a remark may say of its place."""

    at_key: bool
    also: tuple[Path, ...]


@dataclass(slots=True)
class Remarks:
    """Collects what the checks say, so that all of it is told at once."""

    said: list[Remark] = field(default_factory=list)

    def error(self, path: Path, message: str, code: str, **where: Unpack[Where]) -> None:
        self.said.append(Remark(path, message, code, "error", **where))

    def warn(self, path: Path, message: str, code: str, **where: Unpack[Where]) -> None:
        self.said.append(Remark(path, message, code, "warning", **where))

    def wrong_under(self, path: Path) -> bool:
        """Whether an error was said about something inside `path`: what follows from it need not be
        said too.
        """
        return any(r.level == "error" and r.path[: len(path)] == path for r in self.said)

    def broken_sections(self) -> frozenset[str]:
        """Returns the top-level keys with an error in them: proofs that read these would
        mislead.
        """
        return frozenset(str(r.path[0]) for r in self.said if r.level == "error" and r.path)


def counted(number: int, noun: str) -> str:
    """Returns "1 error", "2 errors"."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


NEAR = 0.65
"""How alike a slip and what was meant are: under it stand “reports” and “alerts”."""


def nearest(word: str, known: Iterable[str], *, noun: str = "one of") -> str:
    """Returns the end of a message: the likeliest word meant, or the list of known ones."""
    names, said = list(known), word.casefold()
    close = get_close_matches(said, [n.casefold() for n in names], n=1, cutoff=NEAR)
    if close and not re.fullmatch(rf"(?:re|un|non)[- ]?{re.escape(close[0])}", said):
        meant = next(n for n in names if n.casefold() == close[0])
        return f"did you mean {meant!r}?"
    if not names:
        return "there is none in this book"
    if len(names) > 12:
        alike = {name: SequenceMatcher(None, said, name.casefold()).ratio() for name in names}
        names.sort(key=lambda name: -alike[name])
        names[12:] = ["…"]
    listed = ", ".join(names)
    return f"write {noun} {listed}"
