"""The sentences of the scenario language, in two tables; docs/book/scenarios.md is made of them."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from typing import Any, Generic, TypeVar

from deskbook.scenario.moments import INNER_MOMENT, read_moment

Outcome = TypeVar("Outcome")
Instead = str | None
"""Of an expectation: nothing when it holds, else what was there instead."""
ACTOR_AGENT = r"(?:an|the) agent(?: of (?P<team>[^:]+?))?"
ACTOR_CONTACT = r"(?:a|the) contact"
UNTIL = r"(?P<until>MOMENT)"


@dataclass(frozen=True, slots=True)
class Said:
    """One line of a scenario, taken apart."""

    at: datetime
    words: dict[str, str]
    """The named parts of the sentence."""
    more: Any
    """What follows the colon: text, keys and values, or nothing."""
    since: datetime
    """The latest step before it."""
    zone: str

    def text(self) -> str:
        return self.more if isinstance(self.more, str) else ""

    def keys(self) -> dict[str, str]:
        return self.more if isinstance(self.more, dict) else {}

    def until(self) -> datetime:
        """Returns the moment the sentence names. Raises WrongMoment."""
        return read_moment(self.words["until"], self.zone)[0]


@dataclass(frozen=True, slots=True)
class Sentence(Generic[Outcome]):
    """One form of sentence: how it reads, what it means, and what does it."""

    pattern: str
    means: str
    example: str
    run: Callable[[Any, Said], Outcome]
    of_the_desk: bool = False
    """It is of no one case: of hours, of a roster, of all cases together."""

    def match(self, text: str) -> dict[str, str] | None:
        """Returns the named parts when `text` has this form."""
        found = re.fullmatch(self.pattern.replace("MOMENT", INNER_MOMENT), text, re.IGNORECASE)
        return (
            {name: value for name, value in found.groupdict().items() if value} if found else None
        )


def sentence_for(
    text: str, table: Iterable[Sentence[Outcome]]
) -> tuple[Sentence[Outcome], dict[str, str]] | None:
    """Returns the first form that fits, with its parts."""
    for sentence in table:
        if (words := sentence.match(text)) is not None:
            return sentence, words
    return None


def nearest_sentence(text: str, table: Iterable[Sentence[Any]]) -> str:
    """Returns the likeliest sentence meant, as an end of a message."""
    if text.startswith(('"', "'")):
        return "write it without quotes, or put them around the whole line"
    if acting := _said_of_somebody_else(text, table):
        return f"who acts is the contact, an agent or an agent of a team: “{acting}”"
    if instead := next((said for words, said in INSTEAD if re.search(words, text)), ""):
        return f"write {instead}"
    bare = [re.sub(r" on plan \w+|: .*", "", sentence.example) for sentence in table]
    close = get_close_matches(text, bare, n=5, cutoff=0.3)
    meant = next((one for one in close if _says_the_same(text, one)), "")
    return f"did you mean “{meant}”?" if meant else f"write for example “{bare[0]}”"


INSTEAD = (
    (r"^(?:it|the case) is (?:shut|finished|done)$", "“the case is closed”"),
    (r"^(?:it|the case) is not open$", "“the case is closed”"),
    (r" is not sent$", "“nothing is sent”"),
    (r"^(?:the )?(\w+) is not due", "when it is due, or “response is not breached”"),
    (r"^the (?:SLA|target) is breached", "which clock: “response is breached”"),
    (r" (?:escalates|forwards) ", "“an agent passes it to L3 by email”"),
    (r" (?:transfers|reassigns) ", "“an agent hands the case over to eGov”"),
    (r" reopens ", "“the contact answers: …”, which reopens a case that is solved or closed"),
    (r" (?:waits?|pass(?:es)?)$", "“nobody acts”, with the moment to which time passes"),
    (
        r"new (?:linked )?case",
        "“refused: closed for good” of what is written after `reopening: within`; the new, linked"
        " case is none of the scenario",
    ),
)
"""What people write that is no sentence, and none is near that says the same."""
_NEGATIONS = frozenset(("not", "no", "nothing", "nobody", "never", "cannot", "without"))


def _says_the_same(text: str, other: str) -> bool:
    """Whether a sentence differs from what was written by slips alone: what happens in it, or is
    so, is the same, and it is denied in both or in neither.
    """
    said, meant = text.casefold().split(), other.casefold().split()
    if _NEGATIONS & set(said) != _NEGATIONS & set(meant):
        return False
    return all(get_close_matches(verb, meant, n=1, cutoff=0.75) for verb in _verbs(text.casefold()))


def _verbs(text: str) -> list[str]:
    """Returns what is done or so in a sentence: the words after who acts, and after “is”."""
    done = re.match(r"(?:an?|the) (?:agent|contact)(?: of \S+)? (\w+)", text)
    return [done[1]] if done else re.findall(r"\b(?:is|are|was|has) (?:not )?(?!not\b)(\w+)", text)


def _said_of_somebody_else(text: str, table: Iterable[Sentence[Any]]) -> str:
    """Returns the sentence as it would be of an agent or the contact: “a technician answers”."""
    words = re.match(r"(?:an?|the) [\w-]+ (?P<does>.+)", text)
    if words is None:
        return ""
    actors = ("the contact", "an agent") if "opens a case" in text else ("an agent", "the contact")
    said = (f"{actor} {words['does']}" for actor in actors)
    return next((one for one in said if sentence_for(one, table)), "")
