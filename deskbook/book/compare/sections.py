"""What is otherwise in the new book, section by section, in the book's own words."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from deskbook.book.compare.sides import Change, Place, Spot, in_words, short
from deskbook.book.compare.weeks import weekly_differences
from deskbook.book.schema.anonymous import Anonymous
from deskbook.book.schema.cases import Limit, PersonLimit
from deskbook.book.schema.channels import SiteVisit, Template
from deskbook.book.schema.hours import Freeze, Holiday, HolidayList, Hours
from deskbook.book.schema.keeping import Keep
from deskbook.book.schema.letters import LetterLine
from deskbook.book.schema.levels import HandUp, Hop, RosterLine, Tell
from deskbook.book.schema.macros import Macro
from deskbook.book.schema.procedures import Column, Paper, Procedure, Step
from deskbook.book.schema.recurring import RecurringCase, ReportLine
from deskbook.book.schema.section import Section, spaced
from deskbook.book.schema.service_levels import Compensation, Credit, ServiceLevel
from deskbook.book.schema.stages import CLOCKS
from deskbook.book.schema.teams import Rule
from deskbook.book.words import fold
from deskbook.engine.money import percent_in_words

NOUNS = {
    "dates": "date",
    "holidays": "holidays",
    "hours": "hours",
    "plans": "plan",
    "severities": "severity",
    "priorities": "priority",
    "channels": "channel",
    "stages": "stage",
    "facets": "facet",
    "fields": "question",
    "procedures": "procedure",
    "macros": "macro",
    "reports": "report",
    "limits": "limit",
    "recurring": "recurring case",
    "service levels": "service level",
    "credits": "credit",
    "compensation": "compensation",
    "levels": "level",
    "hops": "way",
    "outside": "outside contact",
    "sites": "site",
    "services": "service",
    "site visits": "visits",
    "templates": "wording",
    "directory": "directory field",
    "teams": "team",
    "rules": "rule",
    "rosters": "roster",
    "tell": "notice",
    "seats": "seats of",
    "responsibilities": "responsibility",
    "notes": "note",
    "freeze": "freeze",
    "steps": "step",
    "papers": "paper",
    "columns": "column",
    "hands up": "hand-up",
    "choices": "choice",
    "keep": "line",
    "letters": "letter",
    "anonymous": "case without a name:",
}
"""What one entry of a section or list is called."""


def conditions_in_words(line: Section) -> str:
    """Returns the facets a line asks about: "severity S1 or S2, plan gold"; "every case" without
    any.
    """
    asked: Mapping[str, Any] = line.__pydantic_extra__ or {}
    said = (f"{facet} {' or '.join(values)}" for facet, values in asked.items())
    return ", ".join(said) or "every case"


def _folded_conditions(line: Section) -> Any:
    asked: Mapping[str, Any] = line.__pydantic_extra__ or {}
    return frozenset((fold(k), frozenset(map(fold, v))) for k, v in asked.items())


Read = Callable[[Any], Any]
LINES: Mapping[type[Section], tuple[Read, Read]] = {
    Rule: (_folded_conditions, lambda rule: f"{conditions_in_words(rule)} to {rule.to}"),
    Hop: (
        lambda hop: (frozenset(map(fold, hop.from_)), frozenset(map(fold, hop.to))),
        lambda hop: f"from {', '.join(hop.from_)} to {', '.join(hop.to)}",
    ),
    RosterLine: (lambda r: (fold(r.team), fold(r.place or "")), lambda r: r.team),
    Procedure: (_folded_conditions, conditions_in_words),
    Keep: (
        lambda k: (k.what, _folded_conditions(k)),
        lambda k: f"{k.what}, {conditions_in_words(k)}",
    ),
    Anonymous: (
        lambda one: (frozenset(map(fold, one.by)), _folded_conditions(one)),
        lambda one: f"by {' and '.join(one.by) or 'every channel'}, {conditions_in_words(one)}",
    ),
    LetterLine: (
        lambda one: (frozenset(one.for_), _folded_conditions(one), frozenset(map(fold, one.stage))),
        lambda one: f"{' and '.join(one.for_)}, {conditions_in_words(one)}",
    ),
    Macro: (lambda macro: fold(macro.name), lambda macro: macro.name),
    Limit: (
        lambda limit: (limit.each, limit.time is None, limit.at_a_time, _folded_conditions(limit)),
        lambda limit: f"a {limit.each}, {conditions_in_words(limit)}",
    ),
    PersonLimit: (
        lambda limit: (limit.of, limit.each, limit.at_a_time, _folded_conditions(limit)),
        lambda limit: f"of {limit.of}, {conditions_in_words(limit)}",
    ),
    ReportLine: (lambda line: fold(line.name), lambda line: line.name),
    ServiceLevel: (lambda line: fold(line.name), lambda line: line.name),
    Compensation: (lambda line: fold(line.name), lambda line: line.name),
    Credit: (lambda line: line.below, lambda line: f"below {percent_in_words(line.below)}"),
    RecurringCase: (lambda line: fold(line.case), lambda line: line.case),
    SiteVisit: (_folded_conditions, conditions_in_words),
    Template: (
        lambda t: (fold(t.for_), t.by, t.language),
        lambda t: f"for {t.for_} by {t.by} in {t.language}",
    ),
    Tell: (
        lambda t: (frozenset(t.on), _folded_conditions(t)),
        lambda t: f"at {' and '.join(t.on)}, {conditions_in_words(t)}",
    ),
    Freeze: (lambda f: fold(f.name or str(f.what)), lambda f: f.name or "of the campaign"),
    HandUp: (
        lambda h: (h.on, _folded_conditions(h)),
        lambda h: f"{h.on}, {conditions_in_words(h)}",
    ),
    Step: (lambda step: fold(step.step), lambda step: step.step),
    Paper: (lambda paper: fold(paper.paper), lambda paper: paper.paper),
    Column: (lambda column: fold(column.column), lambda column: column.column),
}
"""How a line of a list is known again in the other book, and what it is called."""

DOES = {"runs": "running", "pauses": "paused", "stops": "stopped", "as usual": "as usual"}
Told = Callable[[str, Spot], str]
NEW: Mapping[type[Section], Told] = {
    Paper: lambda holder, spot: f"{holder} needs paper “{spot.value.paper}” now",
    Step: lambda holder, spot: f"{holder} has the step “{spot.value.step}” now",
    Holiday: lambda holder, spot: f"{holder}: closed on {spot.path[-1]} now ({spot.value.name})",
}
GONE: Mapping[type[Section], Told] = {
    Paper: lambda holder, spot: f"{holder} needs paper “{spot.value.paper}” no more",
    Step: lambda holder, spot: f"{holder} has the step “{spot.value.step}” no more",
    Holiday: lambda holder, spot: (
        f"{holder}: closed on {spot.path[-1]} no more ({spot.value.name})"
    ),
}
"""Sentences of what came and went, where “new” and “dropped” would not say it."""


@dataclass(slots=True)
class Telling:
    """Goes through two values of one section side by side and says what differs."""

    section: str

    def differences(self, subject: str, old: Spot, new: Spot, word: str = "") -> Iterator[Change]:
        """Yields what differs between two values. `word` is the key they stand under."""
        values = (old.value, new.value)
        if all(isinstance(value, Section) for value in values):
            yield from self._of_sections(subject, old, new)
        elif word == "clocks" and self.section == "stages":
            yield from self._of_clocks(subject, old, new)
        elif any(isinstance(value, dict) for value in values):
            yield from self._of_named(subject, old, new, word)
        elif any(map(_is_lines, values)):
            yield from self._of_lines(subject, old, new, word)
        elif any(map(_has_days, values)):
            yield from self._of_closings(subject, old, new)
        elif any(isinstance(value, list) for value in values):
            yield from self._of_lists(subject, old, new, word)
        elif old.value != new.value:
            yield self._told(subject, f"{word} {old.shown()} → {new.shown()}", old, new)

    def _of_sections(self, subject: str, old: Spot, new: Spot) -> Iterator[Change]:
        for name in type(old.value).model_fields:
            word = spaced(name)
            one, other = (spot.below(word, getattr(spot.value, name)) for spot in (old, new))
            yield from self.differences(subject, one, other, word)
        if isinstance(old.value, Hours):
            for said, one, other in weekly_differences(old, new):
                yield self._change(f"{subject}: {said}", one, other)
            return
        extra = [dict(spot.value.__pydantic_extra__ or {}) for spot in (old, new)]
        if any(extra) and type(old.value) not in LINES:
            one, other = (
                Spot(spot.side, spot.path, said)
                for spot, said in zip((old, new), extra, strict=True)
            )
            yield from self._of_named(subject, one, other, "")

    def _of_named(self, subject: str, old: Spot, new: Spot, word: str) -> Iterator[Change]:
        ours, theirs = _by_name(old), _by_name(new)
        renamed = _renamed(ours, theirs)
        if renamed:
            (gone, one), (come, other) = renamed
            called = self._called(subject, word, one)
            yield self._change(f"{called} is called “{other.path[-1]}” now", one, other)
            ours.pop(gone), theirs.pop(come)
        for name in (*ours, *(name for name in theirs if name not in ours)):
            one_of = ours.get(name), theirs.get(name)
            called = self._called(subject, word, one_of[0] or one_of[1])
            yield from self._of_pair(subject, called, (one_of[0], old), (one_of[1], new))
        yield from self._in_another_order(subject or word, list(ours), list(theirs), old, new)

    def _of_lines(self, subject: str, old: Spot, new: Spot, word: str) -> Iterator[Change]:
        ours, theirs = _by_identity(old), _by_identity(new)
        for gone, come in _for_other_cases(ours, theirs):
            one, other = ours.pop(gone), theirs.pop(come)
            now = short(LINES[type(other.value)][1](other.value))
            said = f"{_line_called(subject, word, one)} is “{now}” now"
            yield self._change(said, one, other)
        for known in (*ours, *(known for known in theirs if known not in ours)):
            one_of = ours.get(known), theirs.get(known)
            called = _line_called(subject, word, one_of[0] or one_of[1])
            yield from self._of_pair(subject, called, (one_of[0], old), (one_of[1], new))
        what = f"{subject} {word}".strip()
        yield from self._in_another_order(what, list(ours), list(theirs), old, new)

    def _of_pair(
        self,
        holder: str,
        called: str,
        old: tuple[Spot | None, Spot],
        new: tuple[Spot | None, Spot],
    ) -> Iterator[Change]:
        """One entry in both, with the section it stands in: in one book alone it came or went."""
        (one, ours), (other, theirs) = old, new
        if one and other:
            yield from self.differences(called, one, other)
        elif one:
            yield self._change(_gone(holder, called, one), one, theirs)
        elif other:
            yield self._change(_new(holder, called, other), ours, other)

    def _of_lists(self, subject: str, old: Spot, new: Spot, word: str) -> Iterator[Change]:
        if old.value == new.value:
            return
        ours, theirs = ([in_words(item) for item in spot.value or ()] for spot in (old, new))
        said = _came_or_went(ours, theirs)
        said = said or f"{_listed(old.value, ours)} → {_listed(new.value, theirs)}"
        yield self._told(subject, f"{word} {said}", old, new)

    def _told(self, subject: str, said: str, old: Spot, new: Spot) -> Change:
        said = said.strip()
        return self._change(f"{subject}: {said}" if subject else said, old, new)

    def _of_clocks(self, subject: str, old: Spot, new: Spot) -> Iterator[Change]:
        """What the clocks do in a stage, told once for all that change alike."""
        alike: dict[tuple[str, str], list[str]] = {}
        for clock in CLOCKS:
            was, becomes = ((spot.value or {}).get(clock, "as usual") for spot in (old, new))
            if was != becomes:
                alike.setdefault((was, becomes), []).append(clock)
        for (was, becomes), clocks in alike.items():
            which = "all clocks" if len(clocks) == len(CLOCKS) else f"clocks {', '.join(clocks)}"
            yield self._change(f"{subject}: {which} {DOES[was]} → {DOES[becomes]}", old, new)

    def _of_closings(self, subject: str, old: Spot, new: Spot) -> Iterator[Change]:
        """Holidays written in place, beside the names of lists."""
        (names, days), (other_names, other_days) = _parted(old), _parted(new)
        yield from self._of_lists(subject, names, other_names, "closed")
        yield from self._of_named(subject, days, other_days, "")

    def _in_another_order(
        self, what: str, ours: list[Any], theirs: list[Any], old: Spot, new: Spot
    ) -> Iterator[Change]:
        common = [name for name in ours if name in theirs]
        if common != [name for name in theirs if name in ours] and self.section != "notes":
            yield self._change(f"{what} stand in another order", old, new)

    def _called(self, subject: str, word: str, spot: Spot | None) -> str:
        assert spot is not None
        name = spot.path[-1]
        if word == "values":
            return f"{subject} “{name}”"
        if not word or word not in NOUNS:
            return f"{subject}: {word} {name}".replace(":  ", ": ")
        return f"{NOUNS[word]} “{name}”"

    def _change(self, said: str, old: Spot, new: Spot) -> Change:
        return Change(self.section, said, *_places(old, new))


def _places(old: Spot, new: Spot) -> tuple[Place, Place]:
    return old.side.place(old.path), new.side.place(new.path)


def _is_lines(value: Any) -> bool:
    return isinstance(value, list) and any(type(item) in LINES for item in value)


def _came_or_went(ours: list[str], theirs: list[str]) -> str:
    """Returns what is new of a list, or dropped; "" where both is."""
    came = [item for item in theirs if item not in ours]
    went = [item for item in ours if item not in theirs]
    if came and not went:
        return f"{', '.join(came)} {'is new' if ours else 'now'}"
    if went and not came:
        return f"{', '.join(went)} {'is dropped' if theirs else 'no more'}"
    return ""


def _listed(value: Any, items: list[str]) -> str:
    return "not said" if value is None else ", ".join(items) or "none"


def _has_days(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(item, HolidayList) for item in value)


def _parted(spot: Spot) -> tuple[Spot, Spot]:
    """Returns the names of lists among closings, and the days written in place."""
    items = spot.value or []
    days: dict[str, Holiday] = {}
    for item in items:
        if isinstance(item, HolidayList):
            days |= item.__pydantic_extra__ or {}
    return (
        Spot(spot.side, spot.path, [item for item in items if isinstance(item, str)]),
        Spot(spot.side, spot.path, days),
    )


def _by_name(spot: Spot) -> dict[str, Spot]:
    return {fold(name): spot.below(name, value) for name, value in (spot.value or {}).items()}


def _by_identity(spot: Spot) -> dict[Any, Spot]:
    """Returns the lines of a list by what they are known by, two alike by their order."""
    found: dict[Any, Spot] = {}
    for number, line in enumerate(spot.value or ()):
        known, again = LINES[type(line)][0](line), 0
        while (known, again) in found:
            again += 1
        found[known, again] = spot.below(number, line)
    return found


def _renamed(
    ours: Mapping[str, Spot], theirs: Mapping[str, Spot]
) -> tuple[tuple[str, Spot], tuple[str, Spot]] | None:
    """Returns the one entry that went and the one that came, where they say the same."""
    went = [(name, spot) for name, spot in ours.items() if name not in theirs]
    came = [(name, spot) for name, spot in theirs.items() if name not in ours]
    if len(went) != 1 or len(came) != 1 or went[0][1].value != came[0][1].value:
        return None
    return (went[0], came[0]) if isinstance(went[0][1].value, Section) else None


def _for_other_cases(ours: Mapping[Any, Spot], theirs: Mapping[Any, Spot]) -> list[tuple[Any, Any]]:
    """Returns the lines that say the same as before, of other cases."""
    came = [known for known in theirs if known not in ours]
    found = []
    for gone in [known for known in ours if known not in theirs]:
        rest = _without_conditions(ours[gone].value)
        same = (known for known in came if _without_conditions(theirs[known].value) == rest)
        if rest is not None and (known := next(same, None)):
            came.remove(known)
            found.append((gone, known))
    return found


def _without_conditions(line: Section) -> Any:
    extra = line.__pydantic_extra__
    return (
        None
        if extra is None
        else (type(line), {k: getattr(line, k) for k in type(line).model_fields})
    )


def _line_called(subject: str, word: str, spot: Spot | None) -> str:
    assert spot is not None
    called = f"{NOUNS[word]} “{short(LINES[type(spot.value)][1](spot.value))}”"
    return f"{subject}: {called}" if subject else called


def _new(holder: str, called: str, spot: Spot) -> str:
    told = NEW.get(type(spot.value))
    return told(holder, spot) if told else f"new {called}{_saying(spot)}"


def _gone(holder: str, called: str, spot: Spot) -> str:
    told = GONE.get(type(spot.value))
    return told(holder, spot) if told else f"{called} is dropped{_saying(spot)}"


def _saying(spot: Spot) -> str:
    """What an entry that came or went says, where it is one value."""
    return "" if isinstance(spot.value, Section) or spot.value is None else f": {spot.shown()}"
