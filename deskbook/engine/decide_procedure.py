"""Ticking steps, taking in papers."""

from datetime import datetime

from deskbook.engine import events as happened
from deskbook.engine.decision import Decision, hindrance
from deskbook.engine.desk import Desk
from deskbook.engine.procedures import papers_of, steps_of
from deskbook.engine.quoting import short
from deskbook.engine.ticket import Actor, TicketState
from deskbook.refusals.refusal import Refusal


def decide_tick(
    desk: Desk, ticket: TicketState, step: str, on_duty: bool = True, *, at: datetime, by: Actor
) -> Decision:
    """Returns `StepDone`. Refused for a step this case does not have, and from somebody off
    duty.
    """
    refusal = hindrance(desk, ticket, "tick a step") or _not_a_step(desk, ticket, step)
    if refusal:
        return refusal
    if not on_duty:
        return Refusal("off duty")
    return () if step in ticket.done_steps else (happened.StepDone(step),)


def decide_untick(
    desk: Desk, ticket: TicketState, step: str, *, at: datetime, by: Actor
) -> Decision:
    refusal = hindrance(desk, ticket, "tick a step") or _not_a_step(desk, ticket, step)
    if refusal:
        return refusal
    return (happened.StepUndone(step),) if step in ticket.done_steps else ()


def decide_receive_paper(
    desk: Desk,
    ticket: TicketState,
    paper: str,
    message: str | None = None,
    file: str | None = None,
    *,
    at: datetime,
    by: Actor,
) -> Decision:
    """Returns `PaperReceived` with the message and file it came in; refused for a paper this
    request does not need.
    """
    refusal = hindrance(desk, ticket, "take in a paper")
    if refusal:
        return refusal
    if paper not in {known.key for known in papers_of(desk, ticket)}:
        return Refusal("paper", paper=short(paper))
    return () if paper in ticket.papers else (happened.PaperReceived(paper, message, file),)


def decide_return_paper(
    desk: Desk,
    ticket: TicketState,
    paper: str,
    reason: str | None = None,
    *,
    at: datetime,
    by: Actor,
) -> Decision:
    if paper not in ticket.papers:
        return Refusal("paper: not come")
    if not reason:
        return Refusal("reason: paper")
    return (happened.PaperReturned(paper, reason),)


def _not_a_step(desk: Desk, ticket: TicketState, step: str) -> Refusal | None:
    if step in {known.key for known in steps_of(desk, ticket)}:
        return None
    return Refusal("step", step=short(step))
