"""Seats: the named contacts of an organisation, as many as its plan has room for."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet

from deskbook.engine.decide_contacts import seat_hindrance
from deskbook.engine.desk import Plan
from deskbook.people.books import desk_in_force
from deskbook.people.models import Contact, Organisation
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
    """Gives a contact a seat: they may open and close cases from now on. Raises Refused when all are taken."""
    if contact.organisation_id is None:
        return
    # The lock makes the count hold: two people naming a contact each must not both get the last seat.
    organisation = Organisation.objects.select_for_update().get(pk=contact.organisation_id)
    contact.refresh_from_db(fields=["named"])
    if contact.named:
        return
    refusal = seat_hindrance(_plan(organisation), organisation.name, [_called(c) for c in _holders(organisation)])
    if refusal:
        raise Refused(refusal)
    contact.named = True
    contact.save(update_fields=["named"])


@transaction.atomic
def take_seat_away(contact: Contact) -> None:
    """Makes a named contact one of the community: they read, and open and close nothing any more."""
    contact.named = False
    contact.save(update_fields=["named"])


def holders_at(organisation: int | None) -> QuerySet[Contact]:
    """Returns an organisation's named contacts by its id, by name; two that are one person are one."""
    return Contact.objects.filter(organisation=organisation or 0, named=True, merged_into=None).order_by("name", "pk")


def _plan(organisation: Organisation) -> Plan | None:
    return desk_in_force(organisation.desk).plans.get(organisation.plan)


def _holders(organisation: Organisation) -> list[Contact]:
    return list(holders_at(organisation.pk))


def _called(contact: Contact) -> str:
    return contact.name or str(contact)
