"""The load a desk is put under: who comes, how long it takes, who is there, how long people wait.

Facets, channels, teams and levels are the book's, by their keys.
"""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import accumulate
from random import Random

from deskbook.engine.calendar import Calendar
from deskbook.engine.desk import Conditions

HOURS_OF_WEEK = 168


@dataclass(frozen=True, slots=True)
class Mix:
    """Values a case may have of one facet, and how often each of them."""

    values: tuple[str, ...]
    shares: tuple[float, ...]

    def drawn(self, rng: Random) -> str:
        """Returns one of the values by lot."""
        if len(self.values) == 1:
            return self.values[0]
        totals = list(accumulate(self.shares))
        return self.values[bisect_right(totals, rng.random() * totals[-1], hi=len(totals) - 1)]


@dataclass(frozen=True, slots=True)
class Stream:
    """Cases of some sort that come at random, independent of each other, while a calendar is open
    or as the hours of a week have it.
    """

    facets: Mapping[str, Mix]
    """Channel and severity too."""
    per_week: float = 0.0
    during: Calendar | None = None
    """None: at any time."""
    by_hour: tuple[float, ...] = ()
    """Cases expected in each of the 168 hours of a week from Monday 00:00, on the desk's clocks."""


@dataclass(frozen=True, slots=True)
class Time:
    """How long something takes, at random: around a mean as waiting times are, always the same, or
    between points of which each stretch is equally likely.
    """

    mean: timedelta = timedelta()
    fixed: bool = False
    points: tuple[timedelta, ...] = ()

    def drawn(self, rng: Random) -> timedelta:
        """Returns one such time by lot."""
        if self.points:
            return self._between(rng.random() * (len(self.points) - 1))
        if self.fixed or not self.mean:
            return self.mean
        return self.mean * rng.expovariate(1.0)

    def _between(self, place: float) -> timedelta:
        step = min(int(place), len(self.points) - 2)
        low, high = self.points[step], self.points[step + 1]
        return low + (high - low) * (place - step)


@dataclass(frozen=True, slots=True)
class Handling:
    """What becomes of a case of some sort once somebody has it in hand."""

    takes: Time
    when: Conditions = field(default_factory=dict)
    """`level` and `team` are of who has it."""
    hands_on: float = 0.0
    """The share that goes on to the next level."""
    asks: float = 0.0
    """The share that waits for its requester once."""


@dataclass(frozen=True, slots=True)
class Requesters:
    """What people do who wait for the desk, or whom it waits for."""

    patience: Mapping[str, Time] = field(default_factory=dict)
    """Channel on which somebody waits → how long they do; forever where it is not named."""
    answer_after: Time = Time(timedelta(days=1))
    never_answer: float = 0.0
    come_back: float = 0.0
    """The share of solved cases that are not."""
    come_back_after: Time = Time(timedelta(days=2))


@dataclass(frozen=True, slots=True)
class People:
    """People who work alike: in the same teams, at the same hours, with the same skills."""

    teams: tuple[str, ...]
    names: tuple[str, ...]
    hours: Calendar | None = None
    """None where `shifts` say it."""
    shifts: tuple[tuple[datetime, datetime], ...] = ()
    leave: tuple[tuple[date, date], ...] = ()
    """First and last day, on the calendar's clocks."""
    chats: int = 1
    """How many each has at a time."""
    only: Conditions = field(default_factory=dict)
    """The sorts of cases they can do; empty is all."""
    alike: bool = True
    """How many they are may be changed: nobody of them is somebody in particular."""

    @property
    def label(self) -> str:
        return " + ".join(self.teams)


@dataclass(frozen=True, slots=True)
class Load:
    """All of it, over a time: cases come in `[from_at, until_at)`, those before `counted_from_at`
    are lived and not counted.
    """

    streams: tuple[Stream, ...]
    handling: tuple[Handling, ...]
    people: tuple[People, ...]
    from_at: datetime
    until_at: datetime
    counted_from_at: datetime
    requesters: Requesters = field(default_factory=Requesters)
