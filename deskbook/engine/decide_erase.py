"""What is kept no longer: which line of the book counts for a case, until when, and that what was
written of it is erased.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from deskbook.engine.decision import Decision
from deskbook.engine.desk import Desk
from deskbook.engine.keeping import Keep, Kept
from deskbook.engine.routing import matches
from deskbook.engine.snooze_events import Erased
from deskbook.engine.spans import due
from deskbook.engine.ticket import Actor, TicketState


def keep_for(lines: Iterable[Keep], what: Kept, facets: Mapping[str, str]) -> Keep | None:
    """Returns the line that counts for a case: of those that fit the one with most conditions, of
    equals the first; None where it is kept for ever (semantics §6.7).
    """
    fitting = [one for one in lines if one.what == what and matches(one.when, facets)]
    return max(fitting, key=lambda one: len(one.when), default=None)


def kept_until(desk: Desk, line: Keep, ended_at: datetime) -> datetime:
    """Returns until when what ended at `ended_at` is kept, by the wall clock of the desk."""
    return due(desk.calendars[desk.hours], ended_at, line.after)


def decide_erase(
    desk: Desk, ticket: TicketState, line: Keep, version: int, *, at: datetime, by: Actor
) -> Decision:
    """Returns `Erased` by a line of that version of the book; nothing of a case that goes on, that
    was opened again since, or of which that, or all, is erased already.
    """
    gone = not ticket.erased.isdisjoint((line.what, "cases"))
    if ticket.closed_at is None or gone or ticket.merged_into:
        return ()
    if kept_until(desk, line, ticket.closed_at) > at:
        return ()
    return (Erased(line.what, line.line, version),)
