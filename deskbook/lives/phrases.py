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
    outside: bool = False
    """None of the desk's: it goes to an outside contact of the book."""
    often: int = 6
    """How often it comes, compared with others."""


Spoken = Mapping[str, tuple[str, ...]]
"""Language → ways to say it. English is there always."""


@dataclass(frozen=True, slots=True)
class Phrases:
    """All that is said at one kind of desk."""

    troubles: tuple[Trouble, ...]
    slots: Mapping[str, tuple[str, ...]]
    greetings: Spoken
    nudges: Spoken
    thanks: Spoken
    not_yet: Spoken
    replies: Spoken
    received: Spoken
    further: Spoken
    """Progress once the trouble's own words are spent; likewise the next two."""
    asking_again: Spoken
    notes: Spoken
    promises: Spoken
    graver: tuple[str, ...]
    """Why the desk verified another severity than the claimed one."""
    milder: tuple[str, ...]
    handing_on: tuple[str, ...]
    """Where the book has levels: one reason for each level that hands up, in its order."""
    vendors: tuple[str, ...] = ("the vendor",)
    claims: bool = True
    """Whether requesters state a severity themselves."""
    channels: tuple[float, ...] = (0.58, 0.35, 0.07)
    """How often a case comes by each channel of the book, in the book's order."""
    handing_over: tuple[str, ...] = ()
    """To another team of the same level; empty: for the reasons of handing on."""
    handing_back: tuple[str, ...] = ("Done what was asked; back to you.",)
    passes_on: int = 5
    """How often an agent hands a case on, in a hundred sittings."""
    holding: Spoken = field(default_factory=dict)
    """What the requester reads of a change that is held."""
    references: tuple[str, ...] = ()
    """Who took a redirected case, and under which number."""
    redirecting: Spoken = field(default_factory=dict)
    asking_for_papers: Spoken = field(default_factory=dict)
    """With the slot {papers}."""
    papers_sent: Spoken = field(default_factory=dict)
    offers: tuple[str, ...] = ("What is needed beyond the plan, with the time it takes.",)
    """What an estimate is for."""
    hour_costs: tuple[int, str] = (185, "CAD")
    deliveries: tuple[str, ...] = ("Please deploy it in your test company first and confirm.",)


def trouble_for(phrases: Phrases, language: str, rng: Random) -> Trouble:
    """Returns a trouble told in the requester's language (or in the desk's first), its slots
    filled.
    """
    own = [trouble for trouble in phrases.troubles if trouble.language == language]
    told = own if own and (language == "en" or rng.random() < 0.6) else _of_language(phrases, "en")
    slots = {name: rng.choice(values) for name, values in phrases.slots.items()}
    trouble = rng.choices(told, [one.often for one in told])[0]
    texts = {
        f.name: getattr(trouble, f.name).format(**slots)
        for f in fields(trouble)
        if f.type in (str, "str")
    }
    return replace(trouble, **texts)


def one_of(spoken: Mapping[str, tuple[str, ...]], language: str, rng: Random) -> str:
    return rng.choice(spoken.get(language) or spoken["en"])


def _of_language(phrases: Phrases, language: str) -> list[Trouble]:
    return [trouble for trouble in phrases.troubles if trouble.language == language]
