"""Whether a piece of work grows with its input as it should: by the ratio of two lengths, not by a
clock.
"""

import gc
import signal
from collections.abc import Callable
from time import process_time
from typing import TypeVar

T = TypeVar("T", str, bytes)
NOISE_S = 0.01
"""Less than this says nothing about growth: some machines count processor time in ticks of four
milliseconds.
"""
MOST_S = 1.5


class TooLong(Exception):
    """The work was stopped; regular expressions look for signals while they match."""


def spent(work: Callable[[T], object], given: T) -> float:
    """The processor time of the work in seconds. Raises TooLong past MOST_S."""

    def stop(*_: object) -> None:
        raise TooLong

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, MOST_S)
    gc.disable()  # it would look through all that the tests hold, now and then
    begun = process_time()
    try:
        work(given)
        return process_time() - begun
    finally:
        gc.enable()
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def grows_too_fast(work: Callable[[T], object], hostile: Callable[[int], T], length: int) -> bool:
    """Whether twice `length` costs three times as much, and four times the length eight times as
    much.

    The second is asked only after the first, and of the least of three tries: a busy machine makes
    work slower, never faster.
    """

    def least(factor: int, tries: int) -> float:
        return min(spent(work, hostile(factor * length)) for _ in range(tries))

    try:
        return least(2, 1) > 3 * least(1, 1) + NOISE_S and least(4, 3) > 8 * least(1, 3) + NOISE_S
    except TooLong:
        return True
