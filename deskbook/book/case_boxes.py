"""The cases of a desk as boxes, and one of them in words."""

from collections.abc import Iterable, Mapping

from deskbook.book.boxes import Box
from deskbook.engine.desk import Conditions, Desk


def cases_of(desk: Desk, asked: Iterable[Conditions]) -> Box:
    """Returns the box of every case, over the facets that the lines ask about."""
    known: dict[str, frozenset[str]] = {
        **{facet.key: frozenset(facet.values) for facet in desk.facets.values()},
        "severity": frozenset(desk.severities),
        "plan": frozenset(desk.plans),
        "team": frozenset(desk.teams),
        "channel": frozenset(desk.channels),
    }
    return {facet: known[facet] for when in asked for facet in when}


def unsaid(desk: Desk, facet: str) -> frozenset[str]:
    """Returns the value a case has when it has none: a target without the condition fits it too."""
    always = facet == "channel" or (facet == "severity" and desk.default_severity is not None)
    said = desk.facets.get(facet)
    return frozenset() if always or (said and (said.required or said.default)) else frozenset({""})


def spoken(
    desk: Desk, box: Mapping[str, frozenset[str]], written: Mapping[str, str] | None = None
) -> str:
    """Returns one case of a box in words, `category technical, concern iFIX`: each name as
    `written`, where that is known, else folded.
    """
    names = written or {}
    order = {
        "severity": list(desk.severities),
        "plan": list(desk.plans),
        "channel": list(desk.channels),
    }
    order |= {facet.key: list(facet.values) for facet in desk.facets.values()}
    first = {
        facet: min(values, key=order.get(facet, sorted(values)).index)
        for facet, values in ((facet, values - {""}) for facet, values in box.items())
        if values
    }
    return ", ".join(
        f"{desk.severity_word if facet == 'severity' else facet} {names.get(value, value)}"
        for facet, value in first.items()
    )
