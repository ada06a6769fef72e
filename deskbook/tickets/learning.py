"""The load of the last weeks, learned from the desk's tickets and people. Nothing is written."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, time
from itertools import chain
from zoneinfo import ZoneInfo

from deskbook.engine.desk import Desk
from deskbook.engine.rosters import Shift
from deskbook.people.models import Agent, HelpDesk
from deskbook.people.roster_models import Leave
from deskbook.people.roster_models import Shift as ShiftRow
from deskbook.simulation.learning import Learned, last_weeks, written
from deskbook.simulation.patience import Waited, mean_patience
from deskbook.simulation.stretches import Stretch, without
from deskbook.tickets.replaying import nothing_is_written, opened_since

Waits = Callable[[HelpDesk, Desk, datetime, datetime], Iterable[Waited]]
"""How long people waited at a desk between two instants."""


class NothingCame(ValueError):
    """No case came in these weeks: there is nothing to learn."""


def learned_load(
    helpdesk: HelpDesk, desk: Desk, waits: Sequence[Waits] = (), *, at: datetime
) -> tuple[str, Sequence[Shift]]:
    """Returns a load file for the last four whole weeks before an instant, and the shifts of those
    who were on the roster then; the file counts whom no roster names. `waits` are asked how long
    people waited, each of its channel. Raises NothingCame.
    """
    first, last = last_weeks(desk, at=at)
    zone = ZoneInfo(desk.zone)
    since_at = datetime.combine(first, time(), zone).astimezone(UTC)
    until_at = datetime.combine(last, time.max, zone).astimezone(UTC)
    with nothing_is_written():
        learned = Learned(desk, first, last)
        for _number, ticket, log in opened_since(helpdesk, since_at):
            learned.case(ticket, log)
        if not learned.streams:
            raise NothingCame
        shifts, on_roster = _shifts(helpdesk, desk, (since_at, until_at))
        waited = chain.from_iterable(ask(helpdesk, desk, since_at, until_at) for ask in waits)
        people = _people(helpdesk, desk, on_roster)
        return written(learned, people, mean_patience(waited)), shifts


def _shifts(helpdesk: HelpDesk, desk: Desk, during: Stretch) -> tuple[list[Shift], frozenset[int]]:
    """Returns who was at work when, their leave taken off, and who they are."""
    rows = ShiftRow.objects.filter(
        desk=helpdesk, agent__isnull=False, from_at__lt=during[1], until_at__gt=during[0]
    )
    away = Leave.objects.filter(desk=helpdesk, state=Leave.State.ACCEPTED)
    leave: dict[int, list[Stretch]] = {}
    for one in away:
        leave.setdefault(one.agent_id, []).append((one.from_at, one.until_at))
    found = [
        Shift(str(row.agent_id), row.team, from_at, until_at)
        for row in rows.order_by("agent_id", "from_at", "team")
        if row.agent_id is not None and row.team in desk.teams
        for from_at, until_at in without([(row.from_at, row.until_at)], leave.get(row.agent_id, []))
    ]
    return found, frozenset(int(shift.person) for shift in found)


def _people(helpdesk: HelpDesk, desk: Desk, on_roster: frozenset[int]) -> Counter[tuple[str, ...]]:
    agents = Agent.objects.filter(desk=helpdesk, is_active=True).exclude(pk__in=on_roster)
    teams = (
        tuple(team for team in agent.teams if team in desk.teams) for agent in agents.order_by("pk")
    )
    return Counter(own for own in teams if own)
