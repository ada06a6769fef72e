"""Setting a case aside until a time, or until somebody writes (semantics §4.10)."""

from datetime import datetime

from deskbook.engine.clocks import running_out
from deskbook.engine.decision import Decision, hindrance
from deskbook.engine.desk import Desk
from deskbook.engine.snooze_events import Snoozed, SnoozeOver
from deskbook.engine.ticket import Actor, TicketState
from deskbook.engine.wall_time import zone_named
from deskbook.refusals.refusal import Refusal


def decide_snooze(
    desk: Desk, ticket: TicketState, until_at: datetime | None, *, at: datetime, by: Actor
) -> Decision:
    """Returns `Snoozed`. Refused for a time that has passed, and for one by which a clock that runs
    would have run out, naming the line of the book.
    """
    refusal = hindrance(desk, ticket, "snooze")
    if refusal:
        return refusal
    if until_at is not None and until_at <= at:
        return Refusal("past: snooze")
    first = running_out(desk, ticket, until=until_at) if until_at else None
    if first is not None and first.due_at is not None:
        line = first.target.line if first.target else None
        due_at = first.due_at.astimezone(zone_named(desk.zone))
        return Refusal("snooze: due", due=due_at, line=line)
    return (Snoozed(until_at),)


def decide_end_snooze(desk: Desk, ticket: TicketState, *, at: datetime, by: Actor) -> Decision:
    """Returns `SnoozeOver`; nothing for a case that is not set aside."""
    return (SnoozeOver("person"),) if ticket.snoozed_at else ()
