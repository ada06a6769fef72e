"""Playing scenarios: the production engine in a made-up time, and what came out otherwise."""

from dataclasses import dataclass
from datetime import datetime

from deskbook.engine.calendar import NoOpening
from deskbook.scenario.scenario import Line, Scenario
from deskbook.scenario.sentences import Said
from deskbook.scenario.story import CannotBe, Story


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that did not come out as the scenario says."""

    line: int
    expected: str
    got: str


@dataclass(frozen=True, slots=True)
class Played:
    scenario: Scenario
    differences: tuple[Difference, ...]
    story: Story

    @property
    def passed(self) -> bool:
        return not self.differences


def play(scenario: Scenario) -> Played:
    """Returns what came of a scenario: the story, and every line that did not hold."""
    story = Story(scenario.desk, dict(scenario.given))
    differences: list[Difference] = []
    try:
        for step in scenario.steps:
            _take(story, scenario, step, differences)
        story.run_until(max((line.at for line in scenario.then), default=scenario.steps[-1].at))
    except NoOpening as exc:
        differences.append(Difference(0, "the calendar opens again", str(exc)))
    for line in scenario.then:
        _expect(story, scenario, line, differences)
    return Played(scenario, tuple(differences), story)


def _take(story: Story, scenario: Scenario, step: Line, differences: list[Difference]) -> None:
    story.run_until(step.at)
    refused = len(story.refusals)
    try:
        step.sentence.run(story, _said(scenario, step))
    except (CannotBe, ValueError) as exc:
        differences.append(Difference(step.number, step.text, str(exc)))
        return
    if len(story.refusals) > refused and not _expects_refusal(scenario, step.at):
        refusal = story.refusals[-1][1]
        got = f"refused: {refusal.rule} ({refusal.sentence})"
        differences.append(Difference(step.number, step.text, got))


def _expects_refusal(scenario: Scenario, at: datetime) -> bool:
    return any(line.at == at and "refused" in line.text for line in scenario.then)


def _expect(story: Story, scenario: Scenario, line: Line, differences: list[Difference]) -> None:
    try:
        instead = line.sentence.run(story, _said(scenario, line))
    except (CannotBe, NoOpening, ValueError) as exc:
        instead = str(exc)
    if instead is not None:
        differences.append(Difference(line.number, line.text, instead))


def _said(scenario: Scenario, line: Line) -> Said:
    before = [step.at for step in scenario.steps if step.at <= line.at and step is not line]
    return Said(line.at, line.words, line.more, max(before, default=line.at), scenario.desk.zone)
