"""Measuring one act again and again: alone, and from sixteen clients at once."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from random import Random

PROCESSES, THREADS = 4, 4  # sixteen clients; one process of Python would be the bottleneck itself


@dataclass
class Timed:
    """Milliseconds of every request that was answered as it should be, and how many were not."""

    milliseconds: list[float]
    errors: int
    per_second: float

    def percentile(self, share: float) -> float:
        ordered = sorted(self.milliseconds)
        return (
            ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]
            if ordered
            else float("nan")
        )


@dataclass(frozen=True)
class Bounds:
    """When to stop: after so many requests a client or so many seconds, whichever is first."""

    requests: int = 300
    seconds: float = 8.0
    warm: int = 5


def alone(act: Callable[[Random], bool], bounds: Bounds) -> Timed:
    """Time an act done by one client. It takes a source of chance and says whether the answer was
    right.
    """
    rng = Random(1)
    for _ in range(bounds.warm):
        act(rng)
    return _repeat(act, rng, bounds)


def sixteen(
    prepare: Callable[[dict], Callable[[Random], bool]], given: dict, bounds: Bounds
) -> Timed:
    """Time the act that `prepare(given)` makes in each of sixteen clients, in four processes; both
    can be pickled.
    """
    jobs = [(prepare, given, number, bounds) for number in range(PROCESSES)]
    with get_context("spawn").Pool(PROCESSES) as pool:
        parts = [part for parts in pool.map(_storm, jobs) for part in parts]
    milliseconds = [ms for part in parts for ms in part.milliseconds]
    return Timed(
        milliseconds, sum(part.errors for part in parts), sum(part.per_second for part in parts)
    )


def _storm(job: tuple) -> list[Timed]:
    prepare, given, number, bounds = job

    def one(thread: int) -> Timed:
        act, rng = prepare(given), Random(100 * number + thread)
        act(rng)
        return _repeat(act, rng, bounds)

    with ThreadPoolExecutor(THREADS) as threads:
        return list(threads.map(one, range(THREADS)))


def _repeat(act: Callable[[Random], bool], rng: Random, bounds: Bounds) -> Timed:
    taken, errors, began = [], 0, time.perf_counter()
    for _ in range(bounds.requests):
        start = time.perf_counter()
        if start - began > bounds.seconds:
            break
        if act(rng):
            taken.append(1000 * (time.perf_counter() - start))
        else:
            errors += 1
    elapsed = time.perf_counter() - began
    return Timed(taken, errors, len(taken) / elapsed if elapsed else 0.0)
