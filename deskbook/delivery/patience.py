"""How long what does not leave is tried again, and how often: the same for every channel."""

from datetime import datetime, timedelta

SHORTEST_PAUSE, LONGEST_PAUSE = timedelta(seconds=4), timedelta(minutes=30)
"""A service that is back is not kept waiting, and not asked all the time."""


def pause_after(failures: int) -> timedelta:
    """Returns how long after so many failures in a row the next try comes: it doubles. For what
    waited in a line before it was tried at all.
    """
    return min(SHORTEST_PAUSE * (1 << min(failures - 1, 10)), LONGEST_PAUSE)


def next_try(queued_at: datetime, *, at: datetime) -> datetime:
    """Returns when what was queued at `queued_at` and not taken at `at` is tried again: after as
    long as it has waited so far, so that the pauses double.
    """
    return at + min(max(at - queued_at, SHORTEST_PAUSE), LONGEST_PAUSE)
