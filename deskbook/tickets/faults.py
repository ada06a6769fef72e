"""Whose fault it is when something that came cannot be taken in: its own, or the database's."""

import re

import psycopg
from django.db import InterfaceError, OperationalError

_PASSING = frozenset({"08", "25", "40", "53", "55", "57", "58"})
"""Classes of SQLSTATE (PostgreSQL's manual, appendix A): no connection, read only, taken back,
full, locked, shutting down, the system's. Not 54: "too long for a tsvector" is also an
OperationalError, and says something of the text.
"""

_LONGEST = 300
_NAMED = r"(?i)\b([\w-]*(?:password|passwd|secret|token|key|authorization))"
_SECRETS = (
    (re.compile(r"(://[^\s/:@]{0,100}:)[^\s/@]{1,100}(?=@)"), r"\1…"),
    (re.compile(r"(https?://[^\s?:]{1,200}(?::\d+[^\s?:]{0,200})?\?)\S+"), r"\1…"),
    (re.compile(r"(?i)\b((?:bearer|basic)\s+)\S+"), r"\1…"),
    (re.compile(_NAMED + r"""(['"]?\s*[:=]\s*['"]?)[^\s,;'"&)]+"""), r"\1\2…"),
    (re.compile(r"\b(?=[A-Za-z-]*\d)[A-Za-z0-9+-]{32,}={0,2}"), "…"),
)
"""What an error may quote that is nobody's to read: who signs in with what, queries of addresses,
long opaque codes.
"""


def in_short(failure: BaseException) -> str:
    """Returns what a failure is, for people of the desk: its kind and one line, without what looks
    like a secret.

    PostgreSQL quotes the values of a row from its second line on; of a traceback (another
    process's) the last says it.
    """
    lines = str(failure).strip().splitlines() or [""]
    words = (
        lines[-1]
        if lines[0].startswith("Traceback")
        else f"{type(failure).__name__}: {lines[0]}".rstrip(": ")
    )
    for secret, instead in _SECRETS:
        words = secret.sub(instead, words)
    return words[:_LONGEST]


def is_of_the_database(failure: BaseException | None) -> bool:
    """Whether the database was away, full or busy, however deep that lies: what came is innocent of
    it.
    """
    while failure is not None:
        if isinstance(
            failure, psycopg.OperationalError | psycopg.InterfaceError | psycopg.InternalError
        ):
            # 25P02: a transaction that goes on after an error in it is a fault of ours, and would
            # be again.
            return failure.sqlstate is None or (
                failure.sqlstate[:2] in _PASSING and failure.sqlstate != "25P02"
            )
        if isinstance(failure, OperationalError | InterfaceError) and failure.__cause__ is None:
            return True
        failure = failure.__cause__ or failure.__context__
    return False
