"""When a kiosk that was cut off gave its tokens, whatever its own clock says
(docs/algorithms/walk-in.md).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

STEADY = timedelta(seconds=3)
"""A clock that gained or lost no more than this while the line was down was not touched."""


@dataclass(frozen=True, slots=True)
class Contact:
    """One exchange with a kiosk: our time, and how far its clock was ahead of ours (negative:
    behind).
    """

    at: datetime
    ahead: timedelta


def taken_at(shown: Sequence[datetime], *, last: Contact, now: Contact) -> list[datetime]:
    """Returns when tokens were taken, given what the kiosk's clock showed, in the order of the
    kiosk's own counter.

    Each lies between the last contact and now, and none is before the one the kiosk gave before it.
    A clock that was wrong all the time is simply corrected. One that was set in between might mean
    two instants: the later counts, so that nobody gets ahead by it.
    """
    steady = abs(now.ahead - last.ahead) <= STEADY
    least = last.ahead if steady else min(last.ahead, now.ahead)
    found: list[datetime] = []
    earliest = min(last.at, now.at)
    for clock in shown:
        earliest = min(max(_corrected(clock, least, now.at), earliest), now.at)
        found.append(earliest)
    return found


def _corrected(clock: datetime, ahead: timedelta, latest: datetime) -> datetime:
    try:
        return clock - ahead
    except OverflowError:  # a clock at the edge of time
        return latest
