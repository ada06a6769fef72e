"""What `deskbook doctor` says of one thing."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple


class Finding(NamedTuple):
    """What is wrong, and what to do about it, in sentences."""

    what: str
    do: str
    is_fault: bool = True
    """False for what works still, and will not for long."""

    @property
    def weight(self) -> str:
        return "fault" if self.is_fault else "soon"


def lasting(span: timedelta) -> str:
    """Returns how long something lasts, in the largest unit there are two of."""
    for unit, size in (("days", 86_400), ("hours", 3_600), ("minutes", 60)):
        if span.total_seconds() >= 2 * size:
            return f"{span.total_seconds() / size:.0f} {unit}"
    return f"{span.total_seconds():.0f} seconds"
