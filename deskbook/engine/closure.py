"""Closing ladders: reminders after a stage is entered, closing when nobody writes (SEMANTICS §4); and coming back."""

from dataclasses import dataclass
from datetime import datetime

from deskbook.engine.amounts import Amount
from deskbook.engine.calendar import NoOpening
from deskbook.engine.desk import Desk
from deskbook.engine.hours import calendar_for
from deskbook.engine.spans import due
from deskbook.engine.ticket import Ticket


@dataclass(frozen=True, slots=True)
class Step:
    due_at: datetime
    number: int | None
    """Of the reminder; None closes."""


def steps(desk: Desk, ticket: Ticket) -> tuple[Step, ...]:
    """Returns what is left of the ladder of the present stage, in order.

    Nothing is left once the requester wrote after the stage was entered.
    """
    stage = desk.stages[ticket.stage]
    if stage.ladder is None or ticket.merged_into or _answered(ticket):
        return ()
    calendar = calendar_for(desk, ticket, stage.ladder.hours)
    rungs: list[tuple[Amount, int | None]] = [
        (amount, number) for number, amount in enumerate(stage.ladder.remind, start=1) if number > ticket.reminded
    ]
    if stage.ladder.close is not None:
        rungs.append((stage.ladder.close, None))
    try:
        return tuple(Step(due(calendar, ticket.stage_entered_at, amount), number) for amount, number in rungs)
    except NoOpening:  # hours that do not open again: nobody is reminded and nothing closes by itself
        return ()


def may_come_back(desk: Desk, ticket: Ticket, *, at: datetime) -> bool:
    """Whether a closed case opens again by writing on it; later writing opens a new one."""
    within = desk.reopening.within
    if within is None or ticket.closed_at is None:
        return True
    try:
        return at <= due(calendar_for(desk, ticket, None), ticket.closed_at, within)
    except NoOpening:  # counted in hours that never come: it is not over
        return True


def _answered(ticket: Ticket) -> bool:
    # Equal instants: writing is what moved it here (a stage set by the requester's own writing).
    return ticket.requester_wrote_at is not None and ticket.requester_wrote_at > ticket.stage_entered_at
