"""What a book says of many cases together, and of what follows when one is late."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from deskbook.engine.amounts import Amount
from deskbook.engine.money import Money, Part
from deskbook.engine.plan_parts import Period

Kept = Literal["response", "update", "resolve", "team", "team-resolve"]
"""Clocks that are promised by targets."""
Within = Literal["limit", "aim"]


@dataclass(frozen=True, slots=True)
class Fee:
    """What a plan costs in a period."""

    money: Money
    each: Literal["month", "quarter", "year"]

    def __str__(self) -> str:
        return f"{self.money} a {self.each}"


@dataclass(frozen=True, slots=True)
class Credit:
    """What follows when fewer were in time."""

    below: Decimal
    """Per cent."""
    gives: Money | Part


@dataclass(frozen=True, slots=True)
class ServiceLevel:
    """How many cases of some sort are in time, of all that open in a period of the calendar."""

    key: str
    title: str
    clock: Kept
    at_least: Decimal
    """Per cent."""
    each: Period = "month"
    when: Mapping[str, frozenset[str]] = field(default_factory=dict)
    within: Within = "limit"
    teams: frozenset[str] = frozenset()
    """Whose clocks it counts, of those that run with a team."""
    by_organisation: bool = False
    """Counted for each organisation by itself."""
    credits: tuple[Credit, ...] = ()
    line: int = 0


@dataclass(frozen=True, slots=True)
class Compensation:
    """What is owed for one case that is late."""

    key: str
    title: str
    clock: Kept
    pays: Money
    each: Amount | None = None
    """For each such time begun after the limit; None once."""
    most: Money | None = None
    to: str = ""
    when: Mapping[str, frozenset[str]] = field(default_factory=dict)
    line: int = 0
