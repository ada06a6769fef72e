"""Target and routing lines of a book to the engine's."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from deskbook.book.findings import Path, Remarks, nearest
from deskbook.book.names import Names
from deskbook.book.schema.section import Section, spaced
from deskbook.book.schema.targets import Target as TargetLine
from deskbook.book.schema.teams import Rule as RuleLine
from deskbook.book.words import Goal, fold
from deskbook.engine.amounts import OpenTime
from deskbook.engine.desk import ClockKind, Conditions, Rule, Start, Target

STARTS: dict[str, Start] = {
    "opening": "opened",
    "arrival": "arrival",
    "verification": "verified",
    "acknowledgement": "acknowledged",
    "acknowledgement or answer": "acknowledged or answered",
    "first answer": "first answer",
}
PROMISES: tuple[tuple[str, ClockKind], ...] = (
    ("respond", "response"),
    ("update", "update"),
    ("resolve", "resolve"),
    ("answer", "team"),
)
SAID_OTHERWISE = {
    **dict.fromkeys(
        ("acknowledge", "acknowledgement", "acknowledged", "contact", "attend", "reply"),
        "a case is acknowledged by itself at once; the first answer of a person is `respond`",
    ),
    **dict.fromkeys(
        ("escalate", "escalation", "hands up"),
        "what is not done in time goes up by `hands up` of a level",
    ),
    "close": "a case closes for silence by `close` of a stage; to be done by then is `resolve`",
}
"""What policies call things that a book has another word for."""


def usual_start(clock: ClockKind, when: Conditions) -> Start:
    """Returns what starts a clock where its line does not say; what asks for a team is that
    team's.
    """
    if clock == "team" or (clock == "resolve" and "team" in when):
        return "arrival"
    return "answer" if clock == "update" else "opened"


@dataclass(slots=True)
class Conditioned:
    """What lines may ask about a case: every facet with its values."""

    facets: Mapping[str, Names]
    severity_words: tuple[str, ...]
    remarks: Remarks

    def read_line(self, line: Section, path: Path) -> dict[str, frozenset[str]]:
        """Returns the conditions of one line: every key that is none of its own is a facet."""
        keys = tuple(spaced(name) for name in type(line).model_fields)
        return self.read(line.__pydantic_extra__ or {}, path, keys=keys)

    def read(
        self, extra: Mapping[str, list[str]], path: Path, *, keys: tuple[str, ...] = ()
    ) -> dict[str, frozenset[str]]:
        """Returns the conditions said; a wrong facet or value is remarked and left out. `keys` are
        what else may stand there.
        """
        when: dict[str, frozenset[str]] = {}
        for said, words in extra.items():
            facet = "severity" if fold(said) in self.severity_words else fold(said)
            if facet not in self.facets:
                meant = SAID_OTHERWISE.get(fold(said)) if "respond" in keys else None
                meant = meant or nearest(said, (*self.facets, *keys))
                self.remarks.error(
                    (*path, said),
                    f"{said!r} is neither a key of this line nor a facet of a case: {meant}",
                    "unknown-key",
                    at_key=True,
                )
                continue
            if values := self.facets[facet].find_all(words, (*path, said), self.remarks):
                when[facet] = values
        return when


@dataclass(frozen=True, slots=True)
class Placed:
    """A target line with its conditions read."""

    line: TargetLine
    when: dict[str, frozenset[str]]
    path: Path
    number: int


@dataclass(slots=True)
class TargetReader:
    conditions: Conditioned
    hours: Names
    remarks: Remarks

    def read(
        self, lines: list[TargetLine], line_of: Mapping[int, int]
    ) -> tuple[tuple[int, Target], ...]:
        """Returns every promise with the number of its line in the list; lines `like` others are
        filled in.
        """
        placed = [
            Placed(
                line,
                self.conditions.read_line(line, ("targets", number)),
                ("targets", number),
                number,
            )
            for number, line in enumerate(lines)
        ]
        return tuple(
            (p.number, target)
            for p in placed
            for target in self._targets(p, placed, line_of.get(p.number, 0))
        )

    def _targets(self, placed: Placed, all_lines: list[Placed], line: int) -> Iterator[Target]:
        own = list(self._promises(placed, line))
        yield from own
        if placed.line.like is None:
            self._remark_what_is_promised(placed, own)
            return
        said = {target.clock for target in own}
        for other in self._liked(placed, all_lines):
            for target in self._promises(other, line):
                if target.clock not in said:
                    yield self._as_here(target, placed, other)

    def _remark_what_is_promised(self, placed: Placed, own: Sequence[Target]) -> None:
        if not own and not self.remarks.wrong_under(placed.path):
            nothing = "this line promises nothing: write respond, update, resolve, answer or like"
            self.remarks.error(placed.path, nothing, "no-target")
        if placed.line.aim and len(own) > 1:
            which = (
                "this line promises several things: write the aim into the one meant, as in"
                " respond: 1h to 2h"
            )
            self.remarks.error((*placed.path, "aim"), which, "aim")
        if _slows_nothing(placed.line):
            days = (
                "after hours slows open time, hours and minutes; this line promises business days"
                " only"
            )
            self.remarks.error((*placed.path, "after hours"), days, "after-hours")

    def _as_here(self, target: Target, placed: Placed, other: Placed) -> Target:
        facet = self._facet_of_like(placed)
        when = {**other.when, **placed.when}
        assert facet is not None
        line = placed.line
        return replace(
            target,
            when=when,
            recommended=line.recommended or target.recommended,
            hours=self._hours(line, placed.path) or target.hours,
            after_hours=(line.after_hours if isinstance(target.limit, OpenTime) else None)
            or target.after_hours,
            met_by=frozenset(line.met_by) if line.met_by else target.met_by,
            starts=STARTS[line.from_] if line.from_ else target.starts,
        )

    def _facet_of_like(self, placed: Placed) -> str | None:
        word = fold(placed.line.like or "")
        return next((f for f in placed.when if word in self.conditions.facets[f].spelled), None)

    def _liked(self, placed: Placed, all_lines: list[Placed]) -> list[Placed]:
        facet, word = self._facet_of_like(placed), fold(placed.line.like or "")
        path = (*placed.path, "like")
        if facet is None:
            known = chain.from_iterable(
                self.conditions.facets[f].spelled.values() for f in placed.when
            )
            meant = nearest(placed.line.like or "", known)
            self.remarks.error(
                path,
                f"{placed.line.like!r} is no other value of this line's conditions: {meant}",
                "unknown-name",
            )
            return []
        found = [
            p
            for p in all_lines
            if p is not placed and p.line.like is None and word in p.when.get(facet, ())
        ]
        if not found:
            self.remarks.error(
                path,
                f"no line is for {facet} {placed.line.like!r}: there is nothing to be like",
                "unknown-name",
            )
        return found

    def _promises(self, placed: Placed, number: int) -> Iterator[Target]:
        line = placed.line
        for word, clock in PROMISES:
            goal: Goal | None = getattr(line, word)
            if goal is None:
                continue
            yield Target(
                clock=clock,
                limit=goal.limit,
                aim=goal.aim or line.aim,
                when=placed.when,
                agreed=goal.agreed,
                on_request=goal.on_request,
                unclocked=goal.unclocked,
                recommended=line.recommended,
                hours=self._hours(line, placed.path),
                starts=STARTS[line.from_] if line.from_ else usual_start(clock, placed.when),
                after_hours=line.after_hours if _in_open_time(goal, line) else None,
                met_by=frozenset(line.met_by or ("answer",)),
                line=number,
            )

    def _hours(self, line: TargetLine, path: Path) -> str | None:
        return self.hours.find(line.hours, (*path, "hours"), self.remarks) if line.hours else None


def _in_open_time(goal: Goal, line: TargetLine) -> bool:
    """Business days have no after hours: "doubled" slows the promises in hours and leaves the
    others as they are.
    """
    amounts = [amount for amount in (goal.limit, goal.aim or line.aim) if amount]
    return bool(amounts) and all(isinstance(amount, OpenTime) for amount in amounts)


def _slows_nothing(line: TargetLine) -> bool:
    goals = [goal for word, _ in PROMISES if (goal := getattr(line, word))]
    return line.after_hours is not None and not any(_in_open_time(goal, line) for goal in goals)


def read_rules(
    lines: list[RuleLine],
    conditions: Conditioned,
    teams: Names,
    remarks: Remarks,
    line_of: Mapping[int, int],
) -> tuple[Rule, ...]:
    """Returns the routing rules in order; a rule to an unknown team is remarked and left out."""
    rules = []
    for number, line in enumerate(lines):
        path: Path = ("routing", "rules", number)
        when: Conditions = conditions.read_line(line, path)
        if to := teams.find(line.to, (*path, "to"), remarks):
            rules.append(Rule(when, to, line_of.get(number, 0)))
    return tuple(rules)
