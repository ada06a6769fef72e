"""When cases come: a Poisson process for each stream of the load."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from heapq import merge
from random import Random
from zoneinfo import ZoneInfo

from deskbook.engine.calendar import Calendar
from deskbook.simulation.load import Load, Stream
from deskbook.simulation.stretches import open_stretches

_WEEK = timedelta(weeks=1)
_HOUR = timedelta(hours=1)
_SHORTEST = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody comes with something of some sort."""

    at: datetime
    facets: dict[str, str]


def arrivals(load: Load, zone: str, seed: str) -> Iterator[Arrival]:
    """Yields everybody who comes, in order. Each stream has lots of its own, and none of them
    depends on who is there.
    """
    streams = (
        _of_stream(stream, load, zone, Random(f"{seed} stream {number}"))
        for number, stream in enumerate(load.streams)
    )
    yield from merge(*streams, key=lambda arrival: arrival.at)


def _of_stream(stream: Stream, load: Load, zone: str, rng: Random) -> Iterator[Arrival]:
    for from_at, until_at, rate in _rates(stream, load, zone):
        at = from_at
        while rate:
            at += max(timedelta(seconds=rng.expovariate(rate)), _SHORTEST)
            if at >= until_at:
                break
            yield Arrival(at, {facet: mix.drawn(rng) for facet, mix in stream.facets.items()})


def _rates(stream: Stream, load: Load, zone: str) -> Iterator[tuple[datetime, datetime, float]]:
    """Yields stretches of time with the cases a second expected in each."""
    if stream.by_hour:
        yield from _by_hour(stream, load, ZoneInfo(zone))
        return
    usual = weekly_open(stream.during) if stream.during else _WEEK
    rate = stream.per_week / usual.total_seconds() if usual else 0.0
    for from_at, until_at in open_stretches(stream.during, load.from_at, load.until_at):
        yield from_at, until_at, rate


def weekly_open(calendar: Calendar) -> timedelta:
    """Returns how long a calendar is open in a week without closures."""
    windows = (window for windows in calendar.weekly.values() for window in windows)
    return sum((window.closes - window.opens for window in windows), timedelta())


def _by_hour(
    stream: Stream, load: Load, zone: ZoneInfo
) -> Iterator[tuple[datetime, datetime, float]]:
    day = load.from_at.astimezone(zone).date()
    while (midnight := _midnight(day, zone)) < load.until_at:
        rates = stream.by_hour[day.weekday() * 24 : day.weekday() * 24 + 24]
        day += timedelta(days=1)
        ends_at = _midnight(day, zone)  # after 23 hours, when clocks go forward
        for hour, expected in enumerate(rates):
            begins_at = midnight + hour * _HOUR
            yield begins_at, min(begins_at + _HOUR, ends_at), expected / _HOUR.total_seconds()


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
