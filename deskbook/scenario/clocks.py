"""Sentences of clocks: what is due, met, breached, promised, agreed."""

from collections.abc import Callable
from datetime import datetime

from deskbook.engine import events as happened
from deskbook.engine.clocks import Reading, said_without_a_clock
from deskbook.engine.decide_promise import (
    decide_agree_update,
    decide_keep_promise,
    decide_promise,
    decide_withdraw_promise,
)
from deskbook.engine.decision import Decision
from deskbook.engine.ticket import Actor
from deskbook.scenario.acting import by_agent
from deskbook.scenario.moments import written
from deskbook.scenario.sentences import ACTOR_AGENT, UNTIL, Instead, Said, Sentence
from deskbook.scenario.story import Story

CLOCK = (
    r"(?:the )?(?P<clock>response|next update|update|resolution|resolve|team resolution"
    r"|team resolve|team answer|team|promise)"
    r"(?: clock)?(?: (?P<number>\d+))?"
)
KINDS = {
    "next update": "update",
    "resolution": "resolve",
    "team answer": "team",
    "team resolution": "team-resolve",
    "team resolve": "team-resolve",
}


def _promise(story: Story, said: Said, by: Actor) -> Decision:
    story.promises += 1
    return decide_promise(
        story.desk, story.case, str(story.promises), said.until(), at=said.at, by=by
    )


def _clock(story: Story, said: Said) -> Reading | None:
    kind = KINDS.get(said.words["clock"].lower(), said.words["clock"].lower())
    return story.as_of(said.at).clock(kind, said.words.get("number"))


def _state(reading: Reading | None, said: Said) -> str:
    """Returns a clock in words, for what was there instead."""
    if reading is None:
        return "there is no such clock"
    told = [reading.clock]
    for word, at in (
        ("due", reading.due_at),
        ("aim", reading.aim_at),
        ("met", reading.met_at),
        ("ended", reading.ended_at),
        ("paused since", reading.paused_since),
    ):
        if at:
            told.append(f"{word} {written(at, said.zone)}")
    told += ["recommended"] if reading.recommended else []
    told += ["without a date"] if reading.undated else []
    return ", ".join(told)


def _due_on(story: Story, said: Said) -> Instead:
    reading = _clock(story, said)
    wanted = said.until() if "until" in said.words else said.at
    return None if reading and reading.due_at == wanted else _state(reading, said)


def _amber(story: Story, said: Said) -> Instead:
    reading = _clock(story, said)
    events = story.events_at(said.at, happened.AimPassed)
    passed = any(reading and event.clock == reading.clock for event in events)
    return None if passed else _state(reading, said)


def _breached(story: Story, said: Said) -> Instead:
    reading = _clock(story, said)
    events = story.events_at(said.at, happened.LimitBreached)
    broken = any(reading and event.clock == reading.clock for event in events)
    return None if broken else _state(reading, said)


def _nothing_breached(story: Story, said: Said) -> Instead:
    broken = [
        f"{written(r.entry.at, said.zone)} {r.entry.event.clock} is breached"
        for r in story.log
        if isinstance(r.entry.event, happened.LimitBreached) and r.entry.at <= said.at
    ]
    return ", ".join(broken) or None


STATES: dict[str, Callable[[Reading, datetime], bool]] = {
    "running": lambda r, at: r.running,
    "paused": lambda r, at: r.paused_since is not None,
    "met": lambda r, at: r.met_at is not None,
    "ended": lambda r, at: r.ended_at is not None,
    "over": lambda r, at: r.ended_at is not None,
    "recommended": lambda r, at: r.recommended,
    "without a date": lambda r, at: r.undated,
    "not breached": lambda r, at: not r.breached(at=at),
}


def _is(story: Story, said: Said) -> Instead:
    reading = _clock(story, said)
    return (
        None
        if reading and STATES[said.words["state"].lower()](reading, said.at)
        else _state(reading, said)
    )


def _no_clock(story: Story, said: Said) -> Instead:
    reading = _clock(story, said)
    return None if reading is None else _state(reading, said)


def _said_instead(story: Story, said: Said) -> Instead:
    kind = KINDS.get(said.words["clock"].lower(), said.words["clock"].lower())
    promised = said_without_a_clock(story.desk, story.as_of(said.at).case)
    now = next((words for clock, words in promised.items() if clock == kind), None)
    return None if now == said.words["said"].lower() else f"{kind} is promised {now or 'no such'}"


STEPS: tuple[Sentence[None], ...] = (
    Sentence(
        ACTOR_AGENT + r" promises for " + UNTIL,
        "A promise with its own clock; its text comes after the colon.",
        "an agent promises for Thu 2026-03-05 15:00: I will call you",
        by_agent(_promise),
    ),
    Sentence(
        ACTOR_AGENT + r" keeps the promise",
        "The latest promise is kept.",
        "an agent keeps the promise",
        by_agent(
            lambda s, said, by: decide_keep_promise(
                s.desk, s.case, str(s.promises), at=said.at, by=by
            )
        ),
    ),
    Sentence(
        ACTOR_AGENT + r" withdraws the promise",
        "The latest promise is taken back.",
        "an agent withdraws the promise: The part has not come",
        by_agent(
            lambda s, said, by: decide_withdraw_promise(
                s.desk, s.case, str(s.promises), at=said.at, by=by
            )
        ),
    ),
    Sentence(
        ACTOR_AGENT + r" agrees the next update for " + UNTIL,
        "Dates the next update, where the book says “as agreed”.",
        "an agent agrees the next update for Thu 2026-03-05 15:00",
        by_agent(
            lambda s, said, by: decide_agree_update(s.desk, s.case, said.until(), at=said.at, by=by)
        ),
    ),
)
THEN: tuple[Sentence[Instead], ...] = (
    Sentence(
        CLOCK + r" is due on (?P<until>MOMENT)",
        "The instant it is due, seen from now.",
        "response is due on Mon 2026-03-02 22:00",
        _due_on,
    ),
    Sentence(CLOCK + r" is due", "It is due at this instant.", "response is due", _due_on),
    Sentence(CLOCK + r" is amber", "Its aim passed at this instant.", "team is amber", _amber),
    Sentence(
        CLOCK + r" is breached",
        "Its limit passed at this instant.",
        "response is breached",
        _breached,
    ),
    Sentence(
        CLOCK + r" (?:is|has) (?P<state>" + "|".join(STATES) + ")",
        "How a clock stands: " + ", ".join(STATES) + ".",
        "update is paused",
        _is,
    ),
    Sentence(
        r"there is no " + CLOCK,
        "The book has no such clock for it, or not yet.",
        "there is no resolve clock",
        _no_clock,
    ),
    Sentence(
        CLOCK + r" is promised (?P<said>at once|best effort|no promise)",
        "The book says this in place of a time, and no clock runs.",
        "resolve is promised best effort",
        _said_instead,
    ),
    Sentence(
        r"nothing is breached",
        "No limit has passed so far.",
        "nothing is breached",
        _nothing_breached,
    ),
)
