"""Numbers of several runs as one, with how sure it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean, stdev

from deskbook.simulation.tally import Counted, Measure

_T = (
    12.706,
    4.303,
    3.182,
    2.776,
    2.571,
    2.447,
    2.365,
    2.306,
    2.262,
    2.228,
    2.201,
    2.179,
    2.160,
    2.145,
    2.131,
    2.120,
    2.110,
    2.101,
    2.093,
    2.086,
    2.080,
    2.074,
    2.069,
    2.064,
    2.060,
    2.056,
    2.052,
    2.048,
    2.045,
    2.042,
)
"""Student's t for an interval of 95 %, by degrees of freedom from 1 (any table of it)."""


@dataclass(frozen=True, slots=True)
class Interval:
    """The mean of the runs, and between what the true mean lies in 95 of 100 cases; without two
    runs nothing is known of that, and the ends are None.
    """

    mean: float
    low: float | None = None
    high: float | None = None
    runs: int = 1


def interval(values: Sequence[float]) -> Interval:
    """Returns the interval of numbers that are independent of each other, one at least."""
    mean = fmean(values)
    if len(values) < 2:
        return Interval(mean)
    half = student(len(values) - 1) * stdev(values) / sqrt(len(values))
    return Interval(mean, mean - half, mean + half, len(values))


def student(freedom: int) -> float:
    """Returns Student's t for 95 % two-sided."""
    if freedom <= len(_T):
        return _T[freedom - 1]
    # Cornish and Fisher's expansion around the normal quantile: right to three digits from here on.
    z = 1.959964
    return z + (z**3 + z) / (4 * freedom) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * freedom**2)


_RATIOS = ("met", "within", "utilisation", "gave up share")


def over_runs(runs: Sequence[Counted]) -> dict[Measure, Interval]:
    """Returns every measure over the runs in which there was anything of it; a share stays between
    nothing and all. Counts of what did not happen in a run are nothing, not missing.
    """
    names = sorted({name for run in runs for name in run.measures})
    found = {}
    for name in names:
        counted = name.what in ("came", "closed", "gave up", "decided", "served")
        values = [run.measures.get(name, 0.0) for run in runs if counted or name in run.measures]
        found[name] = _between(interval(values)) if name.what in _RATIOS else interval(values)
    return found


def _between(share: Interval) -> Interval:
    if share.low is None or share.high is None:
        return share
    return Interval(share.mean, max(share.low, 0.0), min(share.high, 1.0), share.runs)


def days_over_runs(runs: Sequence[Counted]) -> list[Interval]:
    """Returns the backlog at the end of each day."""
    return [interval(values) for values in zip(*(run.days for run in runs), strict=True)]
