"""Sentences of how long things are kept."""

from deskbook.engine.decide_erase import keep_for, kept_until
from deskbook.engine.keeping import Kept
from deskbook.engine.routing import facets_of
from deskbook.scenario.moments import written
from deskbook.scenario.sentences import UNTIL, Instead, Said, Sentence
from deskbook.scenario.story import Story

_WORDS: dict[str, Kept] = {
    "the case is": "cases",
    "its files are": "files",
    "its chats are": "chats",
    "its call notes are": "call notes",
}


def _kept(story: Story, said: Said) -> Instead:
    case = story.as_of(said.at).case
    if case.closed_at is None:
        return "the case is not closed"
    line = keep_for(story.desk.keep, _WORDS[said.words["what"].lower()], facets_of(case))
    until_at = kept_until(story.desk, line, case.closed_at) if line else None
    wanted = said.until() if said.words.get("until") else None
    if until_at == wanted:
        return None
    told = f"until {written(until_at, said.zone)}" if until_at else "for ever"
    return f"{said.words['what']} kept {told}"


STEPS: tuple[Sentence[None], ...] = ()
THEN: tuple[Sentence[Instead], ...] = (
    Sentence(
        r"(?P<what>the case is|its (?:files|chats|call notes) are) kept (?:for ever|until "
        + UNTIL
        + ")",
        "How long a closed case, or a part of it, is kept.",
        "the case is kept until Thu 2029-03-01 10:00",
        _kept,
    ),
)
