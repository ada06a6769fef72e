"""What a plan, or the desk for one person, limits, as a book says it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from deskbook.engine.amounts import Amount

Period = Literal["week", "month", "quarter", "year"]
Beyond = Literal["refused", "taken"]
MOST_REMINDERS = 50
"""So many of a case are kept: no limit is higher."""


@dataclass(frozen=True, slots=True)
class Quota:
    """How many cases of some sort, or how much work on them, a plan includes in a period of the
    calendar.
    """

    most: int
    """Cases; minutes where it is of time."""
    each: Period = "month"
    when: Mapping[str, frozenset[str]] = field(default_factory=dict)
    beyond: Beyond = "refused"
    """What becomes of one more: refused, or taken and marked."""
    line: int = 0
    timed: bool = False
    """It counts the time that is logged, not the cases."""
    at_a_time: bool = False
    """It counts the cases that are open, whenever they were opened."""


@dataclass(frozen=True, slots=True)
class Reminders:
    """How often a requester may write again on a case before the desk has answered."""

    most: int | None = None
    each: Period = "week"
    after: Amount | None = None
    """How long after the words that wait for an answer."""
    when: Mapping[str, frozenset[str]] = field(default_factory=dict)
    line: int = 0


@dataclass(frozen=True, slots=True)
class Ways:
    """By which channels a plan's customers reach the desk."""

    channels: frozenset[str] = frozenset()
    """Empty: by all."""
    others: Beyond = "refused"
    line: int = 0
