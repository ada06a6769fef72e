"""What an act is done on, with all that is needed to tell how it stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from deskbook.engine.channels import SiteVisits
from deskbook.engine.decide_site_visit import visits_rule
from deskbook.engine.decide_stage import allowed_moves
from deskbook.engine.desk import Desk, Stage
from deskbook.engine.ticket import Ticket as State
from deskbook.people.books import desk_at
from deskbook.people.models import Agent
from deskbook.tickets.models import Ticket
from deskbook.tickets.relations import incidents_of
from deskbook.tickets.state import state_of
from deskbook.tickets.work import Order, orders_of

WITH_A_TICKET = ("requester", "organisation", "owner__user")
"""The desk is the viewer's, the requester's organisation mostly the ticket's: not read twice."""


@dataclass(frozen=True, slots=True)
class Follower:
    """Who follows a ticket, with where a copy of an answer goes."""

    contact: int
    name: str
    shown: str


@dataclass
class Subject:
    """A case and who looks at it. What costs a question is asked once, when it is wanted."""

    ticket: Ticket
    viewer: Agent
    followers: Sequence[Follower] = ()

    @cached_property
    def desk(self) -> Desk:
        return desk_at(self.ticket.desk_id, self.ticket.book_version)

    @cached_property
    def state(self) -> State:
        return state_of(self.ticket)

    @cached_property
    def moves(self) -> Sequence[Stage]:
        return allowed_moves(self.desk, self.state)

    @cached_property
    def orders(self) -> Sequence[Order]:
        return orders_of(self.ticket)

    @cached_property
    def incidents(self) -> Sequence[Ticket]:
        return incidents_of(self.ticket)

    @cached_property
    def visits_rule(self) -> SiteVisits | None:
        return visits_rule(self.desk, self.state)

    @property
    def is_merged(self) -> bool:
        return bool(self.state.merged_into)

    @property
    def goes_on(self) -> bool:
        """Neither closed nor merged into another."""
        return not self.is_merged and not self.desk.stages[self.state.stage].closed
