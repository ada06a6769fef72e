"""What something costs in statements and in calls of Python and built-in functions: neither depends
on what else a machine does.
"""

import sys
from collections.abc import Callable

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

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(before)
    return calls
