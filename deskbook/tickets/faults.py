"""Whose fault it is when something that came cannot be taken in: its own, or the database's."""

import psycopg
from django.db import InterfaceError, OperationalError

_PASSING = frozenset({"08", "25", "40", "53", "55", "57", "58"})
"""Classes of SQLSTATE (PostgreSQL's manual, appendix A): no connection, read only, taken back, full, locked, shutting
down, the system's. Not 54: "too long for a tsvector" is also an OperationalError, and says something of the text."""


def is_of_the_database(failure: BaseException | None) -> bool:
    """Whether the database was away, full or busy, however deep that lies: what came is innocent of it."""
    while failure is not None:
        if isinstance(failure, psycopg.OperationalError | psycopg.InterfaceError | psycopg.InternalError):
            # 25P02: a transaction that goes on after an error in it is a fault of ours, and would be again.
            return failure.sqlstate is None or (failure.sqlstate[:2] in _PASSING and failure.sqlstate != "25P02")
        if isinstance(failure, OperationalError | InterfaceError) and failure.__cause__ is None:
            return True
        failure = failure.__cause__ or failure.__context__
    return False
