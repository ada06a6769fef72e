"""Sentences of what letters say."""

from typing import cast, get_args

from deskbook.engine.desk import Desk
from deskbook.engine.letter_parts import CLOCK_OF, VARIABLE_OF, Fact, LetterKind
from deskbook.engine.letters import due_for, facts_for, lines_for
from deskbook.engine.ticket import TicketState
from deskbook.scenario.moments import read_moment, written
from deskbook.scenario.sentences import Instead, Said, Sentence
from deskbook.scenario.story import CannotBe, Story

_LETTER = rf"the (?P<letter>{'|'.join(get_args(LetterKind))})(?: letter)?"


def _fact(word: str) -> Fact:
    if word not in VARIABLE_OF:
        raise CannotBe(f"{word!r} is nothing letters say: {', '.join(VARIABLE_OF)}")
    return cast(Fact, word)


def _says(story: Story, said: Said) -> Instead:
    now = story.as_of(said.at).case
    letter = said.words["letter"].lower()
    has = facts_for(story.desk, now, letter)
    names = said.words["facts"].lower().replace(" and ", ", ").split(", ")
    wanted = [_fact(name.strip()) for name in names if name.strip()]
    if missing := [fact for fact in wanted if fact not in has]:
        return (
            f"the {letter} does not say {', '.join(missing)}; it says {', '.join(has) or 'nothing'}"
        )
    value = said.words.get("value")
    return _value_instead(story.desk, now, wanted[0], said, value) if value else None


def _value_instead(desk: Desk, now: TicketState, fact: Fact, said: Said, value: str) -> Instead:
    if fact in CLOCK_OF:
        due_at = due_for(desk, now, fact)
        if due_at == read_moment(value, said.zone)[0]:
            return None
        return f"{fact} {written(due_at, said.zone) if due_at else 'is not known'}"
    known = {
        "officer": now.owner or now.team or "nobody",
        "team": now.team or "none",
        "stage": now.stage,
    }
    if fact not in known:
        raise CannotBe(
            f"a scenario does not know what {fact!r} says: leave out what follows the colon"
        )
    return None if known[fact].lower() == value.lower() else f"{fact} {known[fact]}"


def _has_text(story: Story, said: Said) -> Instead:
    lines = lines_for(story.desk, story.as_of(said.at).case, said.words["letter"].lower())
    wanted = said.words["text"].casefold()
    texts = [line.text for line in lines if line.text]
    if any(wanted in text.casefold() for text in texts):
        return None
    return f"its text is {' / '.join(texts) or 'no text of the book'}"


STEPS: tuple[Sentence[None], ...] = ()
THEN: tuple[Sentence[Instead], ...] = (
    Sentence(
        _LETTER + r" has the text: (?P<text>.+)",
        "A letter of this kind, at this instant, has these words of the book.",
        "the closing has the text: ombudsman@state.example",
        _has_text,
    ),
    Sentence(
        _LETTER + r" says (?P<facts>[^:]+)(?:: (?P<value>.+))?",
        "A letter of this kind, at this instant, says this; of `answer by`, `solved by`,"
        " `officer`, `team` and `stage` what it says may come after the colon.",
        "the acknowledgement says solved by: Mon 2026-03-16 10:00",
        _says,
    ),
)
