"""The threads that make pages, shared fairly: nobody who asks for much makes others wait for all of
it.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextvars import ContextVar
from functools import partial
from threading import Lock
from typing import Any, NamedTuple, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
CALLER: ContextVar[str] = ContextVar("caller", default="")
"""The address (client_address.py) for which something is submitted."""


class _Wanted(NamedTuple):
    who: str
    answer: Future[Any]
    make: Callable[[], Any]


class FairThreads(Executor):
    """Threads of which a free one goes to the caller who has the fewest at work, in turn among
    equals.

    A quarter, one at least, is kept for others than the busiest caller, so that a newcomer need not
    wait until a slow page is made. Not more: behind a proxy that nobody named in the settings all
    are one caller.
    """

    def __init__(self, threads: int) -> None:
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="page")
        self._free, self._of_one = threads, max(1, threads - max(1, threads // 4))
        self._at_work: Counter[str] = Counter()
        self._waiting: dict[str, deque[_Wanted]] = {}
        self._lock = Lock()

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Queues a call behind the earlier ones of the same CALLER only."""
        wanted = _Wanted(CALLER.get(), Future[T](), partial(fn, *args, **kwargs))
        with self._lock:
            self._waiting.setdefault(wanted.who, deque()).append(wanted)
            self._start()
        return wanted.answer

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Ends the threads once they have made what they have begun."""
        with self._lock:
            self._waiting.clear()
        self._threads.shutdown(wait=wait, cancel_futures=cancel_futures)

    def _start(self) -> None:
        """Hands what is next to a thread, where one is free. Under the lock."""
        allowed = (
            [who for who in self._waiting if self._at_work[who] < self._of_one]
            if self._free
            else []
        )
        if not allowed:
            return
        who = min(allowed, key=lambda one: self._at_work[one])
        own = self._waiting.pop(who)
        wanted = own.popleft()
        if own:
            self._waiting[who] = own  # now the last among equals
        self._at_work[who] += 1
        self._free -= 1
        self._threads.submit(self._make, wanted)

    def _make(self, wanted: _Wanted) -> None:
        try:
            if wanted.answer.set_running_or_notify_cancel():
                _answer(wanted)
        finally:
            with self._lock:
                self._free += 1
                self._at_work -= Counter([wanted.who])  # one who has none left is forgotten
                self._start()


def _answer(wanted: _Wanted) -> None:
    try:
        made = wanted.make()
    except BaseException as failure:
        wanted.answer.set_exception(failure)
    else:
        wanted.answer.set_result(made)
