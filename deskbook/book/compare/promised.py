"""What two books promise, line by line: which amounts changed, came and went."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from deskbook.book.compare.sides import Change, Place, Side, in_words
from deskbook.book.target_proofs import WORDS
from deskbook.engine.amounts import Amount, format_amount
from deskbook.engine.desk import Conditions, Target

CLOCKS = {
    "response": "first response",
    "update": "next update",
    "resolve": "solution",
    "team": "answer of the team",
    "team-resolve": "solution by the team",
}
"""What each clock is called in a sentence."""
STARTS = {
    "opened": "opening",
    "verified": "verification",
    "acknowledged": "acknowledgement",
    "acknowledged or answered": "acknowledgement or answer",
    "arrival": "arrival",
    "answer": "answer",
    "first answer": "first answer",
}


@dataclass(frozen=True, slots=True)
class Promised:
    """One promise of one line."""

    side: Side
    target: Target

    @property
    def place(self) -> Place:
        return place_of(self.side, self.target)


def place_of(side: Side, target: Target | None) -> Place:
    """Returns where a promise is written; where all of them are for one that is not."""
    top = side.document.value
    listed = top["targets"].value if isinstance(top, dict) and "targets" in top else []
    lines = listed if isinstance(listed, list) else []
    number = next((n for n, line in enumerate(lines) if target and line.line == target.line), None)
    if number is None or target is None:
        return side.place(("targets",), at_key=True)
    return side.place(("targets", number, WORDS[target.clock]))


def span_in_words(aim: Amount | None, limit: Amount | None) -> str:
    """Returns "1bd to 2bd", or the one that there is."""
    return " to ".join(format_amount(amount) for amount in (aim, limit) if amount)


def promise_in_words(
    target: Target,
    span: Callable[[Amount | None, Amount | None], str] = span_in_words,
    say: Callable[[str], str] = str,
) -> str:
    """Returns "2h", "1bd to 2bd or as agreed", "on request", "best effort" …: amounts and words as
    the reader has them.
    """
    if target.unclocked:
        return say(target.unclocked)
    if target.on_request:
        return say("on request")
    amounts = span(target.aim, target.limit)
    if not target.agreed:
        return amounts
    return say("{amount} or as agreed").format(amount=amounts) if amounts else say("as agreed")


def cases_in_words(side: Side, when: Conditions) -> str:
    """Returns "severity S1 or S2, plan gold", or "every case"."""
    parts = (
        f"{facet_in_words(side, facet)} {_values(side, facet, v)}" for facet, v in when.items()
    )
    return ", ".join(parts) or "every case"


def facet_in_words(side: Side, facet: str) -> str:
    return side.desk.severity_word if facet == "severity" else facet


def _values(side: Side, facet: str, values: frozenset[str]) -> str:
    known = side.spelled(facet)
    ordered = [written for key, written in known.items() if key in values]
    return " or ".join([*ordered, *sorted(values - known.keys() - {""})])


def changed_promises(old: Side, new: Side) -> Iterator[Change]:
    """Yields what is promised otherwise: a line that only moved is no change."""
    ours, theirs = _by_case(old), _by_case(new)
    went = [one for known, one in ours.items() if known not in theirs]
    came = [one for known, one in theirs.items() if known not in ours]
    for known, one in ours.items():
        if known in theirs:
            yield from _changed(one, theirs[known])
    for one in went:
        other = next((other for other in came if _for_others(one.target, other.target)), None)
        if other:
            came.remove(other)
            yield _said(
                one, other, f"{_promise(one)} is for {_cases(other)} now, not {_cases(one)}"
            )
        else:
            said = f"{_cases(one)}: no line promises {_promise(one)} any more"
            yield Change("targets", said, one.place, place_of(new, None))
    for other in came:
        said = f"{_cases(other)}: {_promise(other)} is promised now"
        yield Change("targets", said, place_of(old, None), other.place)


def _by_case(side: Side) -> dict[Any, Promised]:
    found: dict[Any, Promised] = {}
    for target in side.desk.targets:
        found.setdefault((target.clock, frozenset(target.when.items())), Promised(side, target))
    return found


def _for_others(one: Target, other: Target) -> bool:
    """Whether two lines promise the same to cases that one facet tells apart."""
    if replace(one, when={}, line=0) != replace(other, when={}, line=0):
        return False
    facets = one.when.keys() | other.when.keys()
    return sum(one.when.get(f) != other.when.get(f) for f in facets) == 1


def _changed(one: Promised, other: Promised) -> Iterator[Change]:
    was, is_now = one.target, other.target
    subject = f"{_cases(other)}: {CLOCKS[was.clock]}"
    if promise_in_words(was) != promise_in_words(is_now):
        yield _said(one, other, f"{subject} {promise_in_words(was)} → {promise_in_words(is_now)}")
    words = (
        ("runs on the hours", was.hours or "usual", is_now.hours or "usual"),
        ("counts from", STARTS[was.starts], STARTS[is_now.starts]),
        ("after hours", _slower(was), _slower(is_now)),
        ("only recommended", in_words(was.recommended), in_words(is_now.recommended)),
        ("met by", in_words(sorted(was.met_by)), in_words(sorted(is_now.met_by))),
    )
    for word, before, after in words:
        if before != after:
            yield _said(one, other, f"{subject} {word}: {before} → {after}")


def _slower(target: Target) -> str:
    return f"x{target.after_hours}" if target.after_hours else "not counted"


def _cases(promised: Promised) -> str:
    return cases_in_words(promised.side, promised.target.when)


def _promise(promised: Promised) -> str:
    return f"{CLOCKS[promised.target.clock]} {promise_in_words(promised.target)}"


def _said(one: Promised, other: Promised, said: str) -> Change:
    return Change("targets", said, one.place, other.place)
