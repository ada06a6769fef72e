"""When cases come in: most while the desk is open, more in the morning, a few by night."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from math import exp
from random import Random
from zoneinfo import ZoneInfo

from deskbook.engine.calendar import Calendar
from deskbook.engine.desk import Desk

_HOUR = timedelta(hours=1)
_CURVE = (1, 1, 1, 1, 1, 1, 2, 4, 7, 10, 11, 10, 7, 8, 9, 9, 7, 5, 3, 2, 2, 2, 1, 1)
"""How many cases come in an hour of the local day, relative to the others, while the desk is open.
"""
_WHILE_CLOSED = 0.08
_FULL_DAY = 70.0


def arrivals(
    desk: Desk, rng: Random, from_at: datetime, until_at: datetime, per_day: float
) -> Iterator[datetime]:
    """Yields the instants in `[from_at, until_at)`, in order, at which cases come: `per_day` on a
    usual open day.
    """
    zone, calendar = ZoneInfo(desk.zone), desk.calendars[desk.hours]
    day = from_at.astimezone(zone).date()
    while day <= until_at.astimezone(zone).date():
        yield from (
            at for at in _of_day(calendar, zone, day, rng, per_day) if from_at <= at < until_at
        )
        day += timedelta(days=1)


def _of_day(
    calendar: Calendar, zone: ZoneInfo, day: date, rng: Random, per_day: float
) -> list[datetime]:
    midnight = datetime.combine(day, time(), zone).astimezone(UTC)
    hours = [midnight + n * _HOUR for n in range(24)]
    weights = [
        weight * (1.0 if calendar.is_open(hour + _HOUR / 2) else _WHILE_CLOSED)
        for hour, weight in zip(hours, _CURVE, strict=True)
    ]
    count = _poisson(rng, per_day * sum(weights) / _FULL_DAY)
    chosen = rng.choices(hours, weights, k=count)
    return sorted(hour + timedelta(milliseconds=rng.randrange(3_600_000)) for hour in chosen)


def _poisson(rng: Random, mean: float) -> int:
    if mean > 50:
        return max(0, round(rng.gauss(mean, mean**0.5)))
    limit, product, count = exp(-mean), rng.random(), 0
    while product > limit:
        product *= rng.random()
        count += 1
    return count
