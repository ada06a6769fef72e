"""A case and the requester who looks at it, with all that is needed to tell how it stands."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db.models import QuerySet

from deskbook.engine.channels import SiteVisits
from deskbook.engine.decide_site_visit import visits_rule
from deskbook.engine.desk import Desk
from deskbook.engine.ticket import TicketState
from deskbook.engine.ticket_parts import SiteVisitWish
from deskbook.people.access import may_sign, may_write_on
from deskbook.people.books import desk_at
from deskbook.people.models import Contact
from deskbook.people.reading_since import later_than, reads_since
from deskbook.tickets.models import LogEntry, Ticket
from deskbook.tickets.state import state_of

DATING = ("SiteVisitDated", "SiteVisitCalledOff")


@dataclass
class OwnCase:
    """What costs a question is asked once, when it is wanted."""

    ticket: Ticket
    contact: Contact

    @cached_property
    def desk(self) -> Desk:
        return desk_at(self.ticket.desk_id, self.ticket.book_version)

    @cached_property
    def state(self) -> TicketState:
        return state_of(self.ticket)

    @cached_property
    def since(self) -> datetime | None:
        """From when on they read what others said; None for all of it."""
        return reads_since(self.contact, self.ticket)

    @property
    def ended(self) -> bool:
        return self.desk.stages[self.state.stage].closed or bool(self.state.merged_into)

    @cached_property
    def may_write(self) -> bool:
        """Whether they may write on it while it goes on."""
        return may_write_on(self.contact, self.ticket)

    @cached_property
    def may_sign(self) -> bool:
        return may_sign(self.contact, self.ticket)

    @property
    def visits_rule(self) -> SiteVisits | None:
        return visits_rule(self.desk, self.state)

    @cached_property
    def visit_wish(self) -> SiteVisitWish | None:
        """What was asked of a visit, where they may read it."""
        if self.since is None or self.read("SiteVisitAsked").exists():
            return self.state.site_visit_wish
        return None

    @property
    def may_correct_wish(self) -> bool:
        """Whether they may say where to come: not in place of words they may not read."""
        return self.visit_wish == self.state.site_visit_wish

    @property
    def may_ask_for_visit(self) -> bool:
        undecided = not self.ended and self.state.site_visit_approved is None
        return undecided and self.may_write and self.may_correct_wish

    def reads_visit(self, visit: str) -> bool:
        """Whether they may know of a visit: of one dated, moved or called off in their time."""
        return self.since is None or self.read(*DATING).filter(data__visit=visit).exists()

    def read(self, *kinds: str) -> QuerySet[LogEntry]:
        """Returns the entries of these kinds that they may read, in their order."""
        entries = LogEntry.objects.filter(later_than(self.since), ticket=self.ticket)
        return entries.filter(kind__in=kinds).order_by("seq")
