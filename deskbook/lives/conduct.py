"""Who acts next on a made-up ticket, and when: a person of the desk, the requester, a vendor, or
only time.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import log

from deskbook.engine.amounts import OpenTime
from deskbook.engine.calendar import NoOpening
from deskbook.engine.clocks import next_due
from deskbook.engine.desk import Stage
from deskbook.engine.spans import due
from deskbook.lives import agents, levels, orders, requesters
from deskbook.lives.course import Course

_PACE = (0.3, 0.55, 1.0, 1.5)
"""How much sooner a graver case is taken up."""
_PUNCTUAL = 0.93


@dataclass(frozen=True, slots=True)
class Turn:
    """What somebody is going to do, and when, unless time changes the ticket first."""

    at: datetime
    do: Callable[..., None]


def next_turn(course: Course) -> Turn | None:
    """Returns what people do next with the ticket as it stands; None: nothing, whatever time may
    do.
    """
    try:
        return _turn(course)
    except NoOpening:  # a campaign is over before they would have come to it
        return None


def _turn(course: Course) -> Turn | None:
    if course.state.merged_into or (course.state.held_by and course.state.answers):
        return None
    stage = course.desk.stages[course.state.stage]
    if stage.closed:
        return _after_closing(course)
    if stage.next == "desk":
        return _turn_of_the_desk(course)
    if stage.next == "third party":
        return Turn(_later(course, 20, 0.8), agents.hear_from_vendor)
    if stage.next == "nobody":
        return Turn(_later(course, 60, 0.7), agents.resume)
    return _turn_of_the_requester(course, stage)


def _turn_of_the_desk(course: Course) -> Turn:
    """An agent acts: mostly within hours, mostly before what is due; a few are late."""
    state, rng = course.state, course.rng
    opens_at = course.desk.calendars[course.desk.hours].next_opening(course.now)
    if levels.is_given(course, opens_at):
        return Turn(opens_at + timedelta(milliseconds=rng.randrange(300, 9000)), levels.give)
    if rng.random() < 0.05 and state.answers and course.intent != "nudged":
        course.intent = "nudged"
        return Turn(_later(course, 5, 0.6), requesters.nudge)
    return Turn(_worked_at(course), agents.work)


def _worked_at(course: Course) -> datetime:
    """Returns when an agent comes to the case: as the pace of the desk has it, or just in time."""
    rng = course.rng
    median = 4.0 if course.state.answers else 0.7
    at = _later(course, median * _pace(course), 1.0)
    reading = next_due(course.desk, course.state)
    if reading is None or reading.due_at is None or reading.due_at <= course.now:
        return at
    due_at, ahead = reading.due_at, reading.due_at - course.now
    if reading.kind == "promise":
        return _by_day(course, due_at + rng.uniform(-0.5, 0.01) * ahead, due_at)
    if at > due_at and rng.random() < _PUNCTUAL:
        return _by_day(course, course.now + rng.uniform(0.3, 0.97) * ahead, due_at)
    return at


def _turn_of_the_requester(course: Course, stage: Stage) -> Turn | None:
    if not course.intent:
        course.intent = requesters.intention(course, stage)
    if course.intent == "silence":
        return None if stage.ladder else Turn(_later(course, 24, 0.5), agents.give_up_waiting)
    acts = {
        "answer": requesters.answer,
        "close": requesters.close,
        "return": requesters.come_back,
        "sign": orders.sign,
        "decline": orders.decline,
        "confirm": orders.confirm,
    }
    return Turn(_later(course, 5 if course.intent == "answer" else 9, 1.0), acts[course.intent])


def _after_closing(course: Course) -> Turn | None:
    if not course.intent:
        again = (
            course.state.run == 1 and len(course.state.stays) < 12 and course.rng.random() < 0.02
        )
        course.intent = "return" if again else "silence"
    return (
        Turn(_later(course, 14, 0.8), requesters.come_back) if course.intent == "return" else None
    )


def _later(course: Course, median_hours: float, spread: float) -> datetime:
    """Returns an instant so many open hours ahead, as people's delays are: many short, a few
    long.
    """
    hours = min(course.rng.lognormvariate(log(median_hours), spread), 200.0)
    calendar = course.desk.calendars[course.desk.hours]
    step = timedelta(seconds=round(hours * 3600), milliseconds=course.rng.randrange(1000))
    return due(calendar, course.now, OpenTime(step)) + timedelta(
        seconds=course.rng.randrange(1, 240)
    )


def _by_day(course: Course, at: datetime, due_at: datetime) -> datetime:
    """Returns the next open instant if that is still in time: nobody answers by night without
    need.
    """
    opening = course.desk.calendars[course.desk.hours].next_opening(at)
    opening += timedelta(seconds=course.rng.randrange(60, 1800)) if opening > at else timedelta()
    return min(opening, max(at, at + 0.97 * (due_at - at)))


def _pace(course: Course) -> float:
    known = list(course.desk.severities)
    rank = known.index(course.state.severity) if course.state.severity in known else 2
    return _PACE[min(rank, len(_PACE) - 1)]
