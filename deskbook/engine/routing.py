"""Which rule, team and target fit a case. Rules are read in order; targets by how much they say."""

from collections.abc import Mapping

from deskbook.engine.desk import ClockKind, Conditions, Desk, Rule, Target
from deskbook.engine.ticket import TicketState


def matches(when: Conditions, facets: Mapping[str, str]) -> bool:
    for facet, values in when.items():  # noqa: SIM110 (a page asks it often: no generator)
        if facets.get(facet) not in values:
            return False
    return True


def facets_of(ticket: TicketState) -> dict[str, str]:
    """Returns everything a rule or target may ask about the ticket, its severity and channel
    included.
    """
    facets = {**ticket.facets, "channel": ticket.channel}
    if severity := ticket.severity:
        facets["severity"] = severity
    return facets


def route(desk: Desk, facets: Mapping[str, str]) -> Rule | None:
    """Returns the first rule that matches, or None when the book has none for this case."""
    return next((rule for rule in desk.rules if matches(rule.when, facets)), None)


def missing_facets(desk: Desk, facets: Mapping[str, str]) -> list[str]:
    """Returns the facets the rules ask about, in order, up to the first rule that can be decided.

    A rule is undecided while a facet it names has no value and the ones that have a value fit.
    """
    for rule in desk.rules:
        unknown = [facet for facet in rule.when if facet not in facets]
        known = {facet: values for facet, values in rule.when.items() if facet in facets}
        if not matches(known, facets):
            continue
        return unknown
    return []


def target_for(
    desk: Desk, clock: ClockKind, facets: Mapping[str, str], *, asks: str | None = None
) -> Target | None:
    """Returns the most specific target line for `clock`, of those that ask about one facet where it
    is named; of equals the first in the book (semantics §2.7).
    """
    best = None
    for target in desk.targets:
        if asks is not None and asks not in target.when:
            continue
        if target.clock != clock or (best and len(best.when) >= len(target.when)):
            continue
        if matches(target.when, facets):
            best = target
    return best
