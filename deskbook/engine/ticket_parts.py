"""What a ticket's state is made of: stays, visits, promises, estimates, people sent somewhere."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, TypeVar

from deskbook.engine.replacing import replace


@dataclass(frozen=True, slots=True)
class Stay:
    """A time spent in one stage; it lasts until the next stay begins."""

    stage: str
    from_at: datetime


@dataclass(frozen=True)
class TeamVisit:
    """A time spent with one team; a return is a new visit."""

    number: int
    team: str
    arrived_at: datetime
    left_at: datetime | None = None
    answered_at: datetime | None = None
    noted_at: datetime | None = None
    taken_at: datetime | None = None

    @property
    def acted(self) -> bool:
        """Whether the team did anything about it: took, answered or noted."""
        return bool(self.answered_at or self.noted_at or self.taken_at)


@dataclass(frozen=True)
class Estimate:
    """A quote; signed it is a work order with what was booked on it."""

    id: str
    minutes: int
    cost: str
    offered_at: datetime
    signed_at: datetime | None = None
    declined_at: datetime | None = None
    booked_minutes: int = 0

    @property
    def is_open(self) -> bool:
        return self.signed_at is None and self.declined_at is None


@dataclass(frozen=True, slots=True)
class LoggedTime:
    """Time spent on a case, of what its plan includes."""

    at: datetime
    minutes: int


@dataclass(frozen=True)
class Promise:
    id: str
    due_at: datetime
    by: str
    made_at: datetime
    kept_at: datetime | None = None
    withdrawn_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.kept_at is None and self.withdrawn_at is None


@dataclass(frozen=True, slots=True)
class SiteVisitWish:
    """What an office asked for when it asked the desk to come."""

    people: int
    message: str | None = None
    wanted_from: date | None = None
    wanted_until: date | None = None


@dataclass(frozen=True)
class SiteVisit:
    """People of the desk go somewhere on a date."""

    id: str
    from_at: datetime
    until_at: datetime
    people: tuple[str, ...]
    sequence: int = 0
    """Grows with every change a calendar has to follow."""
    left_out: tuple[str, ...] = ()
    """Who was to go and does not any more."""
    suits: bool | None = None
    """What the office said of the present date."""
    called_off_at: datetime | None = None
    carried_out_at: datetime | None = None
    reported_at: datetime | None = None
    attended: int | None = None

    @property
    def state(self) -> Literal["dated", "called off", "carried out", "reported"]:
        if self.called_off_at:
            return "called off"
        if self.reported_at:
            return "reported"
        return "carried out" if self.carried_out_at else "dated"


Part = TypeVar("Part", Estimate, Promise, SiteVisit)


def replace_one(parts: tuple[Part, ...], id_: str, **changes: Any) -> tuple[Part, ...]:
    """Returns the parts of a ticket with some fields of the one with this id changed."""
    return tuple(replace(part, **changes) if part.id == id_ else part for part in parts)
