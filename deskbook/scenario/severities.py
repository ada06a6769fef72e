"""Sentences of how grave a case is: claimed, verified."""

from deskbook.engine.decide_severity import decide_claim, decide_verify
from deskbook.scenario.acting import by_agent, by_contact
from deskbook.scenario.named import known
from deskbook.scenario.sentences import ACTOR_AGENT, ACTOR_CONTACT, Instead, Said, Sentence
from deskbook.scenario.story import Story


def _level(story: Story, said: Said) -> str:
    return known(said.words["severity"], story.desk.severities, story.desk.severity_word)


def _severity(story: Story, said: Said) -> Instead:
    case = story.as_of(said.at).case
    now = {"claimed": case.claimed, "verified": case.verified}.get(
        said.words.get("which", "").lower(), case.severity
    )
    wanted = known(said.words["severity"], story.desk.severities, story.desk.severity_word)
    return None if now == wanted else f"{story.desk.severity_word} is {now or 'none'}"


STEPS: tuple[Sentence[None], ...] = (
    Sentence(
        ACTOR_CONTACT + r" claims (?P<severity>.+)",
        "The requester changes the severity they chose.",
        "the contact claims S1",
        by_contact(
            lambda s, said, by: decide_claim(s.desk, s.case, _level(s, said), at=said.at, by=by)
        ),
    ),
    Sentence(
        ACTOR_AGENT + r" verifies (?P<severity>[^:]+)",
        "The desk verifies the severity; a change needs its reason after the colon.",
        "an agent verifies S3: There is a workaround",
        by_agent(
            lambda s, said, by: decide_verify(
                s.desk, s.case, _level(s, said), reason=said.text() or None, at=said.at, by=by
            )
        ),
    ),
)
THEN: tuple[Sentence[Instead], ...] = (
    Sentence(
        r"(?:the )?(?:(?P<which>claimed|verified) )?(?:severity|priority) is (?P<severity>.+)",
        "What counts, or what was claimed or verified.",
        "claimed severity is S1",
        _severity,
    ),
)
