"""That a case is set aside for a while, and that it is back."""

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


LaterEvent = Snoozed | SnoozeOver | Undone
"""Second thoughts: what is put off, and what was taken back."""
