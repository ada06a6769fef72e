"""Promises, and the next update as agreed."""

from datetime import datetime

from deskbook.engine import events as happened
from deskbook.engine.decision import Decision, hindrance
from deskbook.engine.desk import Desk
from deskbook.engine.routing import facets_of, target_for
from deskbook.engine.ticket import Actor, TicketState
from deskbook.engine.wall_time import zone_named
from deskbook.refusals.refusal import Refusal


def decide_promise(
    desk: Desk,
    ticket: TicketState,
    promise: str,
    due_at: datetime,
    message: str | None = None,
    channel: str | None = None,
    *,
    at: datetime,
    by: Actor,
) -> Decision:
    """Returns `Promised`, to be kept by `channel` where one is named; refuses a date that has
    passed.
    """
    refusal = hindrance(desk, ticket, "promise")
    if refusal:
        return refusal
    if due_at <= at:
        return Refusal("past: promise")
    return (happened.Promised(promise, due_at, message, channel),)


def decide_keep_promise(
    desk: Desk, ticket: TicketState, promise: str, *, at: datetime, by: Actor
) -> Decision:
    refusal = hindrance(desk, ticket, "promise") or _not_open(ticket, promise)
    return refusal or (happened.PromiseKept(promise),)


def decide_withdraw_promise(
    desk: Desk,
    ticket: TicketState,
    promise: str,
    reason: str | None = None,
    *,
    at: datetime,
    by: Actor,
) -> Decision:
    refusal = hindrance(desk, ticket, "promise") or _not_open(ticket, promise)
    return refusal or (happened.PromiseWithdrawn(promise, reason),)


def decide_agree_update(
    desk: Desk, ticket: TicketState, due_at: datetime, *, at: datetime, by: Actor
) -> Decision:
    """Returns `NextUpdateAgreed`.

    Refused where the book sets the pace itself, before the first answer (the response clock still
    runs), and for a time that has passed.
    """
    refusal = hindrance(desk, ticket, "agree the next update")
    if refusal:
        return refusal
    target = target_for(desk, "update", facets_of(ticket))
    if target is None or not target.agreed:
        return Refusal("update as agreed")
    if ticket.last_answer_at is None:
        return Refusal("update as agreed: answer first")
    if due_at <= at:
        return Refusal("past: update")
    return (happened.NextUpdateAgreed(due_at, under=ticket.severity),)


def falling_away(ticket: TicketState) -> tuple[happened.PromiseWithdrawn, ...]:
    """Returns what happens to the promises that are open when their case is closed (semantics
    §3.3).
    """
    return tuple(
        happened.PromiseWithdrawn(promise.id, with_the_case=True)
        for promise in ticket.promises
        if promise.is_open
    )


def promised_still(desk: Desk, ticket: TicketState) -> Refusal | None:
    """Returns what keeps a person of the desk from ending a case: somebody waits for what was
    promised.
    """
    promise = next((promise for promise in ticket.promises if promise.is_open), None)
    by = promise and promise.due_at.astimezone(zone_named(desk.zone))
    return Refusal("promised still", by=by) if by else None


def _not_open(ticket: TicketState, promise: str) -> Refusal | None:
    if any(p.id == promise and p.is_open for p in ticket.promises):
        return None
    return Refusal("promise")
