"""What can happen on a closing ladder: kinds of entries like those of `events`, which gathers them
all.

A reminder falls due, leaves or finds no way; closing is `events.Closed`.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True)
class ReminderDue:
    """A step of the closing ladder fell due. It counts when its message left: then `ReminderSent`
    follows.
    """

    number: int
    due_at: datetime
    told: bool = True
    """False when a later reminder of the same ladder was due as well: one message, never a burst.
    """


@dataclass(frozen=True, slots=True)
class ReminderSent:
    """A reminder left for a way that reaches the person. In logs of before `ReminderDue` it stands
    in its place.
    """

    number: int
    due_at: datetime
    told: bool = True
    """False in such logs when a later step was due as well."""
    too_late: bool = False
    """It left after its ladder was left: the requester wrote, or the case moved, while it was on
    its way.
    """


@dataclass(frozen=True, slots=True)
class ReminderCameBack:
    """A reminder that had left did not arrive: it does not count, and is to be told another way."""

    number: int
    due_at: datetime


@dataclass(frozen=True, slots=True)
class CannotBeReached:
    """A reminder found no way to the requester: the ladder ends, and the case is the desk's
    again.
    """

    reason: Literal["no way", "failed"]
    """"no way" when none is known, "failed" when every way failed for good."""
    number: int
    """Of the reminder."""


LadderEvent = ReminderDue | ReminderSent | ReminderCameBack | CannotBeReached
