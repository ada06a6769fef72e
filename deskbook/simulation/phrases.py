"""What people of a made-up life write: troubles with everything said about them, and small talk."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from random import Random


@dataclass(frozen=True, slots=True)
class Trouble:
    """One kind of case. Every text may hold slots such as {period}, filled once a case."""

    subject: str
    request: str
    question: str
    reply: str
    finding: str
    progress: str
    solution: str
    level: int = 3
    """How grave it usually is: 1 is the first severity of the book."""
    facets: Mapping[str, str] = field(default_factory=dict)
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Phrases:
    """All that is said at one kind of desk."""

    troubles: tuple[Trouble, ...]
    slots: Mapping[str, tuple[str, ...]]
    greetings: Mapping[str, tuple[str, ...]]
    nudges: Mapping[str, tuple[str, ...]]
    thanks: Mapping[str, tuple[str, ...]]
    not_yet: Mapping[str, tuple[str, ...]]
    replies: Mapping[str, tuple[str, ...]]
    received: tuple[str, ...]
    further: tuple[str, ...]
    """Progress once the trouble's own words are spent; likewise the next two."""
    asking_again: tuple[str, ...]
    notes: tuple[str, ...]
    promises: tuple[str, ...]
    graver: tuple[str, ...]
    """Why the desk verified another severity than the claimed one."""
    milder: tuple[str, ...]
    handing_on: tuple[str, ...]
    vendors: tuple[str, ...] = ("the vendor",)
    claims: bool = True
    """Whether requesters state a severity themselves."""


def trouble_for(phrases: Phrases, language: str, rng: Random) -> Trouble:
    """Returns a trouble told in the requester's language (or in the desk's first), its slots filled."""
    own = [trouble for trouble in phrases.troubles if trouble.language == language]
    told = own if own and (language == "en" or rng.random() < 0.6) else _of_language(phrases, "en")
    slots = {name: rng.choice(values) for name, values in phrases.slots.items()}
    trouble = rng.choice(told)
    texts = {f.name: getattr(trouble, f.name).format(**slots) for f in fields(trouble) if f.type in (str, "str")}
    return replace(trouble, **texts)


def one_of(spoken: Mapping[str, tuple[str, ...]], language: str, rng: Random) -> str:
    return rng.choice(spoken.get(language) or spoken["en"])


def _of_language(phrases: Phrases, language: str) -> list[Trouble]:
    return [trouble for trouble in phrases.troubles if trouble.language == language]
