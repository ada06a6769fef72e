"""Estimates, work orders and deliveries in a made-up life."""

from collections.abc import Callable
from datetime import datetime

from deskbook.engine import decide_work
from deskbook.engine.decision import Decision
from deskbook.engine.ticket import Actor, TicketState
from deskbook.engine.ticket_parts import Estimate
from deskbook.engine.work_events import Delivered, EstimateOffered, WorkBooked
from deskbook.lives.course import Course, act, say
from deskbook.lives.sitting import note, soon, spoken, tell

_MINUTES = (60, 90, 120, 180, 240, 360, 480)


def offer(course: Course, at: datetime, by: Actor) -> None:
    """Offers time and cost beyond the plan, at most once a case and where the book has a stage for
    it.
    """
    phrases = course.scene.phrases
    if course.desk.stage_set_by("estimate") is None or course.state.estimates:
        note(course, spoken(course, phrases.notes), at, by)
        return
    minutes, (rate, currency) = course.rng.choice(_MINUTES), phrases.hour_costs
    cost = f"{rate * minutes / 60:.2f} {currency}"
    id_, words = f"{course.rng.getrandbits(32):08x}", course.rng.choice(phrases.offers)
    say(
        course,
        "answer",
        words,
        lambda message: (
            lambda d, s: decide_work.decide_offer_estimate(
                d, s, EstimateOffered(id_, minutes, cost, message), at=at, by=by
            )
        ),
        at=at,
        by=by,
    )


def offered(state: TicketState) -> Estimate | None:
    """Returns the estimate that waits for the customer."""
    return next((estimate for estimate in state.estimates if estimate.is_open), None)


def to_be_worked(state: TicketState) -> Estimate | None:
    """Returns the work order on which there is time left."""
    return next((e for e in state.estimates if e.signed_at and e.booked_minutes < e.minutes), None)


def work(course: Course, at: datetime, by: Actor) -> None:
    """Works on an order and books the time, half of it or what is left, and says what was done."""
    order = to_be_worked(course.state)
    if order is None:
        return
    left = order.minutes - order.booked_minutes
    minutes = left if course.rng.random() < 0.5 else max(15, left // 30 * 15)
    tell(course, "answer", spoken(course, course.scene.phrases.further), at, by)
    booked_at, id_ = soon(course, at), order.id
    say(
        course,
        "reason",
        course.trouble.finding,
        lambda message: (
            lambda d, s: decide_work.decide_book_work(
                d, s, WorkBooked(id_, minutes, "", message), at=booked_at, by=by
            )
        ),
        at=booked_at,
        by=by,
    )


def sign(course: Course, at: datetime) -> None:
    """The customer signs the estimate: it is a work order now."""
    _answer_estimate(course, decide_work.decide_sign_estimate, at)


def decline(course: Course, at: datetime) -> None:
    _answer_estimate(course, decide_work.decide_decline_estimate, at)


def _answer_estimate(course: Course, decide: Callable[..., Decision], at: datetime) -> None:
    by, estimate = course.requester.actor, offered(course.state)
    if estimate:
        id_ = estimate.id
        act(course, lambda d, s: decide(d, s, id_, at=at, by=by), at=at, by=by)


def deliver(course: Course, at: datetime, by: Actor) -> bool:
    """Delivers a version where the book has a stage for it; returns whether anything was
    delivered.
    """
    if course.desk.stage_set_by("delivery") is None:
        return False
    day = at.date()
    version = f"{day.year % 100}.{day.month}.{course.rng.randrange(1, 5)}"
    words = course.rng.choice(course.scene.phrases.deliveries)
    return say(
        course,
        "answer",
        words,
        lambda message: (
            lambda d, s: decide_work.decide_deliver(d, s, Delivered(version, message), at=at, by=by)
        ),
        at=at,
        by=by,
    )


def confirm(course: Course, at: datetime) -> None:
    """The customer has deployed and tested what was delivered."""
    by = course.requester.actor
    act(course, lambda d, s: decide_work.decide_confirm_delivery(d, s, at=at, by=by), at=at, by=by)
