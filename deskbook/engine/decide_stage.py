"""Moving between stages, closing, reopening."""

from collections.abc import Collection
from datetime import datetime

from deskbook.engine import events as happened
from deskbook.engine.decide_conversation import decide_answer
from deskbook.engine.decide_promise import falling_away, promised_still
from deskbook.engine.decide_site_visit import calling_off, unfinished_visit
from deskbook.engine.decision import Decision, hindrance
from deskbook.engine.desk import Desk, Stage
from deskbook.engine.freeze import freeze_for
from deskbook.engine.procedures import open_steps
from deskbook.engine.quoting import short
from deskbook.engine.replacing import replace
from deskbook.engine.routing import facets_of
from deskbook.engine.ticket import Actor, TicketState
from deskbook.refusals.refusal import Refusal, Word


def allowed_moves(desk: Desk, ticket: TicketState) -> tuple[Stage, ...]:
    """Returns the stages a person may move this ticket to now, in the book's order."""
    if ticket.merged_into:
        return ()
    now = desk.stages[ticket.stage]
    open_to = now.moves if now.moves is not None else frozenset(desk.stages)
    return tuple(
        s for s in desk.stages.values() if s.key in open_to and s.by_hand and s.key != now.key
    )


def decide_stage(
    desk: Desk,
    ticket: TicketState,
    to: str,
    stated: Collection[str] = (),
    reason: str | None = None,
    *,
    at: datetime,
    by: Actor,
) -> Decision:
    """Returns the move: `StageChanged`, `Closed` into a closed stage, `Reopened` out of a solved or
    closed one; into the stage of a freeze that holds its sort, `Held` with it.

    `stated` names what is said of the stage's needs, in the message `reason`. Refuses a stage the
    book does not have or allow from here, and one whose needs are not stated.
    """
    refusal = hindrance(desk, ticket, "reopen" if desk.stages[ticket.stage].closed else "move")
    if refusal:
        return refusal
    if to == ticket.stage:
        return ()
    target = desk.stages.get(to)
    if target is None or target not in allowed_moves(desk, ticket):
        return _not_allowed(desk, ticket, target.title if target else to)
    missing = tuple(desk.said(need) for need in target.needs if need not in stated)
    if missing:
        return Refusal("stage needs", stage=target.title, missing=missing)
    return _unfinished(desk, ticket, target) or _move(desk, ticket, target, reason, at)


def decide_answer_and_move(
    desk: Desk, ticket: TicketState, message: str, to: str | None, *, at: datetime, by: Actor
) -> Decision:
    """Returns the answer, then the move to a stage that was named with it in place of the one the
    book sets by answering. Refused where either is.
    """
    answered = decide_answer(desk, ticket, message, at=at, by=by)
    if isinstance(answered, Refusal) or not to:
        return answered
    moved = decide_stage(desk, ticket, to, at=at, by=by)
    said = (event for event in answered if not isinstance(event, happened.StageChanged))
    return moved if isinstance(moved, Refusal) else (*said, *moved)


def _unfinished(desk: Desk, ticket: TicketState, target: Stage) -> Refusal | None:
    """What keeps a case from being solved or closed: a mandatory step, a visit that goes on, or
    what is promised still.
    """
    if not (target.solved or target.closed):
        return None
    undone = open_steps(desk, ticket)
    if undone:
        steps = tuple(f"“{step.title}”" for step in undone)
        return Refusal("steps open", stage=target.title, steps=steps)
    waited_for = promised_still(desk, ticket) if target.closed else None
    return unfinished_visit(desk, ticket) or waited_for


def decide_close(
    desk: Desk, ticket: TicketState, withdrawing: bool = False, *, at: datetime, by: Actor
) -> Decision:
    """Returns `Closed` by the requester, who may close an open case from any stage, or by a person
    at the desk; and that what is promised falls away.

    Refused ("promised still") to a person at the desk while something is promised, unless they are
    `withdrawing` it.
    """
    refusal = hindrance(desk, ticket, "close")
    if refusal:
        return refusal
    closed = next((stage for stage in desk.stages.values() if stage.closed), None)
    if closed is None:
        return Refusal("no closed stage")
    away = falling_away(ticket)
    if by.kind == "contact":
        return (*calling_off(ticket), *away, happened.Closed(closed.key, cause="requester"))
    if not withdrawing:
        return decide_stage(desk, ticket, closed.key, at=at, by=by)
    decision = decide_stage(desk, replace(ticket, promises=()), closed.key, at=at, by=by)
    return decision if isinstance(decision, Refusal) or not decision else (*away, *decision)


def decide_close_reached(desk: Desk, ticket: TicketState, *, at: datetime, by: Actor) -> Decision:
    """Returns `Closed` for a case that began with a missed call which was answered after all, and
    that the call promised on it falls away.
    """
    refusal = hindrance(desk, ticket, "close")
    closed = next((stage for stage in desk.stages.values() if stage.closed), None)
    if refusal or closed is None:
        return refusal or Refusal("no closed stage")
    return (*falling_away(ticket), happened.Closed(closed.key, cause="reached"))


def _move(
    desk: Desk, ticket: TicketState, target: Stage, reason: str | None, at: datetime
) -> Decision:
    now = desk.stages[ticket.stage]
    if target.closed:
        return (happened.Closed(target.key),)
    if (now.solved or now.closed) and not target.solved:
        return (happened.Reopened(target.key, desk.reopening.clocks, reason=reason),)
    if "freeze" in target.set_by and (freeze := freeze_for(desk, facets_of(ticket), at=at)):
        back = happened.StageChanged(target.key, cause="freeze", reason=reason)
        return (happened.Held(freeze.key, freeze.pick_up_at), back)
    return (happened.StageChanged(target.key, reason=reason),)


def _not_allowed(desk: Desk, ticket: TicketState, wanted: str) -> Refusal:
    now = desk.stages[ticket.stage].title
    ways = tuple(f"“{stage.title}”" for stage in allowed_moves(desk, ticket)) or Word(
        "nowhere by hand"
    )
    return Refusal("stage moves", stage=now, wanted=short(wanted), ways=ways)
