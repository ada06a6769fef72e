"""What the clocks of a case are counted under."""

from typing import NamedTuple

from deskbook.engine.clocks import Reading
from deskbook.engine.desk import Desk
from deskbook.engine.handing_up import level_of
from deskbook.engine.ticket import TicketState


class Sort(NamedTuple):
    """What a clock is counted under; empty where a case has none."""

    clock: str
    severity: str
    level: str
    team: str


def sort_of(desk: Desk, ticket: TicketState, reading: Reading) -> Sort:
    """Returns the sort of one clock of a ticket. A clock of no team's own is the last one's."""
    number = reading.clock.partition(":")[2]
    visits = {str(visit.number): visit.team for visit in ticket.visits}
    last = ticket.visits[-1].team if ticket.visits else ""
    team = visits.get(number, last) if reading.kind.startswith("team") else last
    return Sort(reading.kind, ticket.severity or "", level_key(desk, team), team)


def level_key(desk: Desk, team: str) -> str:
    """Returns the key of a team's level; "" where it has none, or is one of an older book."""
    level = level_of(desk, team)
    return level.key if level else ""
