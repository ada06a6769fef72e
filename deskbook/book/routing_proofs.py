"""Proofs over the lines of routing: nothing is enumerated (see boxes)."""

from deskbook.book.boxes import Box, TooManyBoxes, meets, without
from deskbook.book.case_boxes import cases_of, spoken
from deskbook.book.compile import Compiled
from deskbook.book.sight import unseen
from deskbook.book.slips import as_written
from deskbook.engine.desk import Desk, Rule

RULES = ("routing", "rules")


def prove_routing(compiled: Compiled) -> None:
    """Every combination fits a rule, and every rule is reached by some case."""
    desk, remarks = compiled.desk, compiled.remarks
    if not desk.rules:
        _prove_routed_without_rules(compiled)
        return
    try:
        left = _left_by_rules(compiled)
    except TooManyBoxes:
        said = "these rules overlap in too many ways to be proved complete"
        remarks.warn(RULES, said, "unproved", at_key=True)
        return
    if left:
        said = (
            f"no rule fits a case with {spoken(desk, left[0], as_written(compiled.book))}: add a"
            " rule, or a last one without conditions"
        )
        remarks.error(RULES, said, "unrouted", at_key=True)
    _prove_asked_in_time(compiled)


def prove_seen(compiled: Compiled) -> None:
    """Each team that is given cases of a confined category sees them."""
    for path, team, number in unseen(compiled.book, compiled.desk):
        said = f"these cases go to {team!r}, which does not see them: name it here, or another team"
        compiled.remarks.warn(path, said, "unseen-team", also=((*RULES, number),))


def _prove_routed_without_rules(compiled: Compiled) -> None:
    if len(compiled.desk.teams) > 1 and compiled.desk.first_team is None:
        said = "no rule says which team gets a case: add routing"
        compiled.remarks.warn(("teams",), said, "unrouted", at_key=True)


def _left_by_rules(compiled: Compiled) -> list[Box]:
    """Returns the cases that no rule takes, and remarks on rules that take none. Raises
    TooManyBoxes.
    """
    desk = compiled.desk
    left = [cases_of(desk, (rule.when for rule in desk.rules))]
    for number, rule in enumerate(desk.rules):
        if not any(meets(box, rule.when) for box in left):
            _say_dead(compiled, number, rule)
        left = without(left, rule.when)
    return left


def _say_dead(compiled: Compiled, number: int, rule: Rule) -> None:
    """Says which rules take the cases of one, and one such case."""
    desk = compiled.desk
    above = [n for n, other in enumerate(desk.rules[:number]) if meets(rule.when, other.when)]
    both = _met_by(desk, rule, desk.rules[above[0]]) if above else {}
    case = spoken(desk, both, as_written(compiled.book))
    lines = ", ".join(str(desk.rules[n].line) for n in above)
    said = (
        f"no case reaches this rule: line {lines} above takes them all"
        f"{f', as one with {case}' if case else ''}. Delete or move it"
    )
    also = tuple((*RULES, n) for n in above)
    compiled.remarks.error((*RULES, number), said, "dead-rule", also=also)


def _met_by(desk: Desk, rule: Rule, other: Rule) -> Box:
    """Returns the cases two rules have in common."""
    box = cases_of(desk, (rule.when, other.when))
    return {
        facet: values & rule.when.get(facet, values) & other.when.get(facet, values)
        for facet, values in box.items()
    }


def _prove_asked_in_time(compiled: Compiled) -> None:
    """What the rules ask about at opening is asked then: else all go where the default goes."""
    desk = compiled.desk
    for number, rule in enumerate(desk.rules if desk.first_team is None else ()):
        for facet in rule.when:
            asked = desk.facets.get(facet)
            if asked is None or asked.asked == "requester" or asked.default is None:
                continue
            if asked.default not in rule.when[facet]:
                said = (
                    f"cases are routed when they open, and then {facet} is"
                    f" {asked.values[asked.default]}, its default, until the desk has chosen:"
                    " `asked: requester`, or `first:` with the team that sorts"
                )
                section = {"type": ("types",), "category": ("categories",)}
                also = section.get(facet, ("facets", facet))
                compiled.remarks.warn((*RULES, number), said, "asked-late", also=(also,))
                return
