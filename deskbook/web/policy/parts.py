"""What a published policy is made of: sections of blocks, the same in whatever form they are
written.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar, TypeVar

from django.utils.safestring import SafeString


@dataclass(frozen=True, slots=True)
class Linked:
    """Words that lead somewhere: a mail address, a telephone number."""

    text: str
    href: str

    def __str__(self) -> str:
        return self.text


Line = str | Linked


@dataclass(frozen=True, slots=True)
class Opening:
    """Whether something is open, and when that changes."""

    is_open: bool
    changes: SafeString | str


@dataclass(frozen=True, slots=True)
class Heading:
    """The name of what follows within a section."""

    kind: ClassVar = "heading"
    text: str
    opening: Opening | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """A paragraph."""

    kind: ClassVar = "said"
    text: Line


@dataclass(frozen=True, slots=True)
class Entry:
    """A thing of the book by its title, with what is said of it line by line."""

    title: str
    lines: tuple[Line, ...] = ()
    opening: Opening | None = None
    points: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entries:
    """Things of one sort, in the book's order."""

    kind: ClassVar = "entries"
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Points:
    """A list of what needs no more than a few words; `short`: so few that several fit a line."""

    kind: ClassVar = "points"
    points: tuple[Line, ...]
    ordered: bool = False
    short: bool = False


Cell = tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Cells of lines; the first of a row is what the row is about."""

    kind: ClassVar = "table"
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Box:
    """A drawn box: where it is, its title and what stands below, a line of the drawing each."""

    top: float
    height: float
    title: tuple[str, ...]
    notes: tuple[str, ...]
    tone: str
    """Who acts next there: "desk", "requester", "third party", "nobody"."""


@dataclass(frozen=True, slots=True)
class Arrow:
    """A drawn way from one box to another, by the number it has in the list."""

    number: int
    leaves: float
    arrives: float
    lane: float
    """How far right of the boxes it runs."""
    by_itself: bool = False
    """It is gone without anybody doing anything: drawn in strokes."""

    @property
    def middle(self) -> float:
        return (self.leaves + self.arrives) / 2


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing, and the same as a list: whoever does not see it misses nothing."""

    kind: ClassVar = "picture"
    key: str
    title: str
    means: str
    width: float
    height: float
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    points: tuple[str, ...]
    """In words, each way under the number of its arrow."""


Block = Heading | Said | Entries | Points | Table | Picture


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page under a heading of its own."""

    key: str
    title: str
    blocks: tuple[Block, ...]


def entries(found: Iterable[Entry]) -> tuple[Entries, ...]:
    """Returns the block of some things; none where there are none."""
    listed = tuple(found)
    return (Entries(listed),) if listed else ()


def under(text: str, blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Returns blocks under their heading; nothing where there are none."""
    return (Heading(text), *blocks) if blocks else ()


AnyLine = TypeVar("AnyLine", str, Line)


def lines(*given: AnyLine) -> tuple[AnyLine, ...]:
    """Returns those lines that say something."""
    return tuple(line for line in given if str(line))
