"""Writing to and fro: answers, notes, questions, what the requester writes."""

from datetime import datetime

from deskbook.engine import events as happened
from deskbook.engine.closure import may_come_back
from deskbook.engine.decide_assignment import arrival
from deskbook.engine.decide_owner import taking
from deskbook.engine.decision import Decision, hindrance, moved
from deskbook.engine.desk import Desk, Stage
from deskbook.engine.handing_up import goes_up_again
from deskbook.engine.people_events import AnsweredElsewhere, OutsiderWrote, WroteAside
from deskbook.engine.reminders_by_requesters import is_reminder, refused_reminder
from deskbook.engine.ticket import Actor, TicketState
from deskbook.refusals.refusal import Refusal


def decide_answer(
    desk: Desk, ticket: TicketState, message: str, *, at: datetime, by: Actor
) -> Decision:
    """Returns `Answered`, that who answers takes a case of nobody's, and the move the book sets by
    either.

    Answering moves it where the book says so; else taking it does, out of the first stage.
    """
    refusal = hindrance(desk, ticket, "answer")
    if refusal:
        return refusal
    said = (happened.Answered(message, by.teams), *taking(desk, ticket, by))
    first = ticket.stage == desk.first_stage.key
    stage, cause = desk.stage_set_by("answering"), "answering"
    if stage is None and len(said) > 1:
        stage, cause = desk.stage_set_by("assignment"), "assignment"
    leaves = first or (cause == "answering" and _was_set_by_writing(desk, ticket))
    if stage is None or not leaves or not moved(stage, ticket):
        return said
    return (*said, happened.StageChanged(stage.key, cause=cause))


def decide_answer_elsewhere(
    desk: Desk,
    ticket: TicketState,
    message: str,
    on: str,
    answered_at: datetime | None = None,
    *,
    at: datetime,
    by: Actor,
) -> Decision:
    """Returns `AnsweredElsewhere` for what its people were told while it was merged into `on`, and
    the move the book sets by answering. Nobody takes the case by it, and it stands on a closed one
    as well.
    """
    said = AnsweredElsewhere(message, on, by.teams, answered_at)
    stage = desk.stage_set_by("answering")
    leaves = ticket.stage == desk.first_stage.key or _was_set_by_writing(desk, ticket)
    if stage is None or not leaves or not moved(stage, ticket):
        return (said,)
    return (said, happened.StageChanged(stage.key, cause="answering"))


def decide_note(
    desk: Desk, ticket: TicketState, message: str, *, at: datetime, by: Actor
) -> Decision:
    """Returns `Noted`. A note tells the requester nothing and stops no customer's clock."""
    refusal = hindrance(desk, ticket, "note")
    return refusal or (happened.Noted(message, by.teams),)


def decide_outsider_message(
    desk: Desk, ticket: TicketState, message: str, *, at: datetime, by: Actor
) -> Decision:
    """Returns `OutsiderWrote`: it moves nothing and stops no ladder. Refused where notes are."""
    return hindrance(desk, ticket, "note") or (OutsiderWrote(message),)


def decide_aside(
    desk: Desk, ticket: TicketState, message: str, contact: str, *, at: datetime, by: Actor
) -> Decision:
    """Returns `WroteAside`: it moves nothing and stops no clock; a stage of the book that waits for
    others does. Refused where notes are.
    """
    return hindrance(desk, ticket, "note") or (WroteAside(message, contact),)


def decide_acknowledge(
    desk: Desk, ticket: TicketState, channel: str, *, at: datetime, by: Actor
) -> Decision:
    """Returns `Acknowledged`, once. It is no answer: the response clock runs on (semantics
    §3.1).
    """
    return () if ticket.acknowledged_at else (happened.Acknowledged(channel),)


def decide_ask(
    desk: Desk,
    ticket: TicketState,
    message: str,
    awaited: tuple[str, ...],
    words: str | None = None,
    *,
    at: datetime,
    by: Actor,
) -> Decision:
    """Returns the answer, what is awaited, and the move to the waiting stage, which is entered anew
    if it lasts.
    """
    refusal = hindrance(desk, ticket, "ask")
    if refusal:
        return refusal
    stage = desk.stage_set_by("asking")
    if stage is None:
        return Refusal("no waiting stage")
    asked = happened.InformationRequested(message, awaited, words)
    said = (happened.Answered(message, by.teams), *taking(desk, ticket, by))
    return (*said, asked, happened.StageChanged(stage.key, cause="asking"))


def decide_requester_message(
    desk: Desk, ticket: TicketState, message: str, channel: str, *, at: datetime, by: Actor
) -> Decision:
    """Returns `CustomerWrote` and what the book moves by it; a solved or closed ticket comes back,
    and goes up at once where the level that had it says so.

    Refused ("closed for good") when the book's time for coming back is over: open a new, linked
    ticket.
    """
    if ticket.merged_into:
        return Refusal("merged: write", into=ticket.merged_into)
    reminds = is_reminder(desk, ticket, channel, at=at)
    refusal = refused_reminder(desk, ticket, at=at) if reminds else None
    if refusal:
        return refusal
    back = to_the_desk(desk, ticket, "requester writing", at=at)
    if isinstance(back, Refusal):
        return back
    wrote = happened.CustomerWrote(message, channel, reminds=reminds)
    return (wrote, *back, *goes_up_by_coming_back(desk, ticket))


def goes_up_by_coming_back(desk: Desk, ticket: TicketState) -> tuple[happened.Event, ...]:
    """Returns that a solved or closed case goes up as it comes back, where its level says so."""
    above = goes_up_again(desk, ticket) if _comes_back(desk, ticket) else None
    if above is None:
        return ()
    return arrival(ticket, happened.TeamArrived(above, cause="escalation", unmet="reopening"))


def to_the_desk(desk: Desk, ticket: TicketState, cause: str, *, at: datetime) -> Decision:
    """Returns the move by which it is the desk's turn again, as by its requester's writing.

    Refused ("closed for good") when the book's time for coming back is over.
    """
    back = stage_after_writing(desk, ticket)
    if _comes_back(desk, ticket):
        if not may_come_back(desk, ticket, at=at):
            return Refusal("closed for good")
        return (happened.Reopened(back.key, desk.reopening.clocks, cause=cause),)
    return () if back.key == ticket.stage else (happened.StageChanged(back.key, cause=cause),)


def _comes_back(desk: Desk, ticket: TicketState) -> bool:
    stage = desk.stages[ticket.stage]
    return stage.closed or stage.solved


def stage_after_writing(desk: Desk, ticket: TicketState) -> Stage:
    """Returns the stage a ticket is in once its requester wrote.

    The book's own stage for it; without one, a ticket that waits goes back to where the desk last
    worked on it.
    """
    named = desk.stage_set_by("requester writing")
    if named:
        return named
    return stage_the_desk_worked_in(desk, ticket)


def is_the_desks_turn(desk: Desk, ticket: TicketState) -> bool:
    now = desk.stages[ticket.stage]
    return now.next == "desk" and not (now.solved or now.closed)


def stage_the_desk_worked_in(desk: Desk, ticket: TicketState) -> Stage:
    """Returns the latest stage in which it was the desk's turn: the present one, or where a case
    goes back to.
    """
    if is_the_desks_turn(desk, ticket):
        return desk.stages[ticket.stage]
    worked = (desk.stages[stay.stage] for stay in reversed(ticket.stays))
    return next(
        (s for s in worked if s.next == "desk" and not (s.solved or s.closed)), desk.first_stage
    )


def _was_set_by_writing(desk: Desk, ticket: TicketState) -> bool:
    return "requester writing" in desk.stages[ticket.stage].set_by
