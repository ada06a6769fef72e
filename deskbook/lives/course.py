"""The course of one ticket in virtual time: what the production engine decided, entry by entry."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Literal

from deskbook.engine.apply import apply
from deskbook.engine.decide_open import Case, decide_open
from deskbook.engine.decide_reminder import decide_reminder_sent
from deskbook.engine.decision import Decision
from deskbook.engine.desk import Desk
from deskbook.engine.ticket import SYSTEM, Actor, Entry, TicketState
from deskbook.engine.wake import decide_wake, next_wake_at
from deskbook.lives.phrases import Phrases, Trouble
from deskbook.lives.population import Population, Requester
from deskbook.refusals.refusal import Refusal

SaidAs = Literal["request", "answer", "note", "reason", "promise"]
_MICRO = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Scene:
    """A desk, its people and what they say."""

    desk: Desk
    population: Population
    phrases: Phrases


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file somebody sends. `paper` is the required paper it is meant as, `wrong` why it is not
    what is needed.
    """

    name: str
    content_type: str
    data: bytes
    paper: str
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """A text somebody wrote. In the log of a life its id is its place among the life's texts, from
    "1"; that of a file its place among the life's files.
    """

    kind: SaidAs
    text: str
    at: datetime
    by: Actor
    channel: str
    files: tuple[Sheet, ...] = ()


@dataclass(slots=True)
class Course:
    """A life under way. `name` is the ticket's number in its log."""

    scene: Scene
    rng: Random
    name: str
    requester: Requester
    trouble: Trouble
    state: TicketState
    entries: list[Entry]
    said: list[Said] = field(default_factory=list)
    until_at: datetime | None = None
    """Nothing is done after it: a sitting that began before may reach into the next day."""
    wake_at: datetime | None = None
    intent: str = ""
    """What the requester has in mind since the ticket came to its present stage."""
    looked_at: set[str] = field(default_factory=set)
    """Files the desk has looked at as papers."""

    @property
    def desk(self) -> Desk:
        return self.scene.desk

    @property
    def now(self) -> datetime:
        return self.state.last_at or self.state.opened_at


class NotOpened(ValueError):
    """The book refused a made-up case: the phrases do not fit this book."""


def begin(
    scene: Scene, case: Case, trouble: Trouble, *, at: datetime, by: Actor
) -> tuple[TicketState, list[Entry]]:
    """Returns the state and log of a case just opened. Raises NotOpened with the book's reason."""
    decision = decide_open(scene.desk, case, at=at, by=by)
    if isinstance(decision, Refusal):
        raise NotOpened(f"“{trouble.subject}”: {decision.sentence}")
    entries = [Entry(n, at, by, event) for n, event in enumerate(decision, start=1)]
    state = None
    for entry in entries:
        state = apply(state, entry)
    if state is None:
        raise NotOpened(f"“{trouble.subject}”: nothing was opened")
    return state, entries


def act(
    course: Course, decide: Callable[[Desk, TicketState], Decision], *, at: datetime, by: Actor
) -> bool:
    """Records what is decided, time having caught up first, as the log of a real ticket does.

    Returns whether anything was recorded: a refusal, or an act past the end of the course, leaves
    it as it was.
    """
    at = max(at, course.now)
    if course.until_at is not None and at > course.until_at:
        return False
    let_time_pass(course, at=at - _MICRO)
    decision = decide(course.desk, course.state)
    if isinstance(decision, Refusal) or not decision:
        return False
    after = course.state.seq
    _append(course, [Entry(after + n, at, by, event) for n, event in enumerate(decision, start=1)])
    return True


def say(
    course: Course,
    kind: SaidAs,
    text: str,
    decide: Callable[[str], Callable[[Desk, TicketState], Decision]],
    *,
    at: datetime,
    by: Actor,
    files: tuple[Sheet, ...] = (),
) -> bool:
    """Records an act that holds a text; the text is kept only if the act was not refused."""
    at = max(at, course.now)
    if not act(course, decide(str(len(course.said) + 1)), at=at, by=by):
        return False
    channel = "console" if by.kind == "agent" else course.state.channel
    course.said.append(Said(kind, text, at, by, channel, files))
    return True


def let_time_pass(course: Course, *, at: datetime) -> None:
    """Records everything that falls due by `at`, each at its instant, as a punctual worker
    would.
    """
    while course.wake_at is not None and course.wake_at <= at:
        entries = decide_wake(course.desk, course.state, at=course.wake_at)
        if not entries:
            raise AssertionError(f"{course.name}: woken at {course.wake_at} for nothing")
        told_at = course.wake_at
        _append(course, list(entries))
        if course.state.reminder_out_at:  # here the mail leaves at once
            act(course, _reminder_leaves, at=told_at, by=SYSTEM)


def _reminder_leaves(desk: Desk, ticket: TicketState) -> Decision:
    out_at = ticket.reminder_out_at
    return decide_reminder_sent(desk, ticket, ticket.reminded, out_at) if out_at else ()


def _append(course: Course, entries: list[Entry]) -> None:
    stage_seq = len(course.state.stays)
    for entry in entries:
        course.state = apply(course.state, entry)
    course.entries.extend(entries)
    course.wake_at = next_wake_at(course.desk, course.state)
    if len(course.state.stays) != stage_seq:
        course.intent = ""
