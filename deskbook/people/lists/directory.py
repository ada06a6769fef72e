"""A list of people: whom the desk knows when it comes, and what a line of it is to write."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from deskbook.engine.desk import Plan
from deskbook.people.books import desk_in_force
from deskbook.people.changed_ways import (
    ways_of_the_desk,
)
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
    """Everybody the desk knows, and who has come in the list so far."""

    helpdesk: HelpDesk
    usual_language: str
    region: str | None
    organisations: dict[str, int]
    people: dict[int, Known]
    wayless: dict[str, list[Known]]
    """Name, as it is read → those whom no column finds: a list says nothing new of them."""
    by_identity: dict[Identity, int]
    of_the_desk: frozenset[str]
    """Addresses and numbers of those who work there: no line makes one a way of somebody else."""
    plans: dict[int, tuple[str, Plan | None]]
    """Organisation → what it is called, and its plan."""
    holders: dict[int, dict[int, str]]
    """Organisation → contact → who has its seats after the lines so far; someone new is minus their
    line.
    """
    seen: dict[Identity, int] = field(default_factory=dict)
    lines: dict[int, int] = field(default_factory=dict)
    """Hash of a line → its number."""
    written: dict[int, int] = field(default_factory=dict)
    """Contact → the line that changes it."""


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
    """Returns everybody the desk knows, with their organisations' seats, in a few statements."""
    columns = ("pk", "name", "organisation_id", "named", "language", "zone", "attributes")
    known = Contact.objects.filter(desk=helpdesk).values_list(*columns)
    people = {pk: Known(*rest) for pk, *rest in known.iterator(10_000)}
    by_identity: dict[Identity, int] = {}
    ways = ContactIdentity.objects.filter(desk=helpdesk)
    found = ways.values_list("contact_id", "channel", "identifier")
    for contact, channel, identifier in found.iterator(10_000):
        by_identity[in_one_form((channel, identifier))] = contact
        people[contact].identities.setdefault(channel, set()).add(identifier)
    desk, ours = desk_in_force(helpdesk), ways_of_the_desk(helpdesk)
    organisations = Organisation.objects.filter(desk=helpdesk).values_list("name", "pk", "plan")
    by_name = {as_called(name): pk for name, pk, _plan in organisations}
    return Directory(
        helpdesk,
        desk.languages[0],
        region_of(desk.zone),
        by_name,
        people,
        _wayless(helpdesk, people),
        by_identity,
        ours,
        {pk: (name, desk.plans.get(plan)) for name, pk, plan in organisations},
        holders_of_each(helpdesk),
    )


def _wayless(helpdesk: HelpDesk, people: Mapping[int, Known]) -> dict[str, list[Known]]:
    merged = Contact.objects.filter(desk=helpdesk).exclude(merged_into=None)
    found = people.keys() - set(merged.values_list("pk", flat=True))
    wayless: dict[str, list[Known]] = {}
    for person in map(people.__getitem__, found):
        if person.identities.keys().isdisjoint(WAYS.values()):
            wayless.setdefault(as_read(person.name), []).append(person)
    return wayless
