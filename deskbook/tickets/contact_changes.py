"""One named contact taking another's seat: asked for by the organisation, done by an agent, kept in
the log.
"""

from datetime import datetime

from deskbook.engine.decide_contacts import decide_replace_contact
from deskbook.people.access import may_open_and_close
from deskbook.people.models import Agent, Contact, Organisation
from deskbook.people.prepared import Prepared
from deskbook.people.seats import refuse_seat_of_the_desk, take_seat_away
from deskbook.refusals.refusal import Refused
from deskbook.tickets.log import Recorded, once, perform
from deskbook.tickets.models import ContactChange, Ticket
from deskbook.tickets.opening import NewCase, open_ticket


@once
def ask_for_replacement(
    case: NewCase,
    leaves: Contact,
    arrives: Contact,
    *,
    at: datetime,
    by: Contact,
    key: str | None = None,
) -> Recorded:
    """Opens a ticket that asks for `arrives` to take the seat of `leaves`. Raises Refused; only
    named contacts ask.
    """
    if by.organisation_id is None or not may_open_and_close(by):
        raise Refused("named contacts: change")
    # Where somebody belongs is told to agents only: a requester could ask the directory about any
    # address.
    _check_seat(leaves, arrives, by.organisation_id)
    opened = open_ticket(by, case, at=at, by=by, key=key)
    ContactChange.objects.create(ticket=opened.ticket, leaves=leaves, arrives=arrives)
    return opened


@once
def replace_contact(
    ticket: Ticket,
    leaves: Contact,
    arrives: Contact,
    *,
    at: datetime,
    by: Agent,
    key: str | None = None,
) -> Recorded:
    """Gives the seat of one contact to another, both in one transaction, and records it; who loses
    it is told. Raises Refused, also for who works at the desk.
    """
    if ticket.organisation_id is None:
        raise Refused("replacement: no organisation")
    Organisation.objects.select_for_update().get(pk=ticket.organisation_id)
    for contact in (leaves, arrives):
        contact.refresh_from_db(fields=["named", "organisation"])
    _check_seat(leaves, arrives, ticket.organisation_id)
    _check_belongs(arrives, ticket.organisation_id)
    refuse_seat_of_the_desk(arrives)
    ids = (str(leaves.pk), str(arrives.pk))
    recorded = perform(ticket, decide_replace_contact, *ids, at=at, by=by, key=key)
    take_seat_away(leaves, by=by)
    arrives.named, arrives.organisation_id = True, ticket.organisation_id
    arrives.save(update_fields=["named", "organisation"])
    return recorded


def asked_for(ticket: Ticket) -> ContactChange | None:
    """Returns the replacement this ticket asks for."""
    return _CHANGE.first(ticket=ticket.pk)


_CHANGE = Prepared(
    lambda ticket: (
        ContactChange.objects.filter(ticket=ticket)
        .select_related("leaves", "arrives")
        .order_by("pk")
    ),
    "ticket",
)


def _check_seat(leaves: Contact, arrives: Contact, organisation: int) -> None:
    """What its own people know anyway: who holds a seat."""
    if leaves.organisation_id != organisation or not leaves.named:
        raise Refused("replacement: no seat", who=str(leaves))
    if arrives.organisation_id == organisation and arrives.named:
        raise Refused("replacement: named", who=str(arrives))


def _check_belongs(arrives: Contact, organisation: int) -> None:
    if arrives.organisation_id not in (None, organisation):
        raise Refused("replacement: elsewhere", who=str(arrives))
