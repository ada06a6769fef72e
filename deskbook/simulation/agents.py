"""What agents do in a made-up life: sort, take, answer, ask, note, promise, hand over, solve."""

from collections.abc import Callable
from datetime import datetime, timedelta
from fractions import Fraction

from deskbook.engine.amounts import BusinessDays
from deskbook.engine.decide_assignment import (
    decide_categorise,
    decide_hand_over,
    decide_route,
    decide_take,
)
from deskbook.engine.decide_conversation import decide_answer, decide_ask, decide_note
from deskbook.engine.decide_promise import decide_agree_update, decide_keep_promise, decide_promise
from deskbook.engine.decide_severity import decide_verify
from deskbook.engine.decide_stage import allowed_moves, decide_stage
from deskbook.engine.desk import Stage
from deskbook.engine.spans import due
from deskbook.engine.ticket import Actor
from deskbook.simulation.course import Course, SaidAs, act, say
from deskbook.simulation.phrases import one_of

_MOST_ANSWERS = 7


def work(course: Course, at: datetime) -> None:
    """One sitting of an agent with the ticket, the first of which sorts it and gives it an owner."""
    by = _who(course)
    if course.state.owner is None:
        at = _begin(course, at, by)
        by = _who(course)
    kept = next((promise for promise in course.state.promises if promise.is_open), None)
    step = _progress if kept else _chosen_step(course)
    step(course, at, by)
    if kept:
        id_ = kept.id
        act(course, lambda d, s: decide_keep_promise(d, s, id_, at=at, by=by), at=_soon(course, at), by=by)


def hear_from_vendor(course: Course, at: datetime) -> None:
    """The third party has spoken: the agent passes it on and goes on working."""
    by = _who(course)
    _progress(course, at, by)
    _move(course, _of(course, lambda stage: "answering" in stage.set_by), at, by)


def resume(course: Course, at: datetime) -> None:
    by = _who(course)
    _note_finding(course, at, by)
    _move(course, _of(course, lambda stage: stage.next == "desk"), at, by)


def give_up_waiting(course: Course, at: datetime) -> None:
    """Without a ladder in the book a person asks once more, then solves, then closes."""
    by, stage = _who(course), course.desk.stages[course.state.stage]
    if stage.solved:
        closed = _move(course, _of(course, lambda stage: stage.closed), at, by)
        course.intent = course.intent if closed else "answer"
    elif course.rng.random() < 0.5:
        _ask(course, at, by)
    else:
        _solve(course, at, by)


def _who(course: Course) -> Actor:
    population = course.scene.population
    owner = population.worker(course.state.owner)
    return (owner or population.worker_for(course.state.team, course.rng)).actor


def _begin(course: Course, at: datetime, by: Actor) -> datetime:
    """Sorts, verifies and takes the case; where the book routes it, hands it on to the team it names."""
    sorted_by = {key: value for key, value in course.trouble.facets.items() if key in course.desk.facets}
    act(course, lambda d, s: decide_categorise(d, s, sorted_by, at=at, by=by), at=at, by=by)
    if course.rng.random() < 0.7:
        _verify(course, _soon(course, at), by)
    at = _soon(course, at)
    if course.desk.rules and course.state.team == course.desk.first_team and course.rng.random() < 0.7:
        _tell(course, "answer", course.rng.choice(course.scene.phrases.received), at, by)
        _promise(course, _soon(course, at), by)
        at = _soon(course, at)
        if act(course, lambda d, s: decide_route(d, s, at=at, by=by), at=at, by=by):
            at = _open_time_later(course, at)
            by = _who(course)
    act(course, lambda d, s: decide_take(d, s, at=at, by=by), at=at, by=by)
    return _soon(course, at)


def _open_time_later(course: Course, at: datetime) -> datetime:
    """The next team takes a case up after a while: some hours, seldom more than a business day."""
    days = BusinessDays(_share(course.rng.choice((5, 10, 20, 35, 60, 90, 130))))
    return due(course.desk.calendars[course.desk.hours], at, days) + timedelta(seconds=course.rng.randrange(300))


def _chosen_step(course: Course) -> Callable[[Course, datetime, Actor], None]:
    state = course.state
    if state.answers >= _MOST_ANSWERS:
        return _solve
    if not state.answers:
        return course.rng.choices((_first_answer, _ask, _note_finding, _solve), (50, 26, 14, 10))[0]
    steps = (_solve, _progress, _ask, _note_finding, _advance, _wait_for_vendor, _pause, _hand_on, _promise)
    return course.rng.choices(steps, (24 + 9 * state.answers, 17, 13, 12, 12, 4, 2, 5, 6))[0]


def _first_answer(course: Course, at: datetime, by: Actor) -> None:
    opening = course.rng.choice(course.scene.phrases.received)
    _tell(course, "answer", f"{opening}\n\n{course.trouble.progress}", at, by)
    _agree_update(course, _soon(course, at), by)


def _progress(course: Course, at: datetime, by: Actor) -> None:
    _tell(course, "answer", _fresh(course, course.trouble.progress, course.scene.phrases.further), at, by)
    _agree_update(course, _soon(course, at), by)


def _note_finding(course: Course, at: datetime, by: Actor) -> None:
    _note(course, _fresh(course, course.trouble.finding, course.scene.phrases.notes), at, by)


def _ask(course: Course, at: datetime, by: Actor) -> None:
    text = _greeted(course, _fresh(course, course.trouble.question, course.scene.phrases.asking_again))
    asked = say(
        course, "answer", text,
        lambda message: lambda d, s: decide_ask(d, s, message, (), at=at, by=by), at=at, by=by,
    )  # fmt: skip
    if not asked:
        _progress(course, at, by)


def _solve(course: Course, at: datetime, by: Actor) -> None:
    _tell(course, "answer", course.trouble.solution, at, by)
    deliver = course.rng.random() < 0.12
    handed = deliver and _move(course, _of(course, _is_delivery), _soon(course, at), by)
    if not handed:
        _move(course, _of(course, lambda stage: stage.solved), _soon(course, at), by)


def _advance(course: Course, at: datetime, by: Actor) -> None:
    """On to another stage in which the desk works: development, testing, an estimate."""
    ways = [stage for stage in allowed_moves(course.desk, course.state) if _is_work(stage)]
    if not ways:
        return _progress(course, at, by)
    _move(course, course.rng.choice(ways), at, by)
    return _note_finding(course, _soon(course, at), by)


def _wait_for_vendor(course: Course, at: datetime, by: Actor) -> None:
    vendor = _of(course, lambda stage: stage.next == "third party")
    if vendor is None:
        return _progress(course, at, by)
    _progress(course, at, by)
    reference = f"REF-{course.rng.randrange(10_000, 99_999)}"
    words = {"vendor": course.rng.choice(course.scene.phrases.vendors), "reference": reference}
    stated = {need: words.get(need, "stated") for need in vendor.needs}
    return _state(course, vendor, stated, _soon(course, at), by)


def _pause(course: Course, at: datetime, by: Actor) -> None:
    on_hold = _of(course, lambda stage: stage.next == "nobody" and not stage.closed)
    if on_hold is None:
        return _progress(course, at, by)
    _note_finding(course, at, by)
    return _state(course, on_hold, {}, _soon(course, at), by)


def _hand_on(course: Course, at: datetime, by: Actor) -> None:
    others = [team for team in course.desk.teams if team != course.state.team]
    if not others:
        return _progress(course, at, by)
    team, why = course.rng.choice(others), course.rng.choice(course.scene.phrases.handing_on)
    say(
        course, "reason", why,
        lambda message: lambda d, s: decide_hand_over(d, s, team, reason=message, at=at, by=by), at=at, by=by,
    )  # fmt: skip
    return None


def _promise(course: Course, at: datetime, by: Actor) -> None:
    due_at = _days_ahead(course, at, (50, 100, 150, 200, 300))
    id_ = f"{course.rng.getrandbits(32):08x}"
    text = course.rng.choice(course.scene.phrases.promises)
    say(
        course, "promise", text,
        lambda message: lambda d, s: decide_promise(d, s, id_, due_at, message=message, at=at, by=by), at=at, by=by,
    )  # fmt: skip


def _agree_update(course: Course, at: datetime, by: Actor) -> None:
    if course.rng.random() < 0.8:
        due_at = _days_ahead(course, at, (100, 100, 200, 300))
        act(course, lambda d, s: decide_agree_update(d, s, due_at, at=at, by=by), at=at, by=by)


def _verify(course: Course, at: datetime, by: Actor) -> None:
    levels = list(course.desk.severities)
    if not levels:
        return
    usual = levels[min(course.trouble.level, len(levels)) - 1]
    if usual == course.state.severity:
        act(course, lambda d, s: decide_verify(d, s, usual, at=at, by=by), at=at, by=by)
        return
    claimed = course.state.severity
    graver = claimed is None or levels.index(usual) < levels.index(claimed)
    why = course.rng.choice(course.scene.phrases.graver if graver else course.scene.phrases.milder)
    say(
        course, "reason", why,
        lambda message: lambda d, s: decide_verify(d, s, usual, reason=message, at=at, by=by), at=at, by=by,
    )  # fmt: skip


def _tell(course: Course, kind: SaidAs, text: str, at: datetime, by: Actor) -> None:
    say(
        course, kind, _greeted(course, text),
        lambda message: lambda d, s: decide_answer(d, s, message, at=at, by=by), at=at, by=by,
    )  # fmt: skip


def _note(course: Course, text: str, at: datetime, by: Actor) -> None:
    say(course, "note", text, lambda message: lambda d, s: decide_note(d, s, message, at=at, by=by), at=at, by=by)


def _fresh(course: Course, text: str, others: tuple[str, ...]) -> str:
    """Returns the text, or another when it was said already."""
    spent = any(text in said.text for said in course.said)
    return course.rng.choice(others) if spent else text


def _greeted(course: Course, text: str) -> str:
    return f"{one_of(course.scene.phrases.greetings, course.requester.language, course.rng)}\n\n{text}"


def _move(course: Course, stage: Stage | None, at: datetime, by: Actor) -> bool:
    if stage is None:
        return False
    key = stage.key
    return act(course, lambda d, s: decide_stage(d, s, key, at=at, by=by), at=at, by=by)


def _state(course: Course, stage: Stage, stated: dict[str, str], at: datetime, by: Actor) -> None:
    key = stage.key
    act(course, lambda d, s: decide_stage(d, s, key, stated=stated, at=at, by=by), at=at, by=by)


def _of(course: Course, wanted: Callable[[Stage], bool]) -> Stage | None:
    return next((stage for stage in allowed_moves(course.desk, course.state) if wanted(stage)), None)


def _is_work(stage: Stage) -> bool:
    return stage.next == "desk" and not (stage.solved or stage.closed or stage.set_by)


def _is_delivery(stage: Stage) -> bool:
    return stage.next == "requester" and not (stage.solved or stage.closed or stage.set_by)


def _days_ahead(course: Course, at: datetime, hundredths: tuple[int, ...]) -> datetime:
    """A date people would name: so many business days ahead, on a full quarter of an hour."""
    calendar = course.desk.calendars[course.desk.hours]
    at = due(calendar, at, BusinessDays(_share(course.rng.choice(hundredths))))
    return (
        at
        + timedelta(minutes=14)
        - timedelta(minutes=(at.minute + 14) % 15, seconds=at.second, microseconds=at.microsecond)
    )


def _share(hundredths: int) -> Fraction:
    return Fraction(hundredths, 100)


def _soon(course: Course, at: datetime) -> datetime:
    """A moment later: the time it takes to click."""
    return max(at, course.now) + timedelta(seconds=course.rng.randrange(3, 90))
