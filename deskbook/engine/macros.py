"""Several acts on a case by one key, as the book declares them."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Macro:
    """What is done together: sorted, handed on, noted, answered, moved. What is empty is not."""

    key: str
    title: str
    when: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Offered on cases like these."""
    sort: Mapping[str, str] = field(default_factory=dict)
    team: str = ""
    note: str = ""
    answer: str = ""
    """With VARIABLES in braces."""
    stage: str = ""


VARIABLES = ("name", "ticket", "subject", "desk")
"""What an answer may have filled in."""
