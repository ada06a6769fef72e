"""Letting people follow a ticket, and letting them go; making a case somebody else's."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import OuterRef, Subquery

from deskbook.engine.decide_people import (
    Requester,
    decide_add_participant,
    decide_change_requester,
    decide_give_back,
    decide_remove_participant,
)
from deskbook.people.access import NoAccess, Who
from deskbook.people.changed_ways import note_loss
from deskbook.people.contacts import address_of, addresses_of
from deskbook.people.duty import works_at_a_desk
from deskbook.people.merging import person, same_person
from deskbook.people.models import Agent, Contact
from deskbook.people.reading_since import reads_since
from deskbook.refusals.refusal import Refused
from deskbook.tickets.log import Recorded, hold, index_text, once, perform
from deskbook.tickets.models import Message, Participant, Ticket
from deskbook.tickets.signed_links import link_token, read_link

_LEAVING = "deskbook leaving"


@transaction.atomic
def add_participant(
    ticket: Ticket,
    contact: Contact,
    *,
    copied_by: Contact | None = None,
    at: datetime,
    by: Who,
    key: str | None = None,
) -> Recorded:
    """Lets a contact follow the ticket and write on it; not one who left it and is only copied in
    by a requester.
    """
    one = str(contact.pk)
    recorded = perform(ticket, decide_add_participant, one, at=at, by=by, key=key)
    begin_to_follow(recorded.ticket, contact, copied_by=copied_by, at=at)
    return recorded


def begin_to_follow(
    ticket: Ticket, contact: Contact, *, copied_by: Contact | None = None, at: datetime
) -> None:
    """Keeps that somebody follows from now on, if the log says so. Whom a mail of `copied_by` let
    follow reads what was said from `at` on, and nothing its sender may not read.
    """
    if str(contact.pk) in ticket.state["participants"]:
        since = max(at, reads_since(copied_by, ticket) or at) if copied_by else None
        new = {"since": since, "copied_by": copied_by}
        Participant.objects.get_or_create(ticket=ticket, contact=contact, defaults=new)


def people_of(ticket: Ticket) -> dict[int, int]:
    """Returns who takes part, person → contact: the requester and everybody who follows."""
    following = Participant.objects.filter(ticket=ticket).select_related("contact").order_by("pk")
    contacts = [ticket.requester, *(row.contact for row in following)]
    return {contact.person_id: contact.pk for contact in reversed(contacts)}


def leaving_link(ticket: Ticket, contact: Contact) -> str:
    """Returns the address by which whoever has a contact's copy stops it without signing in."""
    token = link_token(_LEAVING, ticket.pk, contact.pk)
    return f"{settings.DESKBOOK_SITE_URL}/desk/{ticket.desk.key}/leaving/{token}/"


def read_leaving(token: str) -> tuple[Ticket, Contact]:
    """Returns the case and the person such an address names; raises NoAccess when it is not
    ours.
    """
    ticket_pk, contact_pk = read_link(_LEAVING, token)
    ticket = Ticket.objects.select_related("desk", "requester").filter(pk=ticket_pk).first()
    contact = (
        Contact.objects.select_related("desk", "merged_into__desk").filter(pk=contact_pk).first()
    )
    if ticket is None or contact is None or ticket.desk_id != contact.desk_id:
        raise NoAccess("no such link")
    return ticket, person(contact)


def copy_in(ticket: Ticket, contacts: Sequence[Contact], *, at: datetime, by: Contact) -> None:
    """Lets those follow whom a participant copied in, each once, however often they are named."""
    following = {
        pk
        for row in ticket.participants.select_related("contact")
        for pk in same_person(row.contact)
    }
    for contact in contacts:
        if contact.pk not in following and ticket.requester_id not in same_person(contact):
            add_participant(ticket, contact, copied_by=by, at=at, by=by)


@once
def remove_participant(
    ticket: Ticket, contact: Contact, *, at: datetime, by: Who, key: str | None = None
) -> Recorded | None:
    """Takes a person out of those who follow; returns None when they did not. Raises Refused for
    the requester.
    """
    hold(ticket.pk)  # who is copied in at this moment is taken out as well
    rows = Participant.objects.filter(ticket=ticket, contact__in=same_person(contact)).order_by(
        "contact"
    )
    ids = [str(pk) for pk in rows.values_list("contact", flat=True)]
    if not ids:
        return None
    recorded = perform(ticket, decide_remove_participant, ids, at=at, by=by, key=key)
    rows.delete()
    return recorded


@once
def change_requester(
    ticket: Ticket,
    contact: Contact,
    *,
    follows: bool,
    at: datetime,
    by: Agent,
    key: str | None = None,
) -> Recorded:
    """Makes the case `contact`'s; whose it was goes on following it, or not, and is told. Raises
    Refused.

    Who works at a desk reads the case there, and follows none: they would get copies of their own
    answers.
    """
    hold(ticket.pk)  # of two changes at once the second begins where the first ended
    ticket = Ticket.objects.select_related("desk", "requester").get(pk=ticket.pk)
    contact, before = person(contact), ticket.requester
    if contact.desk_id != ticket.desk_id:
        raise Refused("other desk: person")
    if contact.pk in same_person(before):
        return Recorded(ticket)
    follows = follows and not any(map(works_at_a_desk, addresses_of(before)))
    to = _as_requester(contact)
    recorded = perform(ticket, decide_change_requester, to, follows, at=at, by=by, key=key)
    _keep_requester(ticket, contact, before, follows=follows)
    note_loss(before, "case", str(ticket), by=by)
    return recorded


@transaction.atomic
def give_back(
    ticket: Ticket, contact: Contact, *, follows: bool, at: datetime, by: Agent
) -> Recorded:
    """Makes the case of who was taken for its requester theirs, however it stands; see
    `change_requester`.
    """
    to, before = _as_requester(contact), ticket.requester
    recorded = perform(ticket, decide_give_back, to, follows, at=at, by=by)
    _keep_requester(ticket, contact, before, follows=follows)
    return recorded


def _keep_requester(ticket: Ticket, contact: Contact, before: Contact, *, follows: bool) -> None:
    Participant.objects.get_or_create(ticket=ticket, contact=contact)
    if not follows:
        Participant.objects.filter(ticket=ticket, contact__in=same_person(before)).delete()
    index_text(ticket.pk, f"{contact.name} {address_of(contact) or ''}")


_CARRIED_ON = Message.objects.filter(ticket=OuterRef("pk"), author_contact=OuterRef("requester"))
FORWARDED_FROM = Subquery(
    _CARRIED_ON.exclude(forwarded_from="").order_by("pk").values("forwarded_from")[:1]
)
"""Of a ticket: who wrote what its requester only carried on to the desk."""


def _as_requester(contact: Contact) -> Requester:
    organisation = contact.organisation
    return Requester(
        str(contact.pk),
        str(organisation.pk) if organisation else None,
        contact.zone or (organisation.zone if organisation else "") or None,
        (organisation.plan if organisation else "") or None,
    )
