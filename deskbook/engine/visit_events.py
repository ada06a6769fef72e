"""What happens about a visit to an office: from its being asked for to what was reported of it."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class SiteVisitAsked:
    """An office asked the desk to come: how many, where, when; again: a correction."""

    people: int
    """How many will be there."""
    message: str | None = None
    """Id of the message that says where, and more in words."""
    wanted_from: date | None = None
    wanted_until: date | None = None


@dataclass(frozen=True, slots=True)
class SiteVisitDecided:
    """The deciding team approved the visit or refused it, and why."""

    approved: bool
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class SiteVisitDated:
    """The visit has a date and people who go; again: it was moved."""

    visit: str
    from_at: datetime
    until_at: datetime
    people: tuple[str, ...]
    """Ids of the agents who go."""
    message: str | None = None


@dataclass(frozen=True, slots=True)
class SiteVisitAnswered:
    """The office said whether the date suits it."""

    visit: str
    suits: bool
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class SiteVisitCalledOff:
    """The visit does not take place, and why."""

    visit: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class SiteVisitCarriedOut:
    """The people were there."""

    visit: str


@dataclass(frozen=True, slots=True)
class SiteVisitReported:
    """How many attended, and the report."""

    visit: str
    attended: int
    message: str | None = None


VisitEvent = (
    SiteVisitAsked
    | SiteVisitDecided
    | SiteVisitDated
    | SiteVisitAnswered
    | SiteVisitCalledOff
    | SiteVisitCarriedOut
    | SiteVisitReported
)
