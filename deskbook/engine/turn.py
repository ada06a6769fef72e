"""Whose turn a ticket is: what a list of the desk says is to be done with it next."""

from datetime import datetime
from typing import Literal, cast, get_args

from deskbook.engine.clocks import update_undated
from deskbook.engine.desk import Desk
from deskbook.engine.ticket import TicketState

Turn = Literal["", "requester", "desk", "agree", "others", "finished", "snoozed"]
"""In this order in a list: somebody waits for an answer, the desk has something to do, the next
update is to be agreed, others have, it is solved and not closed yet, somebody set it
aside; "" once it has ended.
"""


Place = Literal["late", "requester", "today", "desk", "agree", "others", "finished", "snoozed"]
PLACES: tuple[Place, ...] = get_args(Place)
"""The sections of a list of open tickets, in their order."""


def place_in_list(turn: str, due_at: datetime, *, now: datetime, tomorrow: datetime) -> Place:
    """Returns the section an open ticket stands in, whose turn it is and which is due at `due_at`;
    the reader's day ends at `tomorrow`.
    """
    if due_at <= now:
        return "late"
    if turn in ("requester", "snoozed") or due_at >= tomorrow:
        return cast("Place", turn)
    return "today"


def turn_of(desk: Desk, ticket: TicketState) -> tuple[Turn, datetime | None]:
    """Returns whose turn a ticket is and, where its requester waits for an answer, since when: from
    the first they wrote that none was given to.
    """
    stage = desk.stages[ticket.stage]
    if stage.closed or ticket.merged_into:
        return "", None
    if ticket.snoozed_at:
        return "snoozed", None
    unanswered_at = waiting_since(ticket)
    if stage.next == "desk" and unanswered_at and not stage.solved:
        return "requester", unanswered_at
    if stage.solved:
        return "finished", None
    if update_undated(desk, ticket):
        return "agree", None
    return ("desk" if stage.next == "desk" else "others"), None


def waiting_since(ticket: TicketState) -> datetime | None:
    """Returns since when the requester waits for an answer; None where the desk gave it."""
    never_at = ticket.opened_at if ticket.last_answer_at is None else None
    return ticket.unanswered_at or never_at
