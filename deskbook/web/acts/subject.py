"""What an act is done on, with all that is needed to tell how it stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.timezone import get_current_timezone_name
from django.utils.translation import get_language

from deskbook.engine.channels import SiteVisits
from deskbook.engine.decide_site_visit import visits_rule
from deskbook.engine.decide_stage import allowed_moves
from deskbook.engine.desk import Desk, Stage
from deskbook.engine.ticket import TicketState
from deskbook.engine.wall_time import zone_named
from deskbook.people.books import desk_at
from deskbook.people.duty import zone_of_team
from deskbook.people.models import Agent
from deskbook.tickets.beside import Beside, beside
from deskbook.tickets.call_back_models import CallBack
from deskbook.tickets.models import Ticket
from deskbook.tickets.relations import incidents_of
from deskbook.tickets.state import state_of
from deskbook.tickets.visit_models import DatedVisit
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
    visit: DatedVisit | None = None
    """The one of its visits that an act is on."""
    call_back: CallBack | None = None
    """The one of its call-backs that an act is on."""

    @cached_property
    def desk(self) -> Desk:
        return desk_at(self.ticket.desk_id, self.ticket.book_version)

    @cached_property
    def address(self) -> str:
        return reverse("console-ticket", args=[str(self.ticket)])

    @cached_property
    def shown_in(self) -> tuple[str, str]:
        """The language and the zone of who looks at it."""
        return get_language() or "", get_current_timezone_name()

    @cached_property
    def beside(self) -> Beside:
        return beside(self.ticket, self.viewer.user_id)

    @cached_property
    def state(self) -> TicketState:
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
    def visits_zone(self) -> ZoneInfo:
        rule = self.visits_rule
        return zone_named(zone_of_team(self.desk, rule.carried_out_by if rule else ""))

    @property
    def visits_are_ours(self) -> bool:
        """Whether the viewer's teams decide about its visits or make them; yes where none does."""
        rule = self.visits_rule
        return rule is None or not {rule.decided_by, rule.carried_out_by}.isdisjoint(
            self.viewer.teams
        )

    @property
    def may_see_to_visit(self) -> bool:
        """Whether the visit is still to be made, and the viewer's teams or the viewer see to it."""
        visit = self.visit
        if visit is None or visit.state != DatedVisit.State.DATED:
            return False
        return self.visits_are_ours or self.viewer.pk in visit.people

    @property
    def is_merged(self) -> bool:
        return bool(self.state.merged_into)

    @property
    def goes_on(self) -> bool:
        """Neither closed nor merged into another."""
        return not self.is_merged and not self.desk.stages[self.state.stage].closed
