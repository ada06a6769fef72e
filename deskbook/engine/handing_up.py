"""When a case goes on from a level by itself, to whom, and why (semantics §5.4)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from deskbook.engine.calendar import Calendar, NoOpening
from deskbook.engine.clocks import Held, held_intervals, readings
from deskbook.engine.desk import ClockKind, Desk, HandUp, Level
from deskbook.engine.hops import reaches, team_above
from deskbook.engine.hours import calendar_for
from deskbook.engine.routing import facets_of, matches
from deskbook.engine.spans import due
from deskbook.engine.ticket import TicketState
from deskbook.engine.ticket_parts import TeamVisit


@dataclass(frozen=True, slots=True)
class GoingUp:
    """That a case goes on by itself at `at`: to a team, or to somebody outside, which ends it."""

    at: datetime
    line: HandUp
    team: str | None = None
    outside: str | None = None

    def titled(self, desk: Desk) -> str:
        """Returns who gets it, as people see them."""
        return desk.teams[self.team].title if self.team else desk.outside[self.outside or ""].title


def goes_up(desk: Desk, ticket: TicketState) -> GoingUp | None:
    """Returns what comes first of all that hands the case on from who has it, or None.

    Of lines that wait for the same, the one with most conditions counts, of equals the first. A
    team that holds it with nobody assigned is no exception; that is what the time is for.
    """
    visit = ticket.team_visit
    level = level_of(desk, visit.team) if visit else None
    if visit is None or level is None or _ended(desk, ticket):
        return None
    found = (_going(desk, ticket, visit, level, line) for line in _lines(level, ticket))
    return min((going for going in found if going), key=lambda going: going.at, default=None)


def goes_up_again(desk: Desk, ticket: TicketState) -> str | None:
    """Returns the team that a solved or closed case goes to when its requester writes on it: who
    is above those who had it, where their level says so.
    """
    visit = ticket.team_visit
    level = level_of(desk, visit.team) if visit else None
    lines = _lines(level, ticket) if level else ()
    line = next((line for line in lines if line.on == "reopening"), None)
    team = gets_it(desk, line, visit.team)[0] if line and visit else None
    return team if visit and team != visit.team else None


def level_of(desk: Desk, team: str) -> Level | None:
    """Returns the level of a team, if the book has the team and gives it one."""
    return desk.levels.get(desk.teams[team].level or "") if team in desk.teams else None


def gets_it(desk: Desk, line: HandUp, team: str) -> tuple[str | None, str | None]:
    """Returns the team, or the outside contact, that a line hands up to from `team`; none where the
    book has none.

    A level is its first team that a hop leads to, else its first team: a line that names where it
    leads is a way by itself.
    """
    if line.to is None:
        return team_above(desk, team), None
    if line.to in desk.teams:
        return line.to, None
    if line.to not in desk.levels:
        return None, line.to if line.to in desk.outside else None
    others = [key for key, other in desk.teams.items() if other.level == line.to and key != team]
    near = (key for key in others if desk.hops and reaches(desk, team, key))
    return next(near, next(iter(others), None)), None


def counted(desk: Desk, ticket: TicketState, line: HandUp) -> tuple[Calendar, Held]:
    """Returns what the time of a line passes by here: its calendar, and what held it since the
    case arrived.
    """
    visit = ticket.team_visit
    assert visit is not None
    level = level_of(desk, visit.team)
    kind: ClockKind = "resolve" if line.on == "not solved" else "team"
    calendar = calendar_for(desk, ticket, level.hours if level else None, visit.team)
    return calendar, held_intervals(desk, ticket, kind, visit.arrived_at)


def _lines(level: Level, ticket: TicketState) -> Iterable[HandUp]:
    facets = facets_of(ticket)
    best: dict[str, HandUp] = {}
    for line in level.hands_up:
        known = best.get(line.unmet)
        if matches(line.when, facets) and (known is None or len(known.when) < len(line.when)):
            best[line.unmet] = line
    return best.values()


def _going(
    desk: Desk, ticket: TicketState, visit: TeamVisit, level: Level, line: HandUp
) -> GoingUp | None:
    team, outside = gets_it(desk, line, visit.team)
    if team in (None, visit.team) and outside is None:
        return None
    at = _breached_at(desk, ticket, visit, line) if line.on == "breached" else None
    if line.after is not None and not (line.on == "not answered" and visit.acted):
        at = _passed_at(desk, ticket, visit, line)
    return GoingUp(at, line, team, outside) if at else None


def _passed_at(desk: Desk, ticket: TicketState, visit: TeamVisit, line: HandUp) -> datetime | None:
    calendar, held = counted(desk, ticket, line)
    if held.since_at is not None or line.after is None:
        return None
    try:
        return due(calendar, visit.arrived_at, line.after, pauses=held.pauses)
    except NoOpening:
        return None


def _breached_at(
    desk: Desk, ticket: TicketState, visit: TeamVisit, line: HandUp
) -> datetime | None:
    """When the clock runs past its limit while this team has the case: one that was breached
    before it arrived is no fault of theirs, and has handed it up already.
    """
    limits = (
        reading.due_at
        for reading in readings(desk, ticket)
        if reading.kind == line.clock and reading.running and not reading.recommended
    )
    return min((at for at in limits if at and at > visit.arrived_at), default=None)


def _ended(desk: Desk, ticket: TicketState) -> bool:
    stage = desk.stages[ticket.stage]
    return bool(stage.closed or stage.solved or ticket.merged_into)
