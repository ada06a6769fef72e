"""Proofs over lines with conditions: routing, targets. Nothing is enumerated (see boxes)."""

from collections.abc import Iterable, Mapping

from deskbook.book.boxes import Box, TooManyBoxes, meets, without
from deskbook.book.compile import Compiled
from deskbook.engine.desk import Conditions, Desk, Target


def _domain(desk: Desk, asked: Iterable[Conditions]) -> Box:
    """Returns the box of every case, over the facets that the lines ask about."""
    known: dict[str, frozenset[str]] = {
        **{facet.key: frozenset(facet.values) for facet in desk.facets.values()},
        "severity": frozenset(desk.severities),
        "plan": frozenset(desk.plans),
        "team": frozenset(desk.teams),
        "channel": frozenset(desk.channels),
    }
    return {facet: known[facet] for when in asked for facet in when}


def _unsaid(desk: Desk, facet: str) -> frozenset[str]:
    """Returns the value a case has when it has none: a target without the condition fits it too."""
    always = facet == "channel" or (facet == "severity" and desk.default_severity is not None)
    said = desk.facets.get(facet)
    return frozenset() if always or (said and (said.required or said.default)) else frozenset({""})


def _spoken(desk: Desk, box: Mapping[str, frozenset[str]]) -> str:
    """Returns one case of a box in words: `category technical, concern ifix`."""
    order = {
        "severity": list(desk.severities),
        "plan": list(desk.plans),
        "channel": list(desk.channels),
    }
    order |= {facet.key: list(facet.values) for facet in desk.facets.values()}
    first = {
        facet: min(values, key=order.get(facet, sorted(values)).index)
        for facet, values in box.items()
    }
    return ", ".join(
        f"{desk.severity_word if facet == 'severity' else facet} {value}"
        for facet, value in first.items()
    )


def prove_routing(compiled: Compiled) -> None:
    """Every combination fits a rule, and every rule is reached by some case."""
    desk, remarks = compiled.desk, compiled.remarks
    if not desk.rules:
        _prove_routed_without_rules(compiled)
        return
    try:
        left = _left_by_rules(compiled)
    except TooManyBoxes:
        remarks.warn(
            ("routing", "rules"),
            "these rules overlap in too many ways to be proved complete",
            "unproved",
            at_key=True,
        )
        return
    if left:
        remarks.error(
            ("routing", "rules"),
            f"no rule fits a case with {_spoken(desk, left[0])}: add a rule, or a last one without"
            " conditions",
            "unrouted",
            at_key=True,
        )


def _prove_routed_without_rules(compiled: Compiled) -> None:
    if len(compiled.desk.teams) > 1 and compiled.desk.first_team is None:
        compiled.remarks.warn(
            ("teams",),
            "no rule says which team gets a case: add routing",
            "unrouted",
            at_key=True,
        )


def _left_by_rules(compiled: Compiled) -> list[Box]:
    """Returns the cases that no rule takes, and remarks on rules that take none. Raises
    TooManyBoxes.
    """
    desk = compiled.desk
    left = [_domain(desk, (rule.when for rule in desk.rules))]
    for number, rule in enumerate(desk.rules):
        if not any(meets(box, rule.when) for box in left):
            compiled.remarks.error(
                ("routing", "rules", number),
                "no case reaches this rule: the ones above take them all. Delete or move it",
                "dead-rule",
            )
        left = without(left, rule.when)
    return left


def prove_targets(compiled: Compiled) -> None:
    """Every target line counts for some case, and a level is not left without a response."""
    desk, remarks = compiled.desk, compiled.remarks
    alive: set[int] = set()
    for number, target in zip(compiled.target_numbers, desk.targets, strict=True):
        try:
            alive |= set() if _is_dead(desk, target) else {number}
        except TooManyBoxes:
            alive.add(number)
    for number in sorted(set(compiled.target_numbers) - alive):
        remarks.error(
            ("targets", number),
            "no case gets this line: others that say more, or stand above it, take them all",
            "dead-target",
        )
    _prove_levels(compiled)


def _is_dead(desk: Desk, target: Target) -> bool:
    """Whether lines that come first (more conditions, or as many and above) leave it no case."""
    same = [other for other in desk.targets if other.clock == target.clock]
    place = next(n for n, other in enumerate(same) if other is target)
    stronger = [
        other
        for n, other in enumerate(same)
        if len(other.when) > len(target.when) or (len(other.when) == len(target.when) and n < place)
    ]
    domain = _domain(desk, (target.when, *(other.when for other in stronger)))
    left = [
        {
            **{facet: values | _unsaid(desk, facet) for facet, values in domain.items()},
            **target.when,
        }
    ]
    for other in stronger:
        left = without(left, other.when)
    return not left


def _prove_levels(compiled: Compiled) -> None:
    desk = compiled.desk
    responses = [target.when for target in desk.targets if target.clock == "response"]
    if not responses:
        return
    section = "severities" if desk.severity_word == "severity" else "priorities"
    names = {
        level: name
        for name, level in zip(_spelled(compiled, section), desk.severities, strict=False)
    }
    domain = _domain(desk, ({"severity": frozenset()}, *responses))
    for level in desk.severities:
        left = [{**domain, "severity": frozenset({level})}]
        try:
            for when in responses:
                left = without(left, when)
        except TooManyBoxes:
            return
        if left:
            compiled.remarks.warn(
                (section, names[level]),
                f"nothing says how soon a case with {_spoken(desk, left[0])} is answered",
                "no-response",
                at_key=True,
            )


def _spelled(compiled: Compiled, section: str) -> list[str]:
    return list(getattr(compiled.book, section) or {})
