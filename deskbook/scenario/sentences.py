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
    bare = [re.sub(r" on plan \w+|: .*", "", sentence.example) for sentence in table]
    close = get_close_matches(text, bare, n=1, cutoff=0.3)
    return f"did you mean “{close[0]}”?" if close else f"write for example “{bare[0]}”"


def _said_of_somebody_else(text: str, table: Iterable[Sentence[Any]]) -> str:
    """Returns the sentence as it would be of an agent or the contact: “a technician answers”."""
    words = re.match(r"(?:an?|the) [\w-]+ (?P<does>.+)", text)
    if words is None:
        return ""
    actors = ("the contact", "an agent") if "opens a case" in text else ("an agent", "the contact")
    said = (f"{actor} {words['does']}" for actor in actors)
    return next((one for one in said if sentence_for(one, table)), "")
