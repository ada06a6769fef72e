"""A walk-in becomes a ticket, by the one way in that all channels share."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from deskbook.channels.contract import Incoming
from deskbook.channels.walk_in.calling import remember_ticket
from deskbook.channels.walk_in.models import Token
from deskbook.channels.walk_in.sites import WalkInSite
from deskbook.channels.way_in import take_in
from deskbook.people.contacts import contact_by
from deskbook.people.models import Agent, Contact, HelpDesk
from deskbook.refusals.refusal import Refused
from deskbook.tickets.assignment import assign_ticket
from deskbook.tickets.messages import Written
from deskbook.tickets.models import Ticket


@dataclass(frozen=True, slots=True)
class WalkIn:
    """What a visitor came with, as the counter writes it down."""

    requester: Contact
    subject: str
    written: Written
    facets: Mapping[str, str] = field(default_factory=dict)
    severity: str | None = None


@transaction.atomic
def log_walk_in(
    site: WalkInSite, token: Token, walk_in: WalkIn, *, at: datetime, by: Agent
) -> Ticket:
    """Opens the ticket of a walk-in, once for a token, and returns it; the service's facets hold
    where none is set.

    It begins at the site's team and belongs to who serves the visitor, if they are of the team it
    came to. Raises Refused as every channel does.
    """
    service = site.services.get(token.service)
    chosen = {name: value for name, value in walk_in.facets.items() if value}
    facets = {**place_of(site), **(service.facets if service else {}), **chosen}
    incoming = Incoming(
        walk_in.requester,
        site.channel.key,
        walk_in.written,
        at,
        command_of(token),
        walk_in.subject,
        facets=facets,
        severity=walk_in.severity,
        team=site.site.team,
        logged_by=by,
    )
    ticket = take_in(incoming).ticket
    remember_ticket(token, ticket, at=at, by=by)
    if ticket.team in ("", *by.teams):
        with suppress(Refused):
            # The book lets nobody own such a ticket; the walk-in is logged all the same.
            assign_ticket(ticket, by, at=at, by=by, key=f"{command_of(token)}:owner")
    return Ticket.objects.select_related("desk").get(pk=ticket.pk)


def command_of(token: Token) -> str:
    """Returns the key that makes the ticket of a token once."""
    return f"walk-in:{token.pk}"


def place_of(site: WalkInSite) -> dict[str, str]:
    """Returns the facet that says where a visitor came to, where the desk sorts by sites."""
    known = site.desk.facets.get("site")
    return {"site": site.site.key} if known and site.site.key in known.values else {}


def who_it_is(helpdesk: HelpDesk, phone: str, pen: str) -> Contact | None:
    """Returns the contact meant by a PEN or else a number; the visitor is never told whether there
    is one.
    """
    found = contact_by(helpdesk, "pen", pen) if pen else None
    return found or (contact_by(helpdesk, "phone", phone) if phone else None)
