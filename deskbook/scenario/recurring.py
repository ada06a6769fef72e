"""Sentences of cases that open by themselves."""

from datetime import timedelta

from deskbook.engine.coming_round import case_of, coming
from deskbook.engine.decide_open import decide_open
from deskbook.engine.recurring import Recurring, Timetable
from deskbook.engine.ticket import SYSTEM
from deskbook.scenario.moments import written
from deskbook.scenario.named import titled
from deskbook.scenario.sentences import Instead, Said, Sentence
from deskbook.scenario.story import CannotBe, Story

_AHEAD = timedelta(days=370)
_INSTANT = timedelta(microseconds=1)


def _line(story: Story, said: Said) -> Recurring:
    known = {one.key: one.title for one in story.desk.recurring}
    key = titled(said.words["name"], known, "case that opens by itself")
    return next(one for one in story.desk.recurring if one.key == key)


def _comes(story: Story, line: Recurring, said: Said) -> Instead:
    return _instead(story, line.title, line.when, said, "opens")


def _mailed(story: Story, said: Said) -> Instead:
    known = {one.key: one.title for one in story.desk.promised_reports}
    key = titled(said.words["name"], known, "report")
    line = next(one for one in story.desk.promised_reports if one.key == key)
    return _instead(story, line.title, line.when, said, "is mailed")


def _instead(story: Story, title: str, when: Timetable, said: Said, does: str) -> Instead:
    found = coming(story.desk, when, said.at - _INSTANT, said.at + _AHEAD)
    if found and found[0].at == said.at:
        return None
    next_at = f"next on {written(found[0].at, said.zone)}" if found else "not in the year after"
    return f"{title} {does} {next_at}"


def _opens(story: Story, said: Said) -> None:
    if story.ticket is not None:
        raise CannotBe("a scenario tells of one case, and it is open already")
    line = _line(story, said)
    if instead := _comes(story, line, said):
        raise CannotBe(instead)
    story.take(
        decide_open(story.desk, case_of(line, "desk"), at=said.at, by=SYSTEM), at=said.at, by=SYSTEM
    )


def _is_opened(story: Story, said: Said) -> Instead:
    return _comes(story, _line(story, said), said)


def _none(story: Story, said: Said) -> Instead:
    """None since the step before."""
    found = [
        f"{line.title} on {written(one.at, said.zone)}"
        for line in story.desk.recurring
        for one in coming(story.desk, line.when, said.since, said.at)
    ]
    return ", ".join(found) or None


_OPENS = r"the case (?P<name>.+) opens by itself"
STEPS: tuple[Sentence[None], ...] = (
    Sentence(
        _OPENS,
        "A case of `recurring` opens, at the instant at which the book has it; what follows is of"
        " this case.",
        "the case Check the backups opens by itself",
        _opens,
    ),
)
THEN: tuple[Sentence[Instead], ...] = (
    Sentence(
        _OPENS,
        "At this instant the book opens it.",
        "the case Check the backups opens by itself",
        _is_opened,
    ),
    Sentence(
        r"the report (?P<name>.+) is mailed",
        "At this instant the book has it mailed to whom it names.",
        "the report Monthly report is mailed",
        _mailed,
    ),
    Sentence(
        r"no case opens by itself",
        "None of `recurring` opened since the step before.",
        "no case opens by itself",
        _none,
    ),
)
