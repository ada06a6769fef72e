"""What letters of the desk must say, as a book says it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

LetterKind = Literal[
    "acknowledgement",
    "answer",
    "reminder",
    "closing",
    "severity",
    "notice",
    "call back",
    "paper",
    "redirect",
    "freeze",
    "estimate",
    "delivery",
]
Fact = Literal[
    "number",
    "subject",
    "received",
    "answer by",
    "solved by",
    "officer",
    "team",
    "stage",
    "reason",
    "missing papers",
    "link",
]
VARIABLE_OF: Mapping[Fact, str] = {
    "number": "ticket",
    "subject": "subject",
    "received": "received",
    "answer by": "answer_by",
    "solved by": "solved_by",
    "officer": "officer",
    "team": "team",
    "stage": "stage",
    "reason": "reason",
    "missing papers": "missing",
    "link": "link",
}
"""What stands for it in a registered wording."""
CLOCK_OF: Mapping[str, Literal["response", "resolve"]] = {
    "answer by": "response",
    "solved by": "resolve",
}
"""Which clock's due time a fact is."""


@dataclass(frozen=True, slots=True)
class LetterLine:
    """What letters of some kinds say, of cases of some sort."""

    letters: frozenset[str]
    says: tuple[Fact, ...] = ()
    text: str = ""
    when: Mapping[str, frozenset[str]] = field(default_factory=dict)
    stages: frozenset[str] = frozenset()
    """Only while a case stands there; empty: wherever it stands."""
    line: int = 0
