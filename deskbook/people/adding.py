"""Somebody the desk helps, put in by hand."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction

from deskbook.people.changed_ways import note_changed_way, refuse_of_the_desk
from deskbook.people.contacts import new_contact, settle_sign_ins
from deskbook.people.models import Agent, Contact, ContactIdentity, Organisation
from deskbook.people.seats import name_contact


@dataclass(frozen=True, slots=True)
class NewContact:
    """What is known of somebody new. `ways` are channel → identifier, as it is stored."""

    name: str
    ways: Mapping[str, str]
    language: str
    zone: str = ""
    organisation: Organisation | None = None
    named: bool = False
    """They open and close cases for their organisation."""
    note: str = ""


@transaction.atomic
def add_contact(new: NewContact, *, by: Agent) -> Contact:
    """Returns the contact made; who has a mail address in an organisation's domain is of that
    organisation where none was said. Who gave them their ways is logged.

    Raises Refused where the plan has no seat left and for ways of who works at the desk,
    IntegrityError where another contact has one of the ways.
    """
    contact = new_contact(
        by.desk,
        new.ways,
        name=new.name,
        language=new.language,
        organisation=new.organisation,
        zone=new.zone,
        note=new.note,
    )
    _add_ways(contact, new.ways, by)
    settle_sign_ins(contact)
    if new.named:
        name_contact(contact)
    return contact


def _add_ways(contact: Contact, ways: Mapping[str, str], by: Agent) -> None:
    for channel, stored in ways.items():
        refuse_of_the_desk(contact.desk, channel, stored)
        way = ContactIdentity.objects.create(
            contact=contact, desk=contact.desk, channel=channel, identifier=stored
        )
        note_changed_way(contact.pk, "added", way, (), by=by)
