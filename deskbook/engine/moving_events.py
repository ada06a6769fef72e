"""That a case comes from another system."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Imported:
    """The case came along from another system, as it stood there. Bears the instant it was opened
    there; nobody is told of it, and nothing of before it came is timed.
    """

    requester: str
    stage: str
    """Where it stands now."""
    channel: str
    source: str
    """The system it comes from: "freshdesk"."""
    number: str
    """What it was called there."""
    imported_at: datetime
    """When it came: its clocks run from then."""
    facets: Mapping[str, str] = field(default_factory=dict)
    organisation: str | None = None
    zone: str | None = None
    severity: str | None = None
    team: str | None = None
    owner: str | None = None
    message: str | None = None
    closed_at: datetime | None = None
    """When it ended there; None while it goes on."""
    solved_in: str | None = None
    """The stage of the book in which a case that has ended counts as solved."""
    book_version: int = 1


BEGINNINGS = ("Opened", "Imported")
"""The kinds a log may begin with."""
GIVEN_BY = (*BEGINNINGS, "RequesterChanged")
"""The kinds that say whose case it is."""
