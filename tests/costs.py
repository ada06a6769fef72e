"""What something costs in statements and in calls of Python and built-in functions: neither depends
on what else a machine does.
"""

import gc
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection


def statements_of(work: Callable[[], object]) -> list[str]:
    """Does it, and returns the statements it sends."""
    statements: list[str] = []

    def noted(execute, sql, params, many, context):
        statements.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(noted):
        work()
    return statements


def calls_of(work: Callable[[], object]) -> int:
    """Does it, and returns how many functions it calls."""
    calls = 0

    def count(frame: object, event: str, arg: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    with _nothing_collected():
        before = sys.getprofile()
        sys.setprofile(count)
        try:
            work()
        finally:
            sys.setprofile(before)
    return calls


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """What earlier tests left would be cleared away, by calls of its own, whenever there is enough
    of it.
    """
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
