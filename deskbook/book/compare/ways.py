"""Proofs over the ways of a case: who gets it, who may close it, which stages it can come to."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from deskbook.book.boxes import Box
from deskbook.book.compare.promised import cases_in_words, facet_in_words
from deskbook.book.compare.sides import Place, Side
from deskbook.book.compare.space import Space, default_of, joined, pairs
from deskbook.book.stage_proofs import stages_ahead
from deskbook.book.words import fold
from deskbook.engine.apply import replay
from deskbook.engine.decide_stage import decide_close
from deskbook.engine.desk import Desk, Rule
from deskbook.engine.events import Opened
from deskbook.engine.ticket import Actor, Entry
from deskbook.refusals.refusal import Refusal

_AT = datetime(2026, 1, 5, 9, tzinfo=UTC)
_WHO = {"the requester": Actor("contact", "1"), "the desk": Actor("agent", "1")}


@dataclass(frozen=True, slots=True)
class Otherwise:
    """What goes another way than before, with the lines that say so."""

    said: str
    old: Place
    new: Place


def who_gets_it(old: Side, new: Side) -> Iterator[Otherwise]:
    """Yields the cases that the rules bring to another team. Raises TooManyBoxes."""
    first = [_title(side.desk, side.desk.first_team) for side in (old, new)]
    if first[0] != first[1]:
        at = ("routing", "first")
        said = f"every case arrives first at {first[1]}, before at {first[0]}"
        yield Otherwise(said, old.place(at), new.place(at))
    found: dict[tuple[str | None, str | None], list[tuple[Box, Rule | None, Rule | None]]] = {}
    space = Space(old.desk, new.desk)
    for one, other, boxes in pairs(space, old.desk.rules, new.desk.rules):
        ends = (one.to if one else None, other.to if other else None)
        if ends[0] != ends[1] and (old.desk.rules or new.desk.rules):
            found.setdefault(ends, []).extend((box, one, other) for box in boxes)
    for (was, becomes), parts in found.items():
        cases = boxes_in_words(new, space, [box for box, _, _ in parts])
        goes = f"{_title(old.desk, was)} → {_title(new.desk, becomes)}"
        _, one, other = parts[0]
        yield Otherwise(f"{cases}: {goes}", _rule_place(old, one), _rule_place(new, other))


def _title(desk: Desk, team: str | None) -> str:
    return desk.teams[team].title if team and team in desk.teams else "nobody"


def _rule_place(side: Side, rule: Rule | None) -> Place:
    number = next((n for n, other in enumerate(side.desk.rules) if other is rule), None)
    return side.place(("routing", "rules") if number is None else ("routing", "rules", number))


def boxes_in_words(side: Side, space: Space, boxes: list[Box]) -> str:
    """Returns sets of cases by what tells them apart from the others: "plan gold; category vpn"."""
    told = [_box_in_words(side, space, box) for box in joined(boxes)]
    return "; ".join(dict.fromkeys(told[:4])) + ("; …" if len(told) > 4 else "")


def _box_in_words(side: Side, space: Space, box: Box) -> str:
    everything = space.everything([box])
    apart = {facet: values for facet, values in box.items() if values != everything[facet]}
    told = (_values_in_words(side, facet, values) for facet, values in apart.items())
    return ", ".join(told) or "every case"


def _values_in_words(side: Side, facet: str, values: frozenset[str]) -> str:
    if values == {""}:
        return f"no {facet_in_words(side, facet)}"
    said = cases_in_words(side, {facet: values})
    return f"{said} or none" if "" in values and not default_of(side.desk, facet) else said


def who_may_close(old: Side, new: Side) -> Iterator[Otherwise]:
    """Yields the stages in which the requester, or the desk, may close a case otherwise."""
    for stage in old.desk.stages.keys() & new.desk.stages.keys():
        if old.desk.stages[stage].closed or new.desk.stages[stage].closed:
            continue
        for who, actor in _WHO.items():
            was, becomes = (_may_close(side.desk, stage, actor) for side in (old, new))
            if was != becomes:
                said = "may close a case now" if becomes else "may close no case any more"
                title = new.desk.stages[stage].title
                yield _of_stage(f"in “{title}” {who} {said}", stage, old, new)


def _may_close(desk: Desk, stage: str, by: Actor) -> bool:
    ticket = replay([Entry(1, _AT, _WHO["the requester"], Opened("contact:1", stage, "email"))])
    return not isinstance(decide_close(desk, ticket, at=_AT, by=by), Refusal)


def stages_reached(old: Side, new: Side) -> Iterator[Otherwise]:
    """Yields the stages of both books from which a case can come to others than before."""
    common = [stage for stage in old.desk.stages if stage in new.desk.stages]
    for stage in common:
        was, becomes = (stages_ahead(side.desk, stage) for side in (old, new))
        for missing, said in ((was - becomes, "no more"), (becomes - was, "now")):
            ends = [new.desk.stages[key].title for key in common if key in missing]
            if ends:
                title = new.desk.stages[stage].title
                told = f"from “{title}” a case can come to {', '.join(ends)} {said}"
                yield _of_stage(told, stage, old, new)


def _of_stage(said: str, stage: str, old: Side, new: Side) -> Otherwise:
    return Otherwise(said, stage_place(old, stage), stage_place(new, stage))


def stage_place(side: Side, stage: str, key: str = "") -> Place:
    """Returns where a stage, or a key of it, is written."""
    name = next((name for name in side.book.stages if fold(name) == stage), None)
    path = ("stages", name, key) if name and key else ("stages", name) if name else ("stages",)
    return side.place(path, at_key=not key)
