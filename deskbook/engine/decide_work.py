"""Estimates, the customer's sign-off, work orders, deliveries."""

from datetime import datetime

from deskbook.engine import events as happened
from deskbook.engine import work_events
from deskbook.engine.decide_conversation import stage_after_writing
from deskbook.engine.decision import Decision, hindrance, moved
from deskbook.engine.desk import Desk
from deskbook.engine.events import Event
from deskbook.engine.ticket import Actor, TicketState
from deskbook.refusals.refusal import Refusal


def decide_offer_estimate(
    desk: Desk,
    ticket: TicketState,
    offered: work_events.EstimateOffered,
    *,
    at: datetime,
    by: Actor,
) -> Decision:
    """Returns the offer and the move to where the customer's sign-off is awaited."""
    refusal = hindrance(desk, ticket, "estimate")
    if refusal:
        return refusal
    if offered.minutes <= 0:
        return Refusal("estimate: no time")
    if any(estimate.is_open for estimate in ticket.estimates):
        return Refusal("estimate: waiting")
    stage = desk.stage_set_by("estimate") or desk.stage_set_by("asking")
    if stage is None or not moved(stage, ticket):
        return (offered,)
    return (offered, happened.StageChanged(stage.key, cause="estimate"))


def decide_sign_estimate(
    desk: Desk, ticket: TicketState, estimate: str, account: str = "", *, at: datetime, by: Actor
) -> Decision:
    """Returns `EstimateSigned`, which makes it a work order, and the move back to the desk."""
    refusal = _not_open(ticket, estimate)
    return refusal or (work_events.EstimateSigned(estimate, account), *_back(desk, ticket))


def decide_decline_estimate(
    desk: Desk,
    ticket: TicketState,
    estimate: str,
    reason: str | None = None,
    *,
    at: datetime,
    by: Actor,
) -> Decision:
    refusal = _not_open(ticket, estimate)
    return refusal or (work_events.EstimateDeclined(estimate, reason), *_back(desk, ticket))


def decide_book_work(
    desk: Desk, ticket: TicketState, booked: work_events.WorkBooked, *, at: datetime, by: Actor
) -> Decision:
    """Returns `WorkBooked`; refused on what the customer has not signed."""
    order = next((e for e in ticket.estimates if e.id == booked.estimate), None)
    if order is None or order.signed_at is None:
        return Refusal("work order")
    if booked.minutes <= 0 and not booked.cost:
        return Refusal("work order: nothing booked")
    return (booked,)


def decide_log_time(
    desk: Desk, ticket: TicketState, logged: work_events.TimeLogged, *, at: datetime, by: Actor
) -> Decision:
    """Returns `TimeLogged`; refused when it is nothing, or takes away more than was logged."""
    if logged.minutes == 0 or sum(one.minutes for one in ticket.logged) + logged.minutes < 0:
        return Refusal("time logged")
    return (logged,)


def decide_deliver(
    desk: Desk, ticket: TicketState, delivered: work_events.Delivered, *, at: datetime, by: Actor
) -> Decision:
    """Returns `Delivered` and the move to where the customer's confirmation is awaited."""
    refusal = hindrance(desk, ticket, "deliver")
    if refusal:
        return refusal
    if not delivered.version.strip():
        return Refusal("delivery: no version")
    stage = desk.stage_set_by("delivery")
    if stage is None or not moved(stage, ticket):
        return (delivered,)
    return (delivered, happened.StageChanged(stage.key, cause="delivery"))


def decide_confirm_delivery(
    desk: Desk, ticket: TicketState, *, at: datetime, by: Actor
) -> Decision:
    """Returns `DeliveryConfirmed` and the move to the book's first solved stage."""
    if ticket.delivered is None:
        return Refusal("delivery")
    solved = next((stage for stage in desk.stages.values() if stage.solved), None)
    move: tuple[Event, ...] = (
        (happened.StageChanged(solved.key, cause="delivery"),)
        if moved(solved, ticket) and solved
        else ()
    )
    return (work_events.DeliveryConfirmed(ticket.delivered), *move)


def _not_open(ticket: TicketState, estimate: str) -> Refusal | None:
    if any(known.id == estimate and known.is_open for known in ticket.estimates):
        return None
    return Refusal("estimate")


def _back(desk: Desk, ticket: TicketState) -> tuple[Event, ...]:
    stage = stage_after_writing(desk, ticket)
    return (
        (happened.StageChanged(stage.key, cause="requester writing"),)
        if moved(stage, ticket)
        else ()
    )
