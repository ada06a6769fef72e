"""What can happen on a closing ladder: kinds of entries like those of `events`, which gathers them
all.

A reminder falls due, leaves or finds no way; closing is `events.Closed`.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Unreached = Literal["no way", "failed", "not asked"]


@dataclass(frozen=True, slots=True)
class ReminderDue:
    """A step of the closing ladder fell due."""

    number: int
    due_at: datetime
    told: bool = True
    """False when a later reminder of the same ladder was due as well: one message, never a burst.
    """


@dataclass(frozen=True, slots=True)
class ReminderSent:
    """The reminder left for a way that reaches the person; now it counts. In old logs: the step
    itself.
    """

    number: int
    due_at: datetime
    told: bool = True
    """False in such logs when a later step was due as well."""
    too_late: bool = False
    """It left after its ladder was left: the requester wrote, or the case moved, while it was on
    its way.
    """
    repeats: bool = True
    """It says again what was asked. A registered wording says only that an answer is awaited."""


@dataclass(frozen=True, slots=True)
class ReminderCameBack:
    """A reminder that had left did not arrive: it counts no more, and is told another way, or
    `CannotBeReached` follows.
    """

    number: int
    due_at: datetime


@dataclass(frozen=True, slots=True)
class CannotBeReached:
    """A reminder (or, where none is left, the answer before) found no way to the requester, or
    every way failed for good; the ladder ends and the case goes back to the desk, not closed.
    """

    reason: Unreached
    """"no way" when none is known, "failed" when every way failed for good, "not asked" when
    what was asked did not arrive and the reminders that did cannot repeat it.
    """
    number: int
    """Of the reminder."""


@dataclass(frozen=True, slots=True)
class DeliveryFailed:
    """A message of this ticket did not arrive, or was discarded at the desk before it left."""

    message: str
    hard: bool = True
    to_requester: bool = False
    """In entries of before this was kept it is not known."""
    discarded_by: str | None = None
    """Id of the agent who decided that it does not leave."""


LadderEvent = ReminderDue | ReminderSent | ReminderCameBack | CannotBeReached | DeliveryFailed
