"""Closing ladders: reminders after a stage is entered, closing when nobody writes (semantics §4.3);
and coming back.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from deskbook.engine.amounts import Amount, CalendarPeriod, CalendarTime, OpenTime
from deskbook.engine.calendar import Calendar, NoOpening
from deskbook.engine.desk import Desk, Ladder
from deskbook.engine.hours import calendar_for
from deskbook.engine.spans import due
from deskbook.engine.ticket import TicketState

PUNCTUAL = timedelta(hours=1)
"""A reminder that left so soon after it was due left in time: what follows keeps the book's
instants.
"""


@dataclass(frozen=True, slots=True)
class Step:
    due_at: datetime
    number: int | None
    """Of the reminder; None closes."""


def steps(desk: Desk, ticket: TicketState) -> tuple[Step, ...]:
    """Returns what is left of the ladder of the present stage, in order.

    Nothing is left once the requester wrote after the stage was entered, or cannot be reached.
    Nothing comes while a reminder is on its way; after one that left late, what follows keeps its
    distance.
    """
    stage = desk.stages[ticket.stage]
    if stage.ladder is None or ticket.merged_into or answered(ticket):
        return ()
    if ticket.reminder_out_at or ticket.unreachable_at:
        return ()
    calendar = calendar_for(desk, ticket, stage.ladder.hours)
    rungs: list[tuple[Amount, int | None]] = [
        (amount, number)
        for number, amount in enumerate(stage.ladder.remind, start=1)
        if number > ticket.reminded
    ]
    if stage.ladder.close is not None:
        rungs.append((stage.ladder.close, None))
    try:
        return tuple(
            Step(_due_at(calendar, stage.ladder, ticket, amount), number)
            for amount, number in rungs
        )
    except NoOpening:
        # Hours that do not open again: nobody is reminded and nothing closes by itself.
        return ()


def may_come_back(desk: Desk, ticket: TicketState, *, at: datetime) -> bool:
    """Whether a closed case opens again by writing on it; later writing, and writing on one that is
    erased, opens a new one.
    """
    if "cases" in ticket.erased:
        return False
    within = desk.reopening.within
    if within is None or ticket.closed_at is None:
        return True
    try:
        return at <= due(calendar_for(desk, ticket, None), ticket.closed_at, within)
    except NoOpening:  # counted in hours that never come: it is not over
        return True


def _due_at(calendar: Calendar, ladder: Ladder, ticket: TicketState, amount: Amount) -> datetime:
    """When a step is due: by the book, but no nearer to the reminder that was told than the book
    puts the two.
    """
    due_at = due(calendar, ticket.stage_entered_at, amount)
    reminders = ladder.remind[: ticket.reminded]
    if ticket.told_at is None or not reminders:
        return due_at
    before_at = due(calendar, ticket.stage_entered_at, reminders[-1])
    if ticket.told_at <= before_at + PUNCTUAL:
        return due_at
    if isinstance(amount, CalendarTime | CalendarPeriod):
        return max(due_at, ticket.told_at + (due_at - before_at))
    between = OpenTime(calendar.open_between(before_at, due_at))
    return max(due_at, due(calendar, ticket.told_at, between))


def answered(ticket: TicketState) -> bool:
    """Whether the requester wrote since the present stage was entered."""
    # Equal instants: writing is what moved it here (a stage set by the requester's own writing).
    return (
        ticket.requester_wrote_at is not None
        and ticket.requester_wrote_at > ticket.stage_entered_at
    )
