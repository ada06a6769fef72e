"""What is kept no longer: which line of the book counts for a case, until when, and that what was
written of it is erased.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from deskbook.engine.decision import Decision, hindrance
from deskbook.engine.desk import Desk
from deskbook.engine.keeping import Keep, Kept
from deskbook.engine.routing import matches
from deskbook.engine.snooze_events import Erased, LegalHoldLifted, LegalHoldPlaced
from deskbook.engine.spans import due
from deskbook.engine.ticket import Actor, TicketState
from deskbook.refusals.refusal import Refusal


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
    was opened again since or is held, or of which that, or all, is erased already.
    """
    gone = not ticket.erased.isdisjoint((line.what, "cases"))
    if ticket.closed_at is None or gone or ticket.merged_into or ticket.legal_hold:
        return ()
    if kept_until(desk, line, ticket.closed_at) > at:
        return ()
    return (Erased(line.what, line.line, version),)


def decide_legal_hold(
    desk: Desk, ticket: TicketState, held: bool, reason: str | None, *, at: datetime, by: Actor
) -> Decision:
    """Returns that nothing of the case is erased, or is again; nothing where it stands so. Refused
    for a case of which all is erased: there is nothing left to hold.
    """
    refusal = hindrance(desk, ticket, "hold")
    if refusal:
        return refusal
    if "cases" in ticket.erased:
        return Refusal("erased already")
    if held == ticket.legal_hold:
        return ()
    return (LegalHoldPlaced(reason) if held else LegalHoldLifted(reason),)
