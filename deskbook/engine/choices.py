"""What a requester may decide in a stage."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer of those the book offers, and the stage it leads to."""

    key: str
    title: str
    to: str
    why: bool = False
    """Whoever chooses it says why."""
