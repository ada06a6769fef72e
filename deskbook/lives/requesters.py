"""What requesters do in a made-up life: answer, ask again, close, come back, or fall silent."""

from dataclasses import replace
from datetime import datetime

from deskbook.engine.decide_conversation import decide_requester_message
from deskbook.engine.decide_stage import decide_close
from deskbook.engine.desk import Stage
from deskbook.lives import orders, paperwork
from deskbook.lives.course import Course, Sheet, act, say
from deskbook.lives.phrases import one_of

_WAITING = (("answer", 0.74), ("silence", 0.26))
_TO_CONFIRM = (("close", 0.52), ("silence", 0.36), ("return", 0.12))
_WITH_FILES = ("email", "whatsapp")
_ESTIMATE = (("sign", 0.68), ("silence", 0.2), ("decline", 0.12))
_DELIVERY = (("confirm", 0.55), ("silence", 0.35), ("return", 0.1))


def intention(course: Course, stage: Stage) -> str:
    """Returns what the requester means to do while the ticket waits for them."""
    choices = _choices(course, stage)
    names, weights = zip(*choices, strict=True)
    chosen: str = course.rng.choices(names, weights)[0]
    return chosen


def _choices(course: Course, stage: Stage) -> tuple[tuple[str, float], ...]:
    if orders.offered(course.state):
        return _ESTIMATE
    if course.state.delivered:
        return _DELIVERY
    return _TO_CONFIRM if stage.solved or "asking" not in stage.set_by else _WAITING


def answer(course: Course, at: datetime) -> None:
    papers = paperwork.enclosed(course, share=0.8) if course.state.awaited else ()
    if papers:
        _write(course, _small_talk(course, "papers_sent"), at, papers)
        return
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


def _write(course: Course, text: str, at: datetime, files: tuple[Sheet, ...] = ()) -> None:
    by, channel = course.requester.actor, _channel(course, files)
    said = say(
        course,
        "request",
        text,
        lambda message: (
            lambda desk, state: decide_requester_message(
                desk, state, message, channel, at=at, by=by
            )
        ),
        at=at,
        by=by,
        files=files,
    )
    if not said:
        course.intent = "silence"
    else:
        course.said[-1] = replace(course.said[-1], channel=channel)


def _channel(course: Course, files: tuple[Sheet, ...]) -> str:
    """Returns the case's own channel; a file comes in writing, whatever the case came by."""
    written = [channel for channel in _WITH_FILES if channel in course.desk.channels]
    return written[0] if files and written else course.state.channel


def _small_talk(course: Course, kind: str) -> str:
    return one_of(getattr(course.scene.phrases, kind), course.trouble.language, course.rng)
