"""What a scenario may expect: each sentence and what of the log or the clocks answers it.

An expectation returns None when it holds, and what was there instead when it does not.
"""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from deskbook.engine import events as happened
from deskbook.engine import ladder_events as ladder
from deskbook.engine.clocks import Reading
from deskbook.engine.events import Event
from deskbook.scenario.level_expectations import LEVEL_THEN
from deskbook.scenario.level_steps import team_named
from deskbook.scenario.moments import read_moment, written
from deskbook.scenario.reach_sentences import REACH_THEN
from deskbook.scenario.sentences import Said, Sentence
from deskbook.scenario.steps import known, stage_named
from deskbook.scenario.story import Story
from deskbook.scenario.visit_sentences import VISIT_THEN

Kind = TypeVar("Kind", bound=Event)
Instead = str | None
CLOCK = (
    r"(?:the )?(?P<clock>response|next update|update|resolution|resolve|team answer|team|promise)"
    r"(?: clock)?(?: (?P<number>\d+))?"
)
KINDS = {"next update": "update", "resolution": "resolve", "team answer": "team"}


def _at(story: Story, said: Said, kind: type[Kind]) -> list[Kind]:
    """Returns the events of a kind that bear this very instant."""
    return [
        r.entry.event
        for r in story.log
        if isinstance(r.entry.event, kind) and r.entry.at == said.at
    ]


def _when(story: Story, said: Said, wanted: Callable[[Event], bool]) -> str:
    found = [written(r.entry.at, said.zone) for r in story.log if wanted(r.entry.event)]
    return ", ".join(found) or "never"


def _reminder(story: Story, said: Said) -> Instead:
    number = int(said.words["n"])
    if any(e.number == number and e.told for e in _at(story, said, ladder.ReminderSent)):
        return None
    sent = _when(
        story, said, lambda e: isinstance(e, ladder.ReminderSent) and e.number == number and e.told
    )
    return f"reminder {number} is sent: {sent}"


def _nothing_sent(story: Story, said: Said) -> Instead:
    told = [
        f"{written(r.at, said.zone)} reminder {r.entry.event.number} is sent"
        for r in story.log
        if isinstance(r.entry.event, ladder.ReminderSent)
        and r.entry.event.told
        and said.since < r.at <= said.at
    ]
    return ", ".join(told) or None


def _closed(story: Story, said: Said) -> Instead:
    if _at(story, said, happened.Closed):
        return None
    return f"the case is closed: {_when(story, said, lambda e: isinstance(e, happened.Closed))}"


def _reopened(story: Story, said: Said) -> Instead:
    if _at(story, said, happened.Reopened):
        return None
    return f"the case is reopened: {_when(story, said, lambda e: isinstance(e, happened.Reopened))}"


def _open(story: Story, said: Said) -> Instead:
    now = story.as_of(said.at).case
    return "the case is closed" if story.desk.stages[now.stage].closed else None


def _stage(story: Story, said: Said) -> Instead:
    wanted = stage_named(story.desk, said.words["stage"])
    now = story.as_of(said.at).case.stage
    return None if now == wanted else f"stage is {now}"


def _team(story: Story, said: Said) -> Instead:
    now = story.as_of(said.at).case.team
    wanted = team_named(story.desk, said.words["team"])
    return None if now == wanted else f"team is {now or 'none'}"


def _severity(story: Story, said: Said) -> Instead:
    case = story.as_of(said.at).case
    now = {"claimed": case.claimed, "verified": case.verified}.get(
        said.words.get("which", "").lower(), case.severity
    )
    wanted = known(said.words["severity"], story.desk.severities, story.desk.severity_word)
    return None if now == wanted else f"{story.desk.severity_word} is {now or 'none'}"


def _owner(story: Story, said: Said) -> Instead:
    now = story.as_of(said.at).case.owner
    wanted = said.words.get("owner")
    return None if now == (wanted.lower() if wanted else None) else f"owner is {now or 'nobody'}"


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
    wanted = read_moment(said.words["until"], said.zone)[0] if "until" in said.words else said.at
    return None if reading and reading.due_at == wanted else _state(reading, said)


def _amber(story: Story, said: Said) -> Instead:
    reading = _clock(story, said)
    passed = any(reading and e.clock == reading.clock for e in _at(story, said, happened.AimPassed))
    return None if passed else _state(reading, said)


def _breached(story: Story, said: Said) -> Instead:
    reading = _clock(story, said)
    broken = any(
        reading and e.clock == reading.clock for e in _at(story, said, happened.LimitBreached)
    )
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


def _refused(story: Story, said: Said) -> Instead:
    refused = [refusal for at, refusal in story.refusals if at == said.at]
    if not refused:
        return "nothing was refused"
    wanted = said.words.get("rule", "").lower()
    if not wanted or any(wanted in (r.rule.lower(), r.sentence.lower()) for r in refused):
        return None
    return "; ".join(f"refused: {r.rule} ({r.sentence})" for r in refused)


THEN: tuple[Sentence[Instead], ...] = (
    *LEVEL_THEN,
    *VISIT_THEN,
    *REACH_THEN,
    Sentence(
        r"reminder (?P<n>\d+) is sent",
        "This reminder left at this instant.",
        "reminder 1 is sent",
        _reminder,
    ),
    Sentence(
        r"(?:nothing|no reminder) is sent",
        "No reminder left since the step before.",
        "nothing is sent",
        _nothing_sent,
    ),
    Sentence(
        r"the case is closed", "It was closed at this instant.", "the case is closed", _closed
    ),
    Sentence(
        r"the case is reopened", "It came back at this instant.", "the case is reopened", _reopened
    ),
    Sentence(r"the case is (?:still )?open", "It is not closed.", "the case is open", _open),
    Sentence(
        r"(?:the )?stage is (?P<stage>.+)", "The stage it is in.", "stage is investigation", _stage
    ),
    Sentence(
        r"(?:the )?(?:(?P<which>claimed|verified) )?(?:severity|priority) is (?P<severity>.+)",
        "What counts, or what was claimed or verified.",
        "claimed severity is S1",
        _severity,
    ),
    Sentence(
        r"(?:the )?owner is (?P<owner>.+)|nobody owns the case",
        "Whose case it is.",
        "owner is Asha",
        _owner,
    ),
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
        "there is no resolution clock",
        _no_clock,
    ),
    Sentence(r"(?:the )?team is (?P<team>.+)", "The team that has it.", "team is eGov", _team),
    Sentence(
        r"nothing is breached",
        "No limit has passed so far.",
        "nothing is breached",
        _nothing_breached,
    ),
    Sentence(
        r"(?:it is )?refused(?:: ?(?P<rule>.+))?",
        "The step of this instant was refused, by this rule.",
        "refused: stage moves",
        _refused,
    ),
)
"""In the order they are tried."""
