"""A desk that is there between two dates only."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Literal

from deskbook.engine.calendar import Calendar
from deskbook.engine.desk import Desk
from deskbook.engine.openings import Openings
from deskbook.engine.wall_time import instant_of


@dataclass(frozen=True, slots=True)
class Campaign:
    """Half open in time; None where the book names no such edge."""

    from_at: datetime | None
    until_at: datetime | None

    def state(self, *, at: datetime) -> Literal["before", "on", "over"]:
        if self.from_at and at < self.from_at:
            return "before"
        return "over" if self.until_at and at >= self.until_at else "on"


def campaign_of(desk: Desk) -> Campaign | None:
    """Returns between which instants the desk's own calendar is valid; None for a desk that is
    always there.
    """
    return _dates_of(desk.calendars[desk.hours])


def is_over(desk: Desk, *, at: datetime) -> bool:
    """Whether a desk's dates have ended: nobody answers, so nothing is given to anybody by
    itself.
    """
    return has_ended(desk.calendars[desk.hours], at=at)


def has_ended(calendar: Calendar, *, at: datetime) -> bool:
    """Whether the dates between which a calendar is valid are over; one that does not open for
    other reasons, or not yet, has not ended.
    """
    dates = _dates_of(calendar)
    return dates is not None and dates.state(at=at) == "over"


@lru_cache(maxsize=64)
def _dates_of(calendar: Calendar) -> Campaign | None:
    openings = Openings(calendar)
    edges = [
        None if edge is None else instant_of(edge)
        for edge in (openings.valid_from, openings.valid_until)
    ]
    return Campaign(*edges) if any(edges) else None
