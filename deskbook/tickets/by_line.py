"""What open tickets have of a book: how many are in a stage, of a severity …, and which clocks run
by one of its lines.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from django.db.models import Count

from deskbook.engine.clocks import readings
from deskbook.people.access import visible_to_agent
from deskbook.people.books import desk_at
from deskbook.people.models import Agent
from deskbook.people.sight import hidden_from
from deskbook.tickets.models import Ticket
from deskbook.tickets.state import state_of

MOST = 2_000
"""Of so many open tickets, those due first, the clocks are read: that takes a second or two."""
COLUMNS = {
    "stage": "stage",
    "severity": "severity",
    "team": "team",
    "type": "kind",
    "category": "category",
}
"""What a case has of a book → the column that holds it."""


@dataclass(slots=True)
class Running:
    """Ids of the tickets that have a clock running by one line, and of those it is late for."""

    running: set[int] = field(default_factory=set)
    late: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Clocks:
    """What runs by the lines of one version of a book."""

    by_line: Mapping[int, Running]
    read: int
    """Of how many open tickets, the first due, that is known."""
    tickets: int
    """How many open tickets follow the version."""


def counted_by(agent: Agent) -> dict[tuple[str, str], int]:
    """Returns how many open tickets that the agent sees have each thing: ("stage", "new") → 3."""
    still = visible_to_agent(agent, Ticket.objects.filter(is_open=True)).order_by()
    return {
        (what, key): count
        for what, column in COLUMNS.items()
        for key, count in still.values_list(column).annotate(Count("pk"))
        if key
    }


def open_by_version(agent: Agent) -> dict[int, int]:
    """Returns how many open tickets follow each version of the book."""
    still = visible_to_agent(agent, Ticket.objects.filter(is_open=True)).order_by()
    return dict(still.values_list("book_version").annotate(Count("pk")))


def clocks_by_line(agent: Agent, version: int, *, at: datetime) -> Clocks:
    """Returns what runs by which line, as it was within the last twenty seconds before `at`, of the
    tickets that the agent sees.
    """
    found = _clocks(agent.desk_id, version, at.replace(second=at.second // 20 * 20, microsecond=0))
    if not hidden_from(agent):
        return found
    still = visible_to_agent(agent, Ticket.objects.filter(is_open=True, book_version=version))
    seen = set(still.values_list("pk", flat=True))
    lines = {
        line: Running(one.running & seen, one.late & seen) for line, one in found.by_line.items()
    }
    return Clocks(lines, min(found.read, len(seen)), len(seen))


@lru_cache(maxsize=16)
def _clocks(desk_id: int, version: int, at: datetime) -> Clocks:
    # Many look at it while tickets move all the time, and each ticket costs half a millisecond.
    followers = Ticket.objects.filter(desk=desk_id, is_open=True, book_version=version)
    desk, found, read = desk_at(desk_id, version), defaultdict[int, Running](Running), 0
    for ticket in followers.order_by("due_order_at", "pk").only("state")[:MOST]:
        read += 1
        for reading in readings(desk, state_of(ticket)):
            if reading.running and reading.target and reading.target.line:
                of_line = found[reading.target.line]
                of_line.running.add(ticket.pk)
                if reading.breached(at=at):
                    of_line.late.add(ticket.pk)
    return Clocks(found, read, read if read < MOST else followers.count())
