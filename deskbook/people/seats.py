"""Seats: the named contacts of an organisation, as many as its plan has room for."""

from collections import defaultdict
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet

from deskbook.engine.decide_contacts import seat_hindrance
from deskbook.engine.desk import Plan
from deskbook.people.books import desk_in_force
from deskbook.people.changed_ways import note_loss, works_where_helped
from deskbook.people.models import Agent, Contact, HelpDesk, Organisation
from deskbook.refusals.refusal import Refused


@dataclass(frozen=True, slots=True)
class Seats:
    """Who is named, and how many the plan wants; None where it does not say."""

    plan: str
    holders: tuple[Contact, ...]
    fewest: int | None
    most: int | None

    @property
    def too_few(self) -> bool:
        return self.fewest is not None and len(self.holders) < self.fewest


def seats_of(organisation: Organisation) -> Seats:
    """Returns the seats of an organisation under the book in force."""
    plan = _plan(organisation)
    fewest, most = plan.contacts if plan and plan.contacts else (None, None)
    return Seats(plan.title if plan else "", tuple(_holders(organisation)), fewest, most)


@transaction.atomic
def name_contact(contact: Contact) -> None:
    """Gives a contact a seat: they may open and close cases from now on. Raises Refused when all
    are taken, and for who works at the desk.
    """
    if contact.organisation_id is None:
        return
    # The lock makes the count hold: two people naming a contact each must not both get the last
    # seat.
    organisation = Organisation.objects.select_for_update().get(pk=contact.organisation_id)
    contact.refresh_from_db(fields=["named"])
    if contact.named:
        return
    refuse_seat_of_the_desk(contact)
    refusal = seat_hindrance(
        _plan(organisation), organisation.name, [_called(c) for c in _holders(organisation)]
    )
    if refusal:
        raise Refused(refusal)
    contact.named = True
    contact.save(update_fields=["named"])


def refuse_seat_of_the_desk(contact: Contact) -> None:
    """Raises Refused for somebody who works at the desk: with a seat they would decide for whom
    they serve.
    """
    if works_where_helped(contact):
        raise Refused("seat: of the desk", who=str(contact))


@transaction.atomic
def take_seat_away(contact: Contact, *, by: Agent) -> None:
    """Makes a named contact one of the community: they read, and open and close nothing any more.
    They are told.
    """
    if contact.named and contact.organisation is not None:
        note_loss(contact, "seat", contact.organisation.name, by=by)
    contact.named = False
    contact.save(update_fields=["named"])


@transaction.atomic
def move_contact(contact: Contact, organisation: Organisation | None, *, by: Agent) -> None:
    """Makes a contact one of another organisation, or of none. Where they get no seat they are of
    its community; who leaves a seat is told.
    """
    if contact.organisation == organisation:
        return
    if contact.named and contact.organisation is not None:
        note_loss(contact, "seat", contact.organisation.name, by=by)
    was_named = contact.named
    contact.named = organisation is None
    contact.organisation = organisation
    contact.save(update_fields=["named", "organisation"])
    if was_named:
        with suppress(Refused):
            name_contact(contact)


def refuse_beyond_seats(organisations: Collection[int]) -> None:
    """Raises Refused for the first of these organisations that has more named contacts now than its
    plan has seats.

    Until the transaction ends nobody else names one there, as in `name_contact`.
    """
    for organisation in (
        Organisation.objects.select_for_update().filter(pk__in=organisations).order_by("pk")
    ):
        plan = _plan(organisation)
        holders = [_called(contact) for contact in _holders(organisation)]
        refusal = seat_hindrance(plan, organisation.name, holders)
        if refusal and seat_hindrance(plan, organisation.name, holders[1:]):
            raise Refused(refusal)


def holders_of_each(helpdesk: HelpDesk) -> dict[int, dict[int, str]]:
    """Returns organisation → named contact, by id → what they are called, as `holders_at` has
    them.
    """
    found: dict[int, dict[int, str]] = defaultdict(dict)
    everybody = Contact.objects.filter(desk=helpdesk, named=True, merged_into=None).exclude(
        organisation=None
    )
    for contact in everybody.order_by("name", "pk").iterator(2_000):
        found[contact.organisation_id or 0][contact.pk] = _called(contact)
    return found


def holders_at(organisation: int | None) -> QuerySet[Contact]:
    """Returns an organisation's named contacts by its id, by name; two that are one person
    are one.
    """
    return Contact.objects.filter(
        organisation=organisation or 0, named=True, merged_into=None
    ).order_by("name", "pk")


def _plan(organisation: Organisation) -> Plan | None:
    return desk_in_force(organisation.desk).plans.get(organisation.plan)


def _holders(organisation: Organisation) -> list[Contact]:
    return list(holders_at(organisation.pk))


def _called(contact: Contact) -> str:
    return contact.name or str(contact)
