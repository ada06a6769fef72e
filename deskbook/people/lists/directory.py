"""A list of people: whom the desk knows when it comes, and what a line of it is to write."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import chain

from django.db import connection
from django.db.models import Exists, OuterRef

from deskbook.engine.desk import Plan
from deskbook.people.books import desk_in_force
from deskbook.people.changed_ways import (
    ways_of_the_desk,
)
from deskbook.people.lists.earlier_lines import EarlierLines
from deskbook.people.lists.reading import region_of
from deskbook.people.lists.sheets import as_read
from deskbook.people.models import Contact, ContactIdentity, HelpDesk, Organisation
from deskbook.people.numbers import in_common
from deskbook.people.seats import holders_of_each

ATTRIBUTES = ("office", "designation", "department", "district")
WAYS = {"mail": "email", "phone": "phone", "whatsapp": "whatsapp", "text": "sms", "pen": "pen"}
"""Column → channel of the identity it is."""


def as_called(name: str) -> str:
    """Returns an organisation's name as it is compared: without case, single spaces in it, as a
    cell has them.
    """
    return " ".join(name.lower().split())


Identity = tuple[str, str]


@dataclass(slots=True)
class Known:
    """A contact as the desk has it."""

    name: str
    organisation: int | None
    named: bool
    language: str
    zone: str
    attributes: dict[str, str]
    identities: dict[str, set[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Record:
    """What to write: a new contact, or the row `id` with these values, and identities to add."""

    id: int | None
    name: str
    organisation: int | None
    named: bool
    language: str
    zone: str
    attributes: dict[str, str]
    identities: tuple[Identity, ...]


@dataclass(slots=True)
class Directory:
    """Whom the desk knows of those whose lines are judged, and what earlier lines said of them.

    A list may be longer than memory holds: of lines that were judged the database keeps what they
    are known again by, and only that of the lines met last is here.
    """

    helpdesk: HelpDesk
    usual_language: str
    region: str | None
    organisations: dict[str, int]
    wayless: dict[str, list[Known]]
    """Name, as it is read → those whom no column finds: a list says nothing new of them."""
    of_the_desk: frozenset[str]
    """Addresses and numbers of those who work there: no line makes one a way of somebody else."""
    plans: dict[int, tuple[str, Plan | None]]
    """Organisation → what it is called, and its plan."""
    holders: dict[int, dict[int, str]]
    """Organisation → contact → who has its seats after the lines so far; someone new is minus their
    line.
    """
    people: dict[int, Known] = field(default_factory=dict)
    """Those who are known by a way of the lines that were met last."""
    by_identity: dict[Identity, int] = field(default_factory=dict)
    """Their ways, in one form → who has them."""
    said: EarlierLines = field(default_factory=EarlierLines)

    def meet(self, ways: Iterable[Identity], lines: Iterable[object]) -> None:
        """Looks up who is known by these ways, and which earlier line said what these `lines` say;
        forgets whom it had met before.
        """
        asked = list(ways)
        channels, spellings = [way[0] for way in asked], [way[1] for way in asked]
        with connection.cursor() as cursor:
            cursor.execute(_KNOWN_BY, [channels, spellings, self.helpdesk.pk])
            found = cursor.fetchall()
        self.people, self.by_identity = {}, {}
        for contact, channel, identifier, attributes, *facts in found:
            facts.append(json.loads(attributes))
            person = self.people.setdefault(contact, Known(*facts))
            person.identities.setdefault(channel, set()).add(identifier)
            self.by_identity[in_one_form((channel, identifier))] = contact
        self.said.look_up(chain(asked, lines, self.people))


_KNOWN_BY = """
    with found as (
        select distinct contact_id from deskbook_contactidentity known
        join unnest(%s::text[], %s::text[]) as asked (channel, identifier)
            using (channel, identifier)
        where known.desk_id = %s)
    select way.contact_id, way.channel, way.identifier, person.attributes, person.name,
        person.organisation_id, person.named, person.language, person.zone
    from found join deskbook_contactidentity way using (contact_id)
        join deskbook_contact person on person.id = way.contact_id
    order by way.id
"""
"""All ways of whoever has one of these."""


def cells_of(person: Known | Contact, organisation: str) -> dict[str, object]:
    """Returns what a list that goes out says of somebody beside their ways, by column."""
    return {
        "name": person.name,
        "organisation": organisation,
        "named": "yes" if person.named else "no",
        "language": person.language,
        "zone": person.zone,
        **{name: person.attributes.get(name, "") for name in ATTRIBUTES},
    }


def in_one_form(identity: Identity) -> Identity:
    """Returns an identity as it is compared: one for every way its number may be written."""
    return identity[0], in_common(*identity)


def directory_of(helpdesk: HelpDesk) -> Directory:
    """Returns the directory of a desk that has met nobody yet, with its organisations' seats."""
    desk, ours = desk_in_force(helpdesk), ways_of_the_desk(helpdesk)
    organisations = Organisation.objects.filter(desk=helpdesk).values_list("name", "pk", "plan")
    by_name = {as_called(name): pk for name, pk, _plan in organisations}
    return Directory(
        helpdesk,
        desk.languages[0],
        region_of(desk.zone),
        by_name,
        _wayless(helpdesk),
        ours,
        {pk: (name, desk.plans.get(plan)) for name, pk, plan in organisations},
        holders_of_each(helpdesk),
    )


def _wayless(helpdesk: HelpDesk) -> dict[str, list[Known]]:
    found = ContactIdentity.objects.filter(contact=OuterRef("pk"), channel__in=WAYS.values())
    columns = ("name", "organisation_id", "named", "language", "zone", "attributes")
    people = Contact.objects.filter(~Exists(found), desk=helpdesk, merged_into=None)
    wayless: dict[str, list[Known]] = {}
    for person in people.order_by("pk").values_list(*columns).iterator(10_000):
        wayless.setdefault(as_read(person[0]), []).append(Known(*person))
    return wayless
