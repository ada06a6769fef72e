"""Who does what a step says, and how it is recorded."""

from collections.abc import Callable

from deskbook.engine.decision import Decision
from deskbook.engine.ticket import Actor
from deskbook.scenario.named import team_named
from deskbook.scenario.sentences import Said
from deskbook.scenario.story import CHITRA, Story

Decider = Callable[[Story, Said, Actor], Decision]
Step = Callable[[Story, Said], None]


def by_agent(decide: Decider) -> Step:
    """An agent does it: of the team named in the sentence, else of the team that has the case."""

    def step(story: Story, said: Said) -> None:
        team = said.words.get("team")
        by = story.agent(team_named(story.desk, team) if team else None)
        story.take(decide(story, said, by), at=said.at, by=by)

    return step


def by_contact(decide: Decider) -> Step:
    def step(story: Story, said: Said) -> None:
        story.take(decide(story, said, CHITRA), at=said.at, by=CHITRA)

    return step
