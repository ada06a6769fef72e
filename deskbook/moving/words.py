"""What the words of another system are in the desk's book: as its owner says, or as they are called
alike.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import YAMLError

from deskbook.engine.desk import Desk, Stage
from deskbook.moving.nouns import Case
from deskbook.moving.parts import MovingRefused

OTHERS = "*"
"""Stands in a map for all words it does not name."""
FROM = "from"
"""Names in a map which word of the other system a part of the book is read from."""
_ALIKE = {
    "status": "stage",
    "state": "stage",
    "priority": "severity",
    "urgency": "severity",
    "group": "team",
    "queue": "team",
    "department": "team",
}
"""What the other system may call a field → the part of the book it is read as."""
_WAITING = ("pending", "waiting", "on hold", "hold", "waiting on customer", "awaiting your reply")
_ENDED = ("closed", "solved", "resolved", "done", "fixed", "merged", "duplicate", "cancelled")
_BEGUN = ("open", "new", "to do", "in progress", "reopened", "assigned")


@dataclass(slots=True)
class WordMap:
    """Which word of the book each word of the other system is: by part ("stage", "severity",
    "team", a facet), in small letters; "" leaves it out.
    """

    desk: Desk
    said: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    met: Counter[tuple[str, str]] = field(default_factory=Counter)
    """How often each word was met, by part."""
    fields: dict[str, str] = field(default_factory=dict)
    """The fields that tickets have, in small letters → as they are written."""

    def of(self, part: str, word: str) -> str | None:
        """Returns the key in the book; "" for none; None where nobody said it."""
        given, known = self.said.get(part, {}), titles(self.desk, part)
        folded = small(word)
        if folded in given:
            return given[folded]
        if folded in known:
            return known[folded]
        usual = _usual_stage(self.desk, folded) if part == "stage" else None
        return usual or given.get(OTHERS)

    def count(self, case: Case) -> None:
        """Notes which words a case has, and in which fields."""
        self.fields |= {small(name): name for name in case.words}
        for part in parts_of(self.desk):
            if word := self.word(part, case):
                self.met[part, word] += 1

    def word(self, part: str, case: Case) -> str:
        """Returns what the other system said there of a part of the book."""
        said = small(self.said.get(part, {}).get(FROM, ""))
        said = said if said in map(small, case.words) else _ALIKE.get(said, said)
        title = self.desk.facets[part].title if part in self.desk.facets else part
        names = (said,) if said else (small(part), small(title))
        return next((value for key, value in case.words.items() if small(key) in names), "")

    def refuse_unread(self) -> None:
        """Raises MovingRefused for a field that a part is to be read from and no ticket has; all
        have to be counted.
        """
        for part, said in self.said.items():
            name = small(said.get(FROM, ""))
            if name and name not in self.fields and _ALIKE.get(name) not in self.fields:
                known = tuple(sorted(self.fields.values()))
                raise MovingRefused(
                    "moving: map from", part=part, name=said[FROM][:60], known=known
                )

    def unsaid(self) -> list[tuple[str, str, int]]:
        """Returns the words met that are nothing in the book, with how often: part, word, count."""
        return [
            (part, word, count)
            for (part, word), count in sorted(self.met.items())
            if self.of(part, word) is None
        ]


def parts_of(desk: Desk) -> list[str]:
    """Returns what of a book cases of another system are sorted by."""
    return ["stage", "severity", "team", *desk.facets]


def titled(desk: Desk, part: str) -> list[tuple[str, str]]:
    """Returns the keys a part of the book has, each with its title."""
    if part in desk.facets:
        return list(desk.facets[part].values.items())
    has: dict[str, Mapping[str, Any]] = {
        "stage": desk.stages,
        "severity": desk.severities,
        "team": desk.teams,
    }
    return [(key, one.title) for key, one in has[part].items()]


def titles(desk: Desk, part: str) -> dict[str, str]:
    """Returns by title and by key, in small letters, the keys a part of the book has."""
    called = dict(titled(desk, part))
    # "S2 – High" is called either.
    short = {small(one): key for key, title in called.items() for one in title.split(" – ")}
    whole = {small(title): key for key, title in called.items()}
    return short | whole | {small(key): key for key in called}


def read_map(desk: Desk, text: str) -> WordMap:
    """Returns what a map says. Raises MovingRefused for what the book does not have."""
    try:
        found = YAML(typ="safe", pure=True).load(text) or {}
    except YAMLError as wrong:
        raise MovingRefused("moving: map", why=str(wrong)[:300]) from wrong
    return WordMap(desk, checked(desk, found))


def line_of_from(text: str, part: str) -> int:
    """Returns the line of a map that says what a part is read from; 0 where none does."""
    found = YAML().load(text)
    said = found.get(part) if isinstance(found, Mapping) else None
    return said.lc.key(FROM)[0] + 1 if isinstance(said, CommentedMap) and FROM in said else 0


def checked(desk: Desk, found: object) -> dict[str, dict[str, str]]:
    """Returns a map by the keys of the book. Raises MovingRefused for what the book does not
    have.
    """
    parts = parts_of(desk)
    if not isinstance(found, Mapping):
        raise MovingRefused("moving: map parts", parts=tuple(parts))
    return {str(part): _checked_part(desk, str(part), said) for part, said in found.items()}


def _checked_part(desk: Desk, part: str, said: object) -> dict[str, str]:
    if part not in parts_of(desk) or not isinstance(said, Mapping):
        raise MovingRefused("moving: map part", part=part[:60], parts=tuple(parts_of(desk)))
    known, read = titles(desk, part), dict[str, str]()
    for word, meant in said.items():
        folded = small(str(meant or ""))
        if str(word) == FROM:
            read[FROM] = str(meant)
        elif folded and folded not in known:
            keys = tuple(dict.fromkeys(known.values()))
            raise MovingRefused("moving: map word", part=part, word=str(meant)[:60], known=keys)
        else:
            read[small(str(word))] = known.get(folded, "")
    return read


def ending_stages(desk: Desk) -> Iterable[Stage]:
    """Returns the stages that end a case as done, not as redirected."""
    return (stage for stage in desk.stages.values() if stage.closed and not stage.redirected)


def _usual_stage(desk: Desk, word: str) -> str | None:
    if word in _ENDED:
        return next((stage.key for stage in ending_stages(desk)), None)
    if word in _BEGUN:
        return desk.first_stage.key
    if word in _WAITING:
        waits = (one.key for one in desk.stages.values() if one.next == "requester")
        return next((key for key in waits if not _ends(desk.stages[key])), None)
    return None


def _ends(stage: Stage) -> bool:
    return stage.solved or stage.closed


def small(word: str) -> str:
    """Returns a word as words are compared: in small letters, one space between its parts."""
    return " ".join(word.replace("_", " ").split()).casefold()
