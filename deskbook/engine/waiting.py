"""How long somebody in a queue will wait, with the spread, by what serving took lately."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import ceil, floor, sqrt
from statistics import fmean, pstdev

FEWEST = 5
"""Visits served before anything is said: of fewer nobody knows how long the next one takes."""
NEWEST = 20
"""Visits looked at."""
STEP = timedelta(minutes=5)
"""What is told is rounded outwards to this: nobody's wait is known to the minute."""
_SPREAD = 1.2816
"""Standard deviations between the middle and the 10th or 90th percentile of a normal distribution.
"""


@dataclass(frozen=True, slots=True)
class Wait:
    """Four of five waits are expected to end between `low` and `high`."""

    low: timedelta
    high: timedelta


def expected_wait(
    before: int, counters: int, free: int, served: Sequence[timedelta]
) -> Wait | None:
    """Returns how long it takes until somebody is called who has `before` people before them.

    `counters` serve this queue and `free` of them call nobody at the moment; `served` is how long
    recent visits took, newest first. None when that cannot be said: no counter is open, or fewer
    than FEWEST visits are known.
    """
    if counters < 1 or len(served) < FEWEST:
        return None
    seconds = [span.total_seconds() for span in served[:NEWEST]]
    # So many visits have to end before it is their turn; those at the counters are on average half
    # over.
    ends = before + 0.5 - free if before >= free else 0.0
    middle = ends * fmean(seconds) / counters
    # Of each visit, and of the mean itself: of few visits it is not known well.
    spread = _SPREAD * sqrt(ends + ends * ends / len(seconds)) * pstdev(seconds) / counters
    return Wait(timedelta(seconds=max(0.0, middle - spread)), timedelta(seconds=middle + spread))


def told(wait: Wait) -> tuple[int, int]:
    """Returns the minutes a visitor reads, rounded outwards to whole steps: (10, 25); (0, 5) is
    "less than 5".
    """
    step = STEP.total_seconds()
    low = floor(wait.low.total_seconds() / step) * step / 60
    high = max(ceil(wait.high.total_seconds() / step) * step / 60, low + step / 60)
    return int(low), int(high)


def quantile(spans: Sequence[timedelta], share: float) -> timedelta | None:
    """Returns the smallest span that at least `share` of them do not exceed (nearest rank); None of
    none.
    """
    if not spans:
        return None
    ordered = sorted(spans)
    return ordered[max(0, ceil(share * len(ordered)) - 1)]
