"""What happens about a visit to an office: from its being asked for to what was reported of it."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class SiteVisitAsked:
    """An office asks the desk to come; asked again, it corrects what it said before."""

    people: int
    """How many will be there."""
    message: str | None = None
    """Id of the message that says where, and more in words."""
    wanted_from: date | None = None
    wanted_until: date | None = None


@dataclass(frozen=True, slots=True)
class SiteVisitDecided:
    approved: bool
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class SiteVisitDated:
    """A visit has a date and people who go; the same visit again is moved."""

    visit: str
    from_at: datetime
    until_at: datetime
    people: tuple[str, ...]
    """Ids of the agents who go."""
    message: str | None = None


@dataclass(frozen=True, slots=True)
class SiteVisitAnswered:
    """The office says whether the date suits it."""

    visit: str
    suits: bool
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class SiteVisitCalledOff:
    visit: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class SiteVisitCarriedOut:
    visit: str


@dataclass(frozen=True, slots=True)
class SiteVisitReported:
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
