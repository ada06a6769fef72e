"""What requesters do in a made-up life: answer, ask again, close, come back, or fall silent."""

from datetime import datetime

from deskbook.engine.decide_conversation import decide_requester_message
from deskbook.engine.decide_stage import decide_close
from deskbook.engine.desk import Stage
from deskbook.simulation.course import Course, act, say
from deskbook.simulation.phrases import one_of

_WAITING = (("answer", 0.74), ("silence", 0.26))
_TO_CONFIRM = (("close", 0.52), ("silence", 0.36), ("return", 0.12))


def intention(course: Course, stage: Stage) -> str:
    """Returns what the requester means to do while the ticket waits for them."""
    choices = _TO_CONFIRM if stage.solved or "asking" not in stage.set_by else _WAITING
    names, weights = zip(*choices, strict=True)
    chosen: str = course.rng.choices(names, weights)[0]
    return chosen


def answer(course: Course, at: datetime) -> None:
    spent = any(course.trouble.reply == said.text for said in course.said)
    _write(course, _small_talk(course, "replies") if spent else course.trouble.reply, at)


def nudge(course: Course, at: datetime) -> None:
    _write(course, _small_talk(course, "nudges"), at)


def come_back(course: Course, at: datetime) -> None:
    _write(course, _small_talk(course, "not_yet"), at)


def close(course: Course, at: datetime) -> None:
    """Closes the case; some say thanks in a mail instead, which brings it back to the desk."""
    if course.rng.random() < 0.08:
        _write(course, _small_talk(course, "thanks"), at)
        return
    by = course.requester.actor
    act(course, lambda desk, state: decide_close(desk, state, at=at, by=by), at=at, by=by)


def _write(course: Course, text: str, at: datetime) -> None:
    by, channel = course.requester.actor, course.state.channel
    said = say(
        course, "request", text,
        lambda message: lambda desk, state: decide_requester_message(desk, state, message, channel, at=at, by=by),
        at=at, by=by,
    )  # fmt: skip
    if not said:
        course.intent = "silence"


def _small_talk(course: Course, kind: str) -> str:
    return one_of(getattr(course.scene.phrases, kind), course.requester.language, course.rng)
