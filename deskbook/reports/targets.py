"""Which cases the book in force sets a time for, as SQL: as `target_for` picks their line."""

from typing import Any

from deskbook.engine.desk import ClockKind, Conditions, Desk

_COLUMNS = {
    "severity": "ticket.severity",
    "channel": "ticket.channel",
    "team": "ticket.team",
    "plan": "ticket.plan",
}


def with_a_target(
    desk: Desk, clock: ClockKind, *, team: str = "", asks_team: bool | None = None
) -> tuple[str, dict[str, Any]]:
    """Returns a condition on `ticket` (deskbook_course), true where a limit runs that can be
    missed, and its values: of the team it is with, or of another, said as SQL. `asks_team` leaves
    the lines that ask for one, or those that do not.
    """
    lines = [target for target in desk.targets if target.clock == clock]
    if asks_team is not None:
        lines = [target for target in lines if ("team" in target.when) is asks_team]
    # The most specific line wins, of equals the first in the book: sorting keeps their order.
    lines.sort(key=lambda target: -len(target.when))
    values: dict[str, Any] = {}
    cases = [
        f"when {holds(target.when, f'{clock}_{number}', values, team)}"
        f" then {bool(target.limit and not target.unclocked and not target.recommended)}"
        for number, target in enumerate(lines)
    ]
    return (f"(case {' '.join(cases)} else false end)" if cases else "false"), values


def holds(when: Conditions, name: str, values: dict[str, Any], team: str = "") -> str:
    """Returns that a line fits `ticket`, as SQL; its values are added under names of their own."""
    columns = {**_COLUMNS, "team": team or _COLUMNS["team"]}
    parts = []
    for number, (facet, wanted) in enumerate(when.items()):
        own = f"{name}_{number}"
        values[own] = sorted(wanted)
        if facet not in columns:
            values[f"{own}_facet"] = facet
        held = columns.get(facet, f"ticket.facets ->> %({own}_facet)s")
        parts.append(f"{held} = any(%({own})s)")
    return " and ".join(parts) or "true"
