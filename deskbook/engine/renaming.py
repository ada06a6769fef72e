"""What a new version of a book calls what a case has of the old one."""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field

from deskbook.engine.events import CarriedOver
from deskbook.engine.replacing import replace
from deskbook.engine.ticket import TicketState
from deskbook.engine.ticket_parts import Stay

Names = Mapping[str, str]
"""A key of the old book → the key of the new one that it becomes."""


@dataclass(frozen=True, slots=True)
class Renaming:
    """What somebody said that dropped stages, teams, severities and values become."""

    stages: Names = field(default_factory=dict)
    teams: Names = field(default_factory=dict)
    severities: Names = field(default_factory=dict)
    facets: Mapping[str, Names] = field(default_factory=dict)

    def of(self, ticket: TicketState, version: int) -> CarriedOver:
        """Returns the move of a ticket to another version, with what of this concerns it."""
        levels = {ticket.claimed, ticket.verified, ticket.agreed_under}
        return CarriedOver(
            version,
            stages=_of(self.stages, {stay.stage for stay in ticket.stays}),
            teams=_of(self.teams, {visit.team for visit in ticket.visits}),
            severities=_of(self.severities, levels),
            facets={
                facet: self.facets[facet][value]
                for facet, value in ticket.facets.items()
                if value in self.facets.get(facet, {})
            },
        )


def _of(names: Names, had: Set[str | None]) -> dict[str, str]:
    return {old: new for old, new in names.items() if old in had}


def renamed(ticket: TicketState, event: CarriedOver) -> TicketState:
    """Returns the ticket by the names of the version it follows now; what happened stays as it
    was.
    """
    return replace(
        ticket,
        stays=tuple(
            Stay(event.stages.get(stay.stage, stay.stage), stay.from_at) for stay in ticket.stays
        ),
        visits=tuple(
            replace(visit, team=event.teams.get(visit.team, visit.team)) for visit in ticket.visits
        ),
        claimed=_new(event.severities, ticket.claimed),
        verified=_new(event.severities, ticket.verified),
        agreed_under=_new(event.severities, ticket.agreed_under),
        facets={**ticket.facets, **event.facets},
    )


def _new(names: Names, key: str | None) -> str | None:
    return names.get(key, key) if key else key
