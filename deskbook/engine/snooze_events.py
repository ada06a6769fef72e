"""That a case is set aside for a while, that it is back, that its words are erased or may not be,
and by which it is found.
"""

from dataclasses import dataclass
from datetime import datetime

from deskbook.engine.undo_events import Undone


@dataclass(frozen=True, slots=True)
class Snoozed:
    """Somebody of the desk set it aside until an instant, or until somebody writes. Its clocks run
    on.
    """

    until_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SnoozeOver:
    """Its time has come, or somebody took it back before."""

    cause: str = "time"  # or "person"


@dataclass(frozen=True, slots=True)
class Erased:
    """What was written of it, or a part of that, was kept as long as the book says."""

    what: str
    """"cases" (all of it, and who asked), "files", "chats" or "call notes"."""
    line: int
    """Of the book that said so."""
    book_version: int


@dataclass(frozen=True, slots=True)
class Tagged:
    """Somebody of the desk put words on it that lists are narrowed by, or took some off."""

    put: tuple[str, ...] = ()
    off: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LegalHoldPlaced:
    """Nothing of it is erased, however long the book keeps it, until the hold is lifted."""

    reason: str | None = None
    """Id of the message that says why."""


@dataclass(frozen=True, slots=True)
class LegalHoldLifted:
    """It is kept as long as the book says again."""

    reason: str | None = None
    """Id of the message that says why."""


LaterEvent = Snoozed | SnoozeOver | Undone | Erased | LegalHoldPlaced | LegalHoldLifted | Tagged
"""What is put off, what was taken back, what is kept no longer, what a case is found by."""
