"""How patient people are, as far as how long they waited says it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import NamedTuple

_ENOUGH = 5


class Waited(NamedTuple):
    """Somebody waited there and then: until they were served, or until they gave up."""

    channel: str
    """The book's key of it."""
    time: timedelta
    gave_up: bool


def mean_patience(waits: Iterable[Waited]) -> Mapping[str, timedelta]:
    """Returns how patient people are on the average on each channel on which at least five gave up.

    Who is served had more patience than is known, so it is all the waiting over how many gave up:
    the likeliest mean of exponential times of which some are cut short (Palm 1946; Garnett,
    Mandelbaum and Reiman 2002, section 5).
    """
    waited: Counter[str] = Counter()
    lost: Counter[str] = Counter()
    for wait in waits:
        waited[wait.channel] += max(round(wait.time.total_seconds()), 0)
        lost[wait.channel] += wait.gave_up
    return {
        channel: timedelta(seconds=max(waited[channel] / count, 1))
        for channel, count in sorted(lost.items())
        if count >= _ENOUGH
    }
