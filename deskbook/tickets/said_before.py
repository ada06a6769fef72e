"""Recording on a case what was said before, elsewhere."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_SAID_BEFORE = ContextVar("what is recorded was said before", default=False)


@contextmanager
def as_it_was_said() -> Iterator[None]:
    """Inside, acts record what was said before: what has fallen due meanwhile is looked at by what
    follows, or an answer in time would come after its own breach.
    """
    token = _SAID_BEFORE.set(True)
    try:
        yield
    finally:
        _SAID_BEFORE.reset(token)


def was_said() -> bool:
    """Whether what is being recorded was said before."""
    return _SAID_BEFORE.get()
