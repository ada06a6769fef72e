"""Runs of a simulation side by side in processes of their own, and how long it will take."""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass, field
from functools import partial
from time import monotonic
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from deskbook.simulation.load import Load
    from deskbook.simulation.run import Plan
    from deskbook.simulation.tally import Counted

_progress: Any = None
_TOLD_EVERY = 10.0
"""Seconds between two lines of progress where nobody looks on."""


def processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _begin(shared: Any) -> None:
    global _progress  # noqa: PLW0603  # what a process of the pool is given at its start
    _progress = shared


def _run(plan: Plan, number: int) -> Counted:
    from deskbook.simulation.run import run

    def tell(share: float) -> None:
        _progress[number - 1] = share

    return run(plan, number, tell if _progress is not None else lambda share: None)


@dataclass(slots=True)
class Runner:
    """Runs plans, `count` times each, in as many processes as are asked for; tells on standard
    error how far it is.
    """

    count: int
    processes: int
    quiet: bool = False
    pool: ProcessPoolExecutor | None = None
    shared: Any = None
    said_at: float = field(default_factory=monotonic)
    done: int = 0
    """Plans that were run already."""

    def __enter__(self) -> Self:
        workers = min(self.processes, self.count)
        if workers > 1:
            # Not forked: this process may have threads, and a connection to the database.
            spawn = multiprocessing.get_context("spawn")
            self.shared = spawn.Array("d", self.count, lock=False)
            self.pool = ProcessPoolExecutor(workers, spawn, _begin, (self.shared,))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.pool is not None:
            self.pool.shutdown(cancel_futures=True)

    def run(self, plan: Plan, load: Load | None = None) -> Sequence[Counted]:
        """Return what each run came to, in their order, which is the same however many processes
        there are.
        """
        from dataclasses import replace

        plan = plan if load is None else replace(plan, load=load)
        numbers = range(1, self.count + 1)
        runs = self._side_by_side(plan, numbers) if self.pool else self._alone(plan, numbers)
        self.done += 1
        return runs

    def _alone(self, plan: Plan, numbers: Sequence[int]) -> Sequence[Counted]:
        from deskbook.simulation.run import run

        began_at = monotonic()

        def progress(number: int, share: float) -> None:
            self._tell((number - 1 + share) / self.count, began_at)

        return [run(plan, number, partial(progress, number)) for number in numbers]

    def _side_by_side(self, plan: Plan, numbers: Sequence[int]) -> Sequence[Counted]:
        assert self.pool is not None
        self.shared[:] = [0.0] * self.count
        began_at = monotonic()
        waited: set[Future[Counted]] = set()
        futures = [self.pool.submit(_run, plan, number) for number in numbers]
        waited.update(futures)
        while waited:
            done, waited = wait(waited, timeout=0.5, return_when=FIRST_EXCEPTION)
            for future in done:
                future.result()  # what went wrong in one of them stops all
            self._tell(sum(self.shared) / self.count, began_at)
        return [future.result() for future in futures]

    def _tell(self, share: float, began_at: float) -> None:
        now, watched = monotonic(), sys.stderr.isatty()
        if self.quiet or now - self.said_at < (0.5 if watched else _TOLD_EVERY) or not share:
            return
        self.said_at = now
        left = (now - began_at) * (1 - share) / share
        trial = f"roster {self.done + 1}, " if self.done else ""
        line = f"deskbook: {trial}{share:.0%}, {_spoken(left)} left"
        sys.stderr.write(f"\r{line:60}" if watched else f"{line}\n")
        if watched and share >= 1:
            sys.stderr.write(f"\r{'':60}\r")
        sys.stderr.flush()


def _spoken(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"
