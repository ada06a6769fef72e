"""What freezes hold, until when, and what they hand over when they end."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from deskbook.engine import freeze as rules
from deskbook.engine.desk import Desk, Freeze
from deskbook.people.access import visible_to_agent
from deskbook.people.books import desk_at, desk_in_force
from deskbook.people.models import Agent
from deskbook.tickets.models import Ticket
from deskbook.tickets.state import state_of

_COLUMNS = {"type": "kind", "category": "category", "place": "place", "severity": "severity"}


@dataclass(frozen=True, slots=True)
class Frozen:
    """One ticket a freeze holds (`until_at` is its pick-up) or hands over (`until_at` is when, `to`
    the team).
    """

    ticket: Ticket
    freeze: Freeze
    until_at: datetime
    to: str = ""


def freezes_on(desk: Desk, *, at: datetime) -> tuple[Freeze, ...]:
    """Returns the freezes that hold something at `at`, those that end first before the others."""
    return tuple(
        sorted((f for f in desk.freezes if f.from_at <= at < f.until_at), key=lambda f: f.until_at)
    )


def held(agent: Agent) -> list[Frozen]:
    """Returns the tickets held now that the agent sees, by the day they are picked up."""
    found = []
    for ticket in _open(agent).exclude(state__held_by=None):
        state, desk = state_of(ticket), desk_at(agent.desk_id, ticket.book_version)
        freeze = next((freeze for freeze in desk.freezes if freeze.key == state.held_by), None)
        if state.pick_up_at and freeze:
            found.append(Frozen(ticket, freeze, state.pick_up_at))
    return sorted(found, key=lambda frozen: (frozen.until_at, frozen.ticket.number))


def handed_over(agent: Agent, *, at: datetime) -> list[Frozen]:
    """Returns the unsolved tickets that go to another team when a freeze ends, if nothing becomes
    of them before.
    """
    return [
        frozen
        for freeze in desk_in_force(agent.desk).freezes
        for frozen in _handed_over(agent, freeze, at)
    ]


def _handed_over(agent: Agent, freeze: Freeze, at: datetime) -> Iterator[Frozen]:
    if (
        freeze.hand_over_when is None
        or freeze.hand_over_to is None
        or not freeze.from_at <= at < freeze.until_at
    ):
        return
    desk = desk_in_force(agent.desk)
    # The columns narrow it down; the engine says which of them it is.
    columns = {
        _COLUMNS[facet]: wanted
        for facet, wanted in freeze.hand_over_when.items()
        if facet in _COLUMNS
    }
    narrowed = _open(agent).filter(
        **{f"{column}__in": wanted for column, wanted in columns.items()}
    )
    for ticket in narrowed.order_by("number"):
        state = state_of(ticket)
        if state.stage in desk.stages and rules.hands_over(desk, state) is freeze:
            yield Frozen(ticket, freeze, freeze.until_at, freeze.hand_over_to)


def _open(agent: Agent) -> QuerySet[Ticket]:
    tickets = visible_to_agent(agent, Ticket.objects.filter(is_open=True))
    return tickets.select_related("desk", "requester")
