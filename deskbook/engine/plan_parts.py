"""What a plan limits, as a book says it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Period = Literal["week", "month", "quarter", "year"]
Beyond = Literal["refused", "taken"]


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


@dataclass(frozen=True, slots=True)
class Ways:
    """By which channels a plan's customers reach the desk."""

    channels: frozenset[str] = frozenset()
    """Empty: by all."""
    others: Beyond = "refused"
    line: int = 0
