"""Whose case a system brings: known by its own id for them, by mail or by telephone."""

from deskbook.channels.app.asked import Person
from deskbook.channels.app.models import AppSystem
from deskbook.people.books import desk_in_force
from deskbook.people.contacts import (
    STATED,
    add_way,
    contact_by,
    find_or_make_contact,
    normal_identifier,
)
from deskbook.people.lists.reading import region_of
from deskbook.people.models import Contact


def who(system: AppSystem, person: Person) -> Contact:
    """Returns the person, made if nobody at the desk is known by any of this; from then on the
    system's id finds them.

    A mail address nobody is known by is where their letters go and no more (`STATED`): the system
    says it, they did not prove it.
    """
    ways = _ways(system, person)
    known = (contact_by(system.desk, channel, way) for channel, way in ways)
    contact = next(filter(None, known), None) or _made(system, person, ways)
    own = next((way for channel, way in ways if channel == "app"), None)
    if own and contact_by(system.desk, "app", own) is None:
        add_way(contact, "app", own)
    return contact


def _ways(system: AppSystem, person: Person) -> list[tuple[str, str]]:
    region = region_of(desk_in_force(system.desk).zone)
    ways = [
        ("app", f"{system.key}:{person.id}" if person.id else ""),
        ("email", normal_identifier("email", person.mail)),
        ("phone", normal_identifier("phone", person.phone, region=region)),
    ]
    return [(channel, way) for channel, way in ways if way]


def _made(system: AppSystem, person: Person, ways: list[tuple[str, str]]) -> Contact:
    """By their id or number; who has nothing but a mail address is known by that."""
    channel, way = next((way for way in ways if way[0] != "email"), ways[0])
    contact = find_or_make_contact(
        system.desk, channel, way, name=person.name, language=person.language, sign_in=False
    )
    if person.mail and channel != "email":
        contact.attributes = {**contact.attributes, STATED: person.mail}
        contact.save(update_fields=["attributes"])
    return contact
