"""Whether a piece of work grows with its input as it should: by the ratio of two lengths, not by a clock."""

import signal
from collections.abc import Callable
from time import process_time
from typing import TypeVar

T = TypeVar("T", str, bytes)
NOISE_S = 0.004
"""Less than this says nothing about growth."""
MOST_S = 2.0


class TooLong(Exception):
    """The work was stopped; regular expressions look for signals while they match."""


def spent(work: Callable[[T], object], given: T) -> float:
    """The processor time of the work in seconds. Raises TooLong past MOST_S."""

    def stop(*_: object) -> None:
        raise TooLong

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, MOST_S)
    begun = process_time()
    try:
        work(given)
        return process_time() - begun
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def grows_too_fast(work: Callable[[T], object], hostile: Callable[[int], T], length: int) -> bool:
    """Whether twice `length` costs more than three times as much, in each of three tries."""

    def once() -> bool:
        try:
            return spent(work, hostile(2 * length)) > 3 * spent(work, hostile(length)) + NOISE_S
        except TooLong:
            return True

    return all(once() for _ in range(3))
