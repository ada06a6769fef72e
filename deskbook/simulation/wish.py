"""What a roster is to reach, and the smallest that does."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from deskbook.book.findings import nearest
from deskbook.book.words import fold
from deskbook.engine.desk import Desk
from deskbook.simulation.intervals import Interval, interval
from deskbook.simulation.load import Load, People
from deskbook.simulation.load_words import read_span
from deskbook.simulation.tally import ALL, Counted, Measure, Within

_CLOCKS = {
    "respond": "response",
    "response": "response",
    "resolve": "resolve",
    "update": "update",
    "answer": "team",
}


@dataclass(frozen=True, slots=True)
class Wish:
    """A share of something, at least."""

    said: str
    share: float
    measure: Measure
    within: Within | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A roster, and how it does by each wish. It is enough where the lower end of the interval over
    the runs is as wished, so that it is no accident of a few.
    """

    people: tuple[People, ...]
    reaches: tuple[tuple[Wish, Interval], ...]
    runs: Sequence[Counted] = ()

    @property
    def enough(self) -> bool:
        return all(_least(reached) >= wish.share for wish, reached in self.reaches)

    @property
    def short(self) -> float:
        """How much is wanting on the average, over all wishes."""
        return sum(max(wish.share - reached.mean, 0.0) for wish, reached in self.reaches)

    @property
    def doubt(self) -> float:
        """How much is wanting at the lower ends."""
        return sum(max(wish.share - _least(reached), 0.0) for wish, reached in self.reaches)


def _least(reached: Interval) -> float:
    return reached.mean if reached.low is None else reached.low


def read_wish(said: str, desk: Desk) -> Wish:
    """Returns what `95% of P1 resolve`, `90% of respond` or `80% of phone within 20s` asks for.
    Refuses (ValueError) anything else.
    """
    found = re.fullmatch(r"(\d+(?:\.\d+)?) ?% (?:of )?(.+)", said.strip(), re.ASCII)
    if found is None or not 0 < float(found[1]) <= 100:
        raise ValueError(
            f"{said!r} is no wish: write 95% of P1 resolve, or 80% of phone within 20s"
        )
    share, of = float(found[1]) / 100, found[2].strip()
    if " within " in of:
        return _waiting(said, share, of, desk)
    words, _, last = of.rpartition(" ")
    if fold(last) not in _CLOCKS:
        raise ValueError(f"{last!r} is no promise: {nearest(last, _CLOCKS)}")
    severity = _named(words, _titles(desk), desk.severity_word) if words else ALL
    return Wish(said, share, Measure("met", (_CLOCKS[fold(last)], severity, ALL)))


def _waiting(said: str, share: float, of: str, desk: Desk) -> Wish:
    channel, _, time = of.partition(" within ")
    titles = {fold(c.title): c.key for c in desk.channels.values()}
    key = _named(channel, {**titles, **{key: key for key in desk.channels}}, "channel")
    within = Within(key, read_span(time).total_seconds())
    measure = Measure("within", (within.channel, f"{within.seconds:g}"))
    return Wish(said, share, measure, within)


def _titles(desk: Desk) -> dict[str, str]:
    titles = {fold(one.title): one.key for one in desk.severities.values()}
    return {**titles, **{key: key for key in desk.severities}}


def _named(word: str, known: dict[str, str], noun: str) -> str:
    if fold(word) not in known:
        raise ValueError(f"{word!r} is no {noun} of the book: {nearest(word, known)}")
    return known[fold(word)]


Runs = Callable[[Load], Sequence[Counted]]
"""Runs a load, always with the same lots."""


def smallest_roster(wishes: Sequence[Wish], load: Load, runs: Runs) -> Found:
    """Returns the smallest roster that was found to do as wished, or, when it is not enough, the
    best one where more people help no more.

    People are added one at a time where that helps most, then taken away one at a time while it is
    still enough; people who work alike are counted, named ones stay. It is as small as taking
    anybody away makes it: a roster of quite other hours may be smaller.
    """
    now = _try(wishes, load, load.people, runs)
    while not now.enough:
        tried = [_try(wishes, load, more, runs) for more in _one_more(now.people)]
        best = min(tried, key=_wanting, default=now)
        if _wanting(best) >= _wanting(now):
            return now
        now = best
    while True:
        tried = [_try(wishes, load, fewer, runs) for fewer in _one_fewer(now.people)]
        enough = [found for found in tried if found.enough]
        if not enough:
            return now
        now = min(enough, key=_slack)


def _wanting(found: Found) -> tuple[float, float]:
    return round(found.short, 9), round(found.doubt, 9)


def _slack(found: Found) -> float:
    return -sum(reached.mean for _, reached in found.reaches)


def _try(wishes: Sequence[Wish], load: Load, people: tuple[People, ...], runs: Runs) -> Found:
    counted = runs(replace(load, people=people))
    return Found(people, tuple((wish, _reached(wish, counted)) for wish in wishes), counted)


def _reached(wish: Wish, counted: Sequence[Counted]) -> Interval:
    """Returns how often; never where there was nothing of it in any run."""
    values = [run.measures[wish.measure] for run in counted if wish.measure in run.measures]
    return interval(values) if values else Interval(0.0)


def _one_more(people: tuple[People, ...]) -> list[tuple[People, ...]]:
    return [
        (*people[:n], _sized(group, len(group.names) + 1), *people[n + 1 :])
        for n, group in enumerate(people)
        if group.alike
    ]


def _one_fewer(people: tuple[People, ...]) -> list[tuple[People, ...]]:
    return [
        (*people[:n], _sized(group, len(group.names) - 1), *people[n + 1 :])
        for n, group in enumerate(people)
        if group.alike and len(group.names) > 1
    ]


def _sized(group: People, count: int) -> People:
    return replace(group, names=tuple(f"{group.label} {n + 1}" for n in range(count)))
