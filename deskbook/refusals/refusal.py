"""A refusal is a code and facts; its sentence is made where somebody reads it, in their language
and for their part.

Nobody reads a sentence back: a screen that wants to know what was refused asks for `rule` or
`code`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from deskbook.refusals.catalogue import READERS, SENTENCES, Reader


class Word(str):
    """A word of Deskbook's own among the facts, said in the reader's language; the book's words are
    plain text.
    """

    __slots__ = ()


class KeptRefusal(str):
    """A refusal as it is kept (refusals/kept.py). Text of anybody else is never one, whatever it
    looks like.
    """

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Aside:
    """A fact with what belongs to it: "Mon 23 Nov 2026 (holiday)", "PAO (line 12)"."""

    what: object
    why: object = ""
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Voice:
    """How a reader is spoken to: their words, and how a day and an instant are written for them."""

    say: Callable[[str], str] = str
    day: Callable[[date], str] = lambda day: f"{day:%a} {day.day} {day:%b %Y}"
    moment: Callable[[datetime], str] = lambda at: f"{at:%a} {at.day} {at:%b %Y, %H:%M}"


ENGLISH = Voice()


@dataclass(frozen=True, slots=True, init=False)
class Refusal:
    """An act the book, or a rule of the desk, does not allow. Nothing happened."""

    code: str
    """Short and stable: "seats", "merge: itself". Before the colon stands the rule."""
    facts: Mapping[str, object]
    """What the sentence names: text, numbers, days, `Word`, `Aside`, refusals; a tuple of them is a
    list. `line` is the book's line that says so, or several.
    """

    def __init__(self, code: str, /, **facts: object) -> None:
        object.__setattr__(self, "code", code)
        object.__setattr__(self, "facts", facts)

    @property
    def rule(self) -> str:
        """What a scenario expects ("refused: seats") and a screen asks for."""
        return self.code.partition(":")[0]

    @property
    def sentence(self) -> str:
        """The sentence for an agent, in English, as the command line and the log say it."""
        return in_words(self)


class Refused(Exception):
    """What was tried is not allowed, and nothing has changed. `refusal` says why."""

    def __init__(self, refusal: Refusal | str, /, **facts: object) -> None:
        self.refusal = Refusal(refusal, **facts) if isinstance(refusal, str) else refusal
        super().__init__(self.refusal)

    def __str__(self) -> str:
        return self.sentence

    @property
    def rule(self) -> str:
        return self.refusal.rule

    @property
    def sentence(self) -> str:
        return self.refusal.sentence


def in_words(refusal: Refusal, voice: Voice = ENGLISH, reader: Reader = "agent") -> str:
    """Returns the sentence of a refusal for a reader: what, why, what to do instead."""
    own = READERS.get(reader, {})
    template = own.get(refusal.code) or own.get(refusal.rule) or SENTENCES.get(refusal.code)
    facts = {"line": None, **refusal.facts}
    said = {
        name: _Said(_lines(fact) if name == "line" else fact, voice) for name, fact in facts.items()
    }
    if template is None:  # of a newer version: what it names is better than nothing
        return ": ".join([refusal.code, *(f"{said[name]}" for name in refusal.facts)])
    return voice.say(template).format_map(_Facts(said))


class _Facts(dict[str, object]):
    """What is not there was left out, to fit where it is kept."""

    def __missing__(self, name: str) -> object:
        return _Said("…", ENGLISH)


@dataclass(frozen=True, slots=True)
class _Said:
    """A fact on its way into a sentence; `{facts:or}` and `{facts:and}` say how a list is joined,
    `{facts:then}` that each is a sentence.
    """

    fact: object
    voice: Voice

    def __format__(self, joined_by: str) -> str:
        joint = {"": ", ", "then": " "}.get(joined_by) or f" {self.voice.say(joined_by)} "
        facts = self.fact if isinstance(self.fact, tuple) else (self.fact,)
        return joint.join(_fact_in_words(fact, self.voice) for fact in facts)


@dataclass(frozen=True, slots=True)
class _Lines:
    numbers: tuple[int, ...]


def _lines(line: object) -> _Lines:
    numbers = line if isinstance(line, tuple) else (line,) if line else ()
    return _Lines(numbers)


def _fact_in_words(fact: object, voice: Voice) -> str:
    match fact:
        case Word():
            return voice.say(fact)
        case Refusal() | KeptRefusal():
            return in_words(_refusal_of(fact), voice)
        case Aside():
            return _with_its_aside(fact, voice)
        case _Lines():
            return _book_lines(fact.numbers, voice)
        case datetime():
            return voice.moment(fact)
        case date():
            return voice.day(fact)
    return f"{fact:,}" if isinstance(fact, int) else str(fact)


def _refusal_of(fact: Refusal | KeptRefusal) -> Refusal:
    from deskbook.refusals.kept import read  # it writes and reads what is defined here

    kept = read(fact) if isinstance(fact, KeptRefusal) else fact
    assert kept is not None  # written by ours
    return kept


def _with_its_aside(fact: Aside, voice: Voice) -> str:
    what = _fact_in_words(fact.what, voice)
    why = (
        voice.say("line {line}").format(line=fact.line)
        if fact.line
        else _fact_in_words(fact.why, voice)
    )
    return f"{what} ({why})" if why else what


def _book_lines(numbers: tuple[int, ...], voice: Voice) -> str:
    if not numbers:
        return ""
    template = (
        " (line {lines} of the book)" if len(numbers) == 1 else " (lines {lines} of the book)"
    )
    return voice.say(template).format(lines=", ".join(str(number) for number in numbers))
