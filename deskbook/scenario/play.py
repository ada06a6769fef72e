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
    stories: tuple[Story, ...]
    """Of each of its cases."""

    @property
    def passed(self) -> bool:
        return not self.differences


def play(scenario: Scenario) -> Played:
    """Returns what came of a scenario: the story of each case, and every line that did not hold."""
    stories = _stories(scenario)
    differences: list[Difference] = []
    try:
        for step in scenario.steps:
            _take(stories, scenario, step, differences)
        _go_on(stories, max((line.at for line in scenario.then), default=scenario.steps[-1].at))
    except NoOpening as exc:
        differences.append(Difference(0, "the calendar opens again", str(exc)))
    for line in scenario.then:
        _expect(stories, scenario, line, differences)
    return Played(scenario, tuple(differences), tuple(stories.values()))


def _stories(scenario: Scenario) -> dict[str, Story]:
    first = Story(scenario.desk, dict(scenario.given), name=scenario.cases[0])
    first.others.append(first)
    return {first.name: first} | {name: first.beside(name) for name in scenario.cases[1:]}


def _go_on(stories: dict[str, Story], at: datetime) -> None:
    for story in stories.values():
        story.run_until(at)


def _of(stories: dict[str, Story], line: Line) -> Story:
    """The story a line is of; of the desk, any of them."""
    return stories.get(line.case) or next(iter(stories.values()))


def _take(
    stories: dict[str, Story], scenario: Scenario, step: Line, differences: list[Difference]
) -> None:
    _go_on(stories, step.at)
    story = _of(stories, step)
    refused = len(story.refusals)
    try:
        step.sentence.run(story, _said(scenario, step))
    except (CannotBe, ValueError) as exc:
        differences.append(Difference(step.number, step.text, str(exc)))
        return
    for other in stories.values() if step.sentence.of_the_desk else ():
        other.down_until = story.down_until
    if len(story.refusals) > refused and not _expects_refusal(scenario, step):
        refusal = story.refusals[-1][1]
        got = f"refused: {refusal.rule} ({refusal.sentence})"
        differences.append(Difference(step.number, step.text, got))


def _expects_refusal(scenario: Scenario, step: Line) -> bool:
    return any(
        line.at == step.at and line.case == step.case and "refused" in line.text
        for line in scenario.then
    )


def _expect(
    stories: dict[str, Story], scenario: Scenario, line: Line, differences: list[Difference]
) -> None:
    try:
        instead = line.sentence.run(_of(stories, line), _said(scenario, line))
    except (CannotBe, NoOpening, ValueError) as exc:
        instead = str(exc)
    if instead is not None:
        differences.append(Difference(line.number, line.text, instead))


def _said(scenario: Scenario, line: Line) -> Said:
    before = [step.at for step in scenario.steps if step.at <= line.at and step is not line]
    return Said(line.at, line.words, line.more, max(before, default=line.at), scenario.desk.zone)
