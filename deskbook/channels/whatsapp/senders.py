"""Who wrote: people by their number, by their business-scoped id, or by both."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from deskbook.channels.whatsapp.payload import Moved, Person
from deskbook.people.contacts import (
    contact_by,
    find_or_make_contact,
    normal_identifier,
    same_identifiers,
)
from deskbook.people.merging import NotOnePerson, merge_contacts, person
from deskbook.people.models import Contact, ContactIdentity, HelpDesk
from deskbook.people.stopped import stops_of
from deskbook.people.stopped_models import StoppedNumber
from deskbook.tickets.followers import latest_first

NUMBER, USER = "whatsapp", "whatsapp-user"
"""Channels of the two identities; a user may hide their number and have the second alone."""


@transaction.atomic
def sender_of(desk: HelpDesk, told: Person, *, at: datetime) -> Contact | None:
    """Returns the contact who is meant, made if new; None when neither number nor id is told.

    A number and an id told together are one person: two contacts known by one each are merged. A
    number known as somebody's phone is theirs.
    """
    by_user = contact_by(desk, USER, told.user_id) if told.user_id else None
    by_number = _by_number(desk, told.number) if told.number else None
    if by_user and by_number and by_user.pk != by_number.pk:
        by_user = by_number = _one_of(by_number, by_user, at=at)
    found = by_user or by_number or _made(desk, told)
    if found is None:
        return None
    for channel, identifier in ((NUMBER, told.number), (USER, told.user_id)):
        if identifier:
            _know(found, channel, identifier)
    _named(found, told.name)
    return person(found)


@transaction.atomic
def move(desk: HelpDesk, told: Moved, *, at: datetime) -> Contact | None:
    """Lets a person be reached by their new number or id, too; returns them, None when the desk
    does not know them.
    """
    found = contact_by(desk, USER, told.before.user_id) if told.before.user_id else None
    found = found or (_by_number(desk, told.before.number) if told.before.number else None)
    if found is None:
        return None
    for channel, before, after in (
        (NUMBER, told.before.number, told.after.number),
        (USER, told.before.user_id, told.after.user_id),
    ):
        if after and after != before:
            _forget(desk, channel, before)  # somebody else may get it: it is not theirs any more
            _know(found, channel, after, first=True)
    return found


def reached_by(contact: Contact, used: Sequence[str] = ()) -> Person | None:
    """Returns by what the service knows a person who wrote to the desk there; None when they never
    did.

    Of several numbers it is the first of `used` that is theirs, else the latest known.
    """
    ways = list(
        ContactIdentity.objects.filter(contact=contact, channel__in=(NUMBER, USER)).order_by("-pk")
    )
    if not ways:
        return None
    numbers, users = (
        [way.identifier for way in ways if way.channel == one] for one in (NUMBER, USER)
    )
    return Person(next(iter(latest_first(numbers, used)), ""), next(iter(users), ""), contact.name)


def ends_of(contact: Contact) -> Mapping[str, StoppedNumber]:
    """Returns at which number, or id, somebody asked for nothing more by WhatsApp, and when."""
    ways = ContactIdentity.objects.filter(contact=person(contact), channel__in=(NUMBER, USER))
    return stops_of(contact.desk, ways.values_list("identifier", flat=True), way=NUMBER)


def named(told: Person) -> str:
    """Returns by what somebody's wish is kept: their number, their id where they hide it."""
    return normal_identifier(NUMBER, told.number) if told.number else told.user_id


def _by_number(desk: HelpDesk, number: str) -> Contact | None:
    return contact_by(desk, NUMBER, number) or contact_by(desk, "phone", number)


def _one_of(by_number: Contact, by_user: Contact, *, at: datetime) -> Contact:
    """The two are one; whoever is older stays. Two that a person took apart, or may not be merged,
    stay apart.
    """
    first, second = sorted((person(by_number), person(by_user)), key=lambda contact: contact.pk)
    if first.pk != second.pk:
        try:
            merge_contacts(second, first, at=at, by=None)
        except NotOnePerson:
            return by_user
    return first


def _made(desk: HelpDesk, told: Person) -> Contact | None:
    way = (NUMBER, told.number) if told.number else (USER, told.user_id)
    if not way[1]:
        return None
    return find_or_make_contact(desk, way[0], way[1], name=told.name, sign_in=False)


def _know(contact: Contact, channel: str, identifier: str, *, first: bool = False) -> None:
    normal = normal_identifier(channel, identifier)
    row, made = ContactIdentity.objects.get_or_create(
        desk=contact.desk, channel=channel, identifier=normal, defaults={"contact": contact}
    )
    if not made and first and row.contact_id != contact.pk:
        row.contact = contact
        row.save(update_fields=["contact"])


def _forget(desk: HelpDesk, channel: str, identifier: str) -> None:
    if identifier:
        normal = normal_identifier(channel, identifier)
        forms = same_identifiers(channel, normal)
        ContactIdentity.objects.filter(desk=desk, channel=channel, identifier__in=forms).delete()


def _named(contact: Contact, name: str) -> None:
    """Whoever is known by a number alone gets the name they gave themselves there."""
    if name and contact.name.startswith("+") and contact.name != name:
        contact.name = name
        contact.save(update_fields=["name"])
