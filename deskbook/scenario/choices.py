"""Sentences of what the requester decides."""

from deskbook.engine.choices import Choice
from deskbook.engine.decide_choice import choices_now, decide_choice
from deskbook.engine.decision import Decision
from deskbook.engine.desk import Desk
from deskbook.engine.ticket import Actor
from deskbook.scenario.acting import by_agent, by_contact
from deskbook.scenario.named import titled
from deskbook.scenario.sentences import ACTOR_AGENT, ACTOR_CONTACT, Instead, Said, Sentence
from deskbook.scenario.story import Story


def _named(desk: Desk, word: str) -> str:
    known = {one.key: one.title for stage in desk.stages.values() for one in stage.choices}
    return titled(word, known, "choice")


def _choose(story: Story, said: Said, by: Actor) -> Decision:
    choice, why = _named(story.desk, said.words["choice"]), said.text() or None
    return decide_choice(story.desk, story.case, choice, why, at=said.at, by=by)


def _may_choose(story: Story, said: Said) -> Instead:
    now = story.as_of(said.at).case
    offered = choices_now(story.desk, now, at=said.at)
    wanted = said.words.get("choices")
    names = {_named(story.desk, word) for word in wanted.split(" or ")} if wanted else set[str]()
    if names == {one.key for one in offered}:
        return None
    return f"the contact may choose {_listed(offered)}"


def _listed(offered: tuple[Choice, ...]) -> str:
    return " or ".join(one.title for one in offered) or "nothing"


STEPS: tuple[Sentence[None], ...] = (
    Sentence(
        ACTOR_CONTACT + r" chooses (?P<choice>[^:]+)",
        "The requester decides what the stage offers; why comes after the colon.",
        "the contact chooses I am not satisfied: It still fails",
        by_contact(_choose),
    ),
    Sentence(
        ACTOR_AGENT + r" records that the contact chooses (?P<choice>[^:]+)",
        "The same, said to somebody at the desk.",
        "an agent records that the contact chooses I am satisfied",
        by_agent(_choose),
    ),
)
THEN: tuple[Sentence[Instead], ...] = (
    Sentence(
        r"the contact may choose (?:nothing|(?P<choices>.+))",
        "All that the requester may decide now, with `or` between, or `nothing`.",
        "the contact may choose I am satisfied or I am not satisfied",
        _may_choose,
    ),
)
