"""That a case is set aside for a while, that it is back, that its words are erased, and by which it
is found.
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


LaterEvent = Snoozed | SnoozeOver | Undone | Erased | Tagged
"""What is put off, what was taken back, what is kept no longer, what a case is found by."""
