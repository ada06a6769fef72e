"""That what somebody does may be undone for some seconds: nobody is told of it before they are
over.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime

from deskbook.engine.decide_undo import UNDO_FOR, may_be_undone
from deskbook.engine.ticket import Entry


@dataclass(frozen=True, slots=True)
class SecondThoughts:
    """What an act has done that may be undone."""

    began: dict[int, int] = field(default_factory=dict)
    """Ticket → number of the first entry of it; none where it cannot be undone."""


_OPEN: ContextVar[SecondThoughts | None] = ContextVar("may be undone", default=None)


@contextmanager
def may_think_again(*, allowed: bool) -> Iterator[SecondThoughts]:
    """Inside, what follows from acts that can be undone waits; gives what was done. Not so unless
    `allowed`.
    """
    thoughts = SecondThoughts()
    token = _OPEN.set(thoughts if allowed else None)
    try:
        yield thoughts
    finally:
        _OPEN.reset(token)


def undone_until(ticket: int, act: Sequence[Entry]) -> datetime | None:
    """Notes that these entries may be undone and returns until when; None where they may not be, or
    time has done some of them.
    """
    thoughts = _OPEN.get()
    if thoughts is None or not act or not may_be_undone(act):
        return None
    thoughts.began.setdefault(ticket, act[0].seq)
    return act[0].at + UNDO_FOR
