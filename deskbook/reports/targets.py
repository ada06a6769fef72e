"""Which cases the book in force sets a time for, as SQL: as `target_for` picks their line."""

from typing import Any

from deskbook.engine.desk import ClockKind, Conditions, Desk

_COLUMNS = {
    "severity": "ticket.severity",
    "channel": "ticket.channel",
    "team": "ticket.team",
    "plan": "ticket.plan",
}


def with_a_target(desk: Desk, clock: ClockKind) -> tuple[str, dict[str, Any]]:
    """Returns a condition on `ticket` (deskbook_course), true where a limit runs that can be
    missed, and its values.
    """
    lines = [target for target in desk.targets if target.clock == clock]
    # The most specific line wins, of equals the first in the book: sorting keeps their order.
    lines.sort(key=lambda target: -len(target.when))
    values: dict[str, Any] = {}
    cases = [
        f"when {holds(target.when, f'{clock}_{number}', values)}"
        f" then {bool(target.limit and not target.unclocked and not target.recommended)}"
        for number, target in enumerate(lines)
    ]
    return (f"(case {' '.join(cases)} else false end)" if cases else "false"), values


def holds(when: Conditions, name: str, values: dict[str, Any]) -> str:
    """Returns that a line fits `ticket`, as SQL; its values are added under names of their own."""
    parts = []
    for number, (facet, wanted) in enumerate(when.items()):
        own = f"{name}_{number}"
        values[own] = sorted(wanted)
        if facet not in _COLUMNS:
            values[f"{own}_facet"] = facet
        held = _COLUMNS.get(facet, f"ticket.facets ->> %({own}_facet)s")
        parts.append(f"{held} = any(%({own})s)")
    return " and ".join(parts) or "true"
