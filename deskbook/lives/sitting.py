"""What every sitting of an agent with a made-up ticket is made of: who, when, saying, moving."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from fractions import Fraction

from deskbook.engine.amounts import BusinessDays
from deskbook.engine.decide_conversation import decide_answer, decide_note
from deskbook.engine.decide_stage import allowed_moves, decide_stage
from deskbook.engine.desk import Stage
from deskbook.engine.needs import in_lines
from deskbook.engine.spans import due
from deskbook.engine.ticket import Actor
from deskbook.lives.course import Course, SaidAs, act, say
from deskbook.lives.phrases import one_of


def who(course: Course, at: datetime) -> Actor:
    """Returns the owner; a colleague of the team where a roster says that the owner is off."""
    population, team = course.scene.population, course.state.team
    owner = population.worker(course.state.owner)
    if owner and population.is_on(owner.id, team, at):
        return owner.actor
    return population.worker_for(team, course.rng, at).actor


def tell(course: Course, kind: SaidAs, text: str, at: datetime, by: Actor) -> None:
    say(
        course,
        kind,
        greeted(course, text),
        lambda message: lambda d, s: decide_answer(d, s, message, at=at, by=by),
        at=at,
        by=by,
    )


def note(course: Course, text: str, at: datetime, by: Actor) -> None:
    say(
        course,
        "note",
        text,
        lambda message: lambda d, s: decide_note(d, s, message, at=at, by=by),
        at=at,
        by=by,
    )


def fresh(course: Course, text: str, others: Mapping[str, tuple[str, ...]]) -> str:
    """Returns the text, or another when it was said already."""
    spent = any(text in said.text for said in course.said)
    return spoken(course, others) if spent else text


def spoken(course: Course, words: Mapping[str, tuple[str, ...]]) -> str:
    """Returns one of the words, in the language the case is told in."""
    return one_of(words, course.trouble.language, course.rng)


def greeted(course: Course, text: str) -> str:
    return f"{spoken(course, course.scene.phrases.greetings)}\n\n{text}"


def move(course: Course, stage: Stage | None, at: datetime, by: Actor) -> bool:
    if stage is None:
        return False
    key = stage.key
    return act(course, lambda d, s: decide_stage(d, s, key, at=at, by=by), at=at, by=by)


def put(course: Course, stage: Stage, stated: dict[str, str], at: datetime, by: Actor) -> None:
    key, words = stage.key, in_lines(stated)
    if not words:
        move(course, stage, at, by)
        return
    say(
        course,
        "reason",
        words,
        lambda reason: lambda d, s: decide_stage(d, s, key, stated, reason, at=at, by=by),
        at=at,
        by=by,
    )


def of(course: Course, wanted: Callable[[Stage], bool]) -> Stage | None:
    return next(
        (stage for stage in allowed_moves(course.desk, course.state) if wanted(stage)), None
    )


def days_ahead(course: Course, at: datetime, hundredths: tuple[int, ...]) -> datetime:
    """A date people would name: so many business days ahead, on a full quarter of an hour."""
    calendar = course.desk.calendars[course.desk.hours]
    at = due(calendar, at, BusinessDays(share(course.rng.choice(hundredths))))
    return (
        at
        + timedelta(minutes=14)
        - timedelta(minutes=(at.minute + 14) % 15, seconds=at.second, microseconds=at.microsecond)
    )


def share(hundredths: int) -> Fraction:
    return Fraction(hundredths, 100)


def soon(course: Course, at: datetime) -> datetime:
    """A moment later: the time it takes to click."""
    return max(at, course.now) + timedelta(seconds=course.rng.randrange(3, 90))
