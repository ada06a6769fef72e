"""What agents do in a made-up life: sort, take, answer, ask, note, promise, hand over, solve."""

from collections.abc import Callable
from datetime import datetime

from deskbook.engine.decide_assignment import decide_categorise, decide_route, decide_take
from deskbook.engine.decide_conversation import decide_ask
from deskbook.engine.decide_promise import decide_agree_update, decide_keep_promise, decide_promise
from deskbook.engine.decide_severity import decide_verify
from deskbook.engine.decide_stage import allowed_moves
from deskbook.engine.desk import Stage
from deskbook.engine.ticket import Actor
from deskbook.lives import levels, orders, paperwork
from deskbook.lives.course import Course, act, say
from deskbook.lives.sitting import (
    days_ahead,
    fresh,
    greeted,
    move,
    note,
    of,
    put,
    soon,
    spoken,
    tell,
    who,
)

_MOST_ANSWERS = 7


def work(course: Course, at: datetime) -> None:
    """One sitting of an agent with the ticket, the first of which sorts it and gives it an
    owner.
    """
    by = who(course, at)
    if course.state.owner is None or _sorting(course):
        at = _begin(course, at, by)
        by = who(course, at)
    if course.state.owner is None:  # routed: the team it went to takes it up in its own time
        return
    if course.state.held_by:
        tell(course, "answer", spoken(course, course.scene.phrases.holding), at, by)
        return
    if paperwork.look_through(course, at, by):
        return
    kept = next((promise for promise in course.state.promises if promise.is_open), None)
    step = _progress if kept else _chosen_step(course)
    step(course, soon(course, at), by)
    if kept:
        id_ = kept.id
        act(
            course,
            lambda d, s: decide_keep_promise(d, s, id_, at=at, by=by),
            at=soon(course, at),
            by=by,
        )


def hear_from_vendor(course: Course, at: datetime) -> None:
    """The third party has spoken: the agent passes it on and goes on working."""
    by = who(course, at)
    _progress(course, at, by)
    move(course, of(course, lambda stage: "answering" in stage.set_by), at, by)


def resume(course: Course, at: datetime) -> None:
    by = who(course, at)
    _note_finding(course, at, by)
    move(course, of(course, lambda stage: stage.next == "desk"), at, by)


def give_up_waiting(course: Course, at: datetime) -> None:
    """Without a ladder in the book a person asks once more, then solves, then closes."""
    by, stage = who(course, at), course.desk.stages[course.state.stage]
    if stage.solved:
        closed = move(course, of(course, lambda stage: stage.closed), at, by)
        course.intent = course.intent if closed else "answer"
    elif course.rng.random() < 0.5:
        _ask(course, at, by)
    else:
        _solve(course, at, by)


def _begin(course: Course, at: datetime, by: Actor) -> datetime:
    """Sorts, verifies and takes the case; where the book routes it, hands it on to the team it
    names.
    """
    sorted_by = _sorting(course)
    act(course, lambda d, s: decide_categorise(d, s, sorted_by, at=at, by=by), at=at, by=by)
    if course.rng.random() < 0.7:
        _verify(course, soon(course, at), by)
    at = soon(course, at)
    if (
        course.desk.rules
        and course.state.team == course.desk.first_team
        and course.rng.random() < 0.7
    ):
        tell(course, "answer", spoken(course, course.scene.phrases.received), at, by)
        _promise(course, soon(course, at), by)
        at = soon(course, at)
        if act(course, lambda d, s: decide_route(d, s, at=at, by=by), at=at, by=by):
            return at
    act(course, lambda d, s: decide_take(d, s, at=at, by=by), at=at, by=by)
    return soon(course, at)


def _sorting(course: Course) -> dict[str, str]:
    """Returns what the case is to be sorted by and is not yet."""
    wanted = {**course.requester.facets, **course.trouble.facets}
    known = course.state.facets
    return {
        key: value
        for key, value in wanted.items()
        if key in course.desk.facets and known.get(key) != value
    }


def _chosen_step(course: Course) -> Callable[[Course, datetime, Actor], None]:
    state, on = course.state, course.scene.phrases.passes_on
    if course.trouble.outside and course.desk.outside:
        return levels.out_of_scope
    if state.answers >= _MOST_ANSWERS:
        return _solve
    if orders.to_be_worked(state):
        return orders.work
    if not state.answers:
        steps: tuple[Callable[[Course, datetime, Actor], None], ...] = (
            _first_answer,
            _ask,
            _note_finding,
            _solve,
            levels.hand_on,
        )
        return course.rng.choices(steps, (50, 26, 14, 10, on if course.desk.levels else 0))[0]
    steps = (
        _solve,
        _progress,
        _ask,
        _note_finding,
        _advance,
        _wait_for_vendor,
        _pause,
        levels.hand_on,
        _promise,
        orders.offer,
    )
    return course.rng.choices(steps, (24 + 9 * state.answers, 17, 13, 12, 12, 4, 2, on, 6, 4))[0]


def _first_answer(course: Course, at: datetime, by: Actor) -> None:
    opening = spoken(course, course.scene.phrases.received)
    tell(course, "answer", f"{opening}\n\n{course.trouble.progress}", at, by)
    _agree_update(course, soon(course, at), by)


def _progress(course: Course, at: datetime, by: Actor) -> None:
    tell(
        course,
        "answer",
        fresh(course, course.trouble.progress, course.scene.phrases.further),
        at,
        by,
    )
    _agree_update(course, soon(course, at), by)


def _note_finding(course: Course, at: datetime, by: Actor) -> None:
    note(course, fresh(course, course.trouble.finding, course.scene.phrases.notes), at, by)
    paperwork.tick(course, soon(course, at), by)


def _ask(course: Course, at: datetime, by: Actor) -> None:
    text = greeted(
        course, fresh(course, course.trouble.question, course.scene.phrases.asking_again)
    )
    asked = say(
        course,
        "answer",
        text,
        lambda message: lambda d, s: decide_ask(d, s, message, (), at=at, by=by),
        at=at,
        by=by,
    )
    if not asked:
        _progress(course, at, by)


def _solve(course: Course, at: datetime, by: Actor) -> None:
    paperwork.tick(course, at, by, whole=True)
    tell(course, "answer", course.trouble.solution, soon(course, at), by)
    delivered = course.rng.random() < 0.2 and orders.deliver(course, soon(course, at), by)
    if not delivered:
        move(
            course,
            of(course, lambda stage: stage.solved and not stage.closed),
            soon(course, at),
            by,
        )


def _advance(course: Course, at: datetime, by: Actor) -> None:
    """On to another stage in which the desk works: development, testing, an estimate."""
    ways = [stage for stage in allowed_moves(course.desk, course.state) if _is_work(stage)]
    if not ways:
        return _progress(course, at, by)
    move(course, course.rng.choice(ways), at, by)
    return _note_finding(course, soon(course, at), by)


def _wait_for_vendor(course: Course, at: datetime, by: Actor) -> None:
    vendor = of(course, lambda stage: stage.next == "third party")
    if vendor is None:
        return _progress(course, at, by)
    _progress(course, at, by)
    reference = f"REF-{course.rng.randrange(10_000, 99_999)}"
    words = {"vendor": course.rng.choice(course.scene.phrases.vendors), "reference": reference}
    stated = {need: words.get(need, "stated") for need in vendor.needs}
    return put(course, vendor, stated, soon(course, at), by)


def _pause(course: Course, at: datetime, by: Actor) -> None:
    on_hold = of(course, lambda stage: stage.next == "nobody" and not stage.closed)
    if on_hold is None:
        return _progress(course, at, by)
    _note_finding(course, at, by)
    return put(course, on_hold, {}, soon(course, at), by)


def _promise(course: Course, at: datetime, by: Actor) -> None:
    due_at = days_ahead(course, at, (50, 100, 150, 200, 300))
    id_ = f"{course.rng.getrandbits(32):08x}"
    text = spoken(course, course.scene.phrases.promises)
    say(
        course,
        "promise",
        text,
        lambda message: (
            lambda d, s: decide_promise(d, s, id_, due_at, message=message, at=at, by=by)
        ),
        at=at,
        by=by,
    )


def _agree_update(course: Course, at: datetime, by: Actor) -> None:
    if course.rng.random() < 0.8:
        due_at = days_ahead(course, at, (100, 100, 200, 300))
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
        course,
        "reason",
        why,
        lambda message: lambda d, s: decide_verify(d, s, usual, reason=message, at=at, by=by),
        at=at,
        by=by,
    )


def _is_work(stage: Stage) -> bool:
    return stage.next == "desk" and not (stage.solved or stage.closed or stage.set_by)
