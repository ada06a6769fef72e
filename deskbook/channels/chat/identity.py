"""Who a visitor says they are, against the directory. What was wrong is never told, nor taken time
over.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from django.db import connection
from django.db.models import QuerySet

from deskbook.engine.channels import Channel, DirectoryField
from deskbook.engine.desk import Desk
from deskbook.people.contacts import STATED, normal_identifier, same_identifiers
from deskbook.people.lists.reading import region_of
from deskbook.people.merging import kept_of
from deskbook.people.models import Contact, ContactIdentity, HelpDesk

Kept = Literal["name", "email", "phone", "pen", "attribute"]
_WORDS: Mapping[str, Kept] = {
    "pen": "pen",
    "mobile": "phone",
    "phone": "phone",
    "telephone": "phone",
    "mail": "email",
    "email": "email",
    "e-mail": "email",
}
"""Words in the name of a directory's field → where such a thing is kept."""
NAME = DirectoryField("name", "Name", required=True)

_MOST_WORDS = 12
# The index contact_name_words is on this very expression.
_BY_NAME = """
    select id from deskbook_contact where desk_id = %s and merged_into_id is null
    and to_tsvector('simple', deskbook_folded(name)) @@ ({any_of})
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """One field a visitor states."""

    field: DirectoryField
    kept: Kept

    @property
    def key(self) -> str:
        return self.field.key


def asked_by(desk: Desk, channel: Channel) -> tuple[Asked, ...]:
    """Returns the fields a channel asks for; none: whoever comes says their name and is let in."""
    return tuple(
        Asked(field, _kept(field)) for key in channel.asks if (field := desk.directory.get(key))
    )


def claims(
    desk: Desk, asked: tuple[Asked, ...], stated: Mapping[str, str]
) -> tuple[tuple[str, str], ...]:
    """Returns (where kept, value) of what singles a person out; the name where nothing else is
    asked.
    """
    found = [
        (one.kept, _normal(desk, one, stated))
        for one in asked
        if one.kept in ("pen", "phone", "email")
    ]
    return tuple(found) or (("name", " ".join(sorted(_words(stated.get(NAME.key, ""))))),)


def person_of(
    helpdesk: HelpDesk, desk: Desk, asked: tuple[Asked, ...], stated: Mapping[str, str]
) -> Contact | None:
    """Returns the one contact of whom everything stated is true; None for nobody and for several.

    It asks the database the same things, and compares as much, whatever is wrong.
    """
    claimed = claims(desk, asked, stated)
    owners = [_owners(helpdesk, kept, value) for kept, value in claimed]
    everybody = {0}.union(*owners)  # never empty: Django would ask nothing, and be faster
    people = Contact.objects.filter(desk=helpdesk, pk__in=everybody)

    def is_meant(person: Contact) -> bool:
        known = [person.pk in those for those in owners]
        return all(known + [_is_true(one, person, stated) for one in asked])

    right = [one for one in people.select_related("organisation", "merged_into") if is_meant(one)]
    if len(right) != 1:
        return None
    person = right[0].merged_into or right[0]
    person.desk = helpdesk
    return person


def came_as(
    person: Contact, asked: tuple[Asked, ...], stated: Mapping[str, str], desk: Desk
) -> str:
    """Returns the first of the stated PENs, numbers and addresses by which a person was found, as
    it is stored.
    """
    ways = (
        _ways(person.desk, kept, value)
        for kept, value in claims(desk, asked, stated)
        if kept != "name"
    )
    found = (
        way.filter(contact=person).values_list("identifier", flat=True).first() for way in ways
    )
    return next(filter(None, found), "")


def same_name(stated: str, known: str) -> bool:
    """Whether two names may be one person's: case, accents, dots, order and spaces do not matter,
    initials stand for words, and at least one whole word is the same.
    """
    said, kept = _words(stated), _words(known)
    if not said or not kept:
        return False
    if "".join(said) == "".join(kept) or "".join(sorted(said)) == "".join(sorted(kept)):
        return True
    fewer, more = sorted((said, kept), key=len)
    whole = {word for word in fewer if len(word) > 1 and word in more}
    return bool(whole) and _each_stands_for_another(fewer, more)


def _each_stands_for_another(fewer: list[str], more: list[str]) -> bool:
    left = list(more)
    for word in sorted(fewer, key=len, reverse=True):
        match = next((other for other in left if other == word), None) or next(
            (other for other in left if min(len(other), len(word)) == 1 and other[0] == word[0]),
            None,
        )
        if match is None:
            return False
        left.remove(match)
    return True


def _kept(field: DirectoryField) -> Kept:
    words = re.findall(r"[\w-]+", " ".join(field.known_as).casefold())
    if NAME.key == field.key.casefold():
        return "name"
    return next((_WORDS[word] for word in words if word in _WORDS), "attribute")


def _normal(desk: Desk, one: Asked, stated: Mapping[str, str]) -> str:
    text = stated.get(one.key, "").strip()
    if one.kept == "phone":
        return normal_identifier("phone", text, region=region_of(desk.zone))
    return normal_identifier(one.kept, text)[:254]


def _owners(helpdesk: HelpDesk, kept: str, value: str) -> set[int]:
    if kept == "name":  # nothing singles out
        return _named(helpdesk, value.split())
    return set(_ways(helpdesk, kept, value).values_list("contact_id", flat=True)[:2])


def _named(helpdesk: HelpDesk, words: Sequence[str]) -> set[int]:
    """Those whose name has one of the words: whoever `same_name` may find has one, whole."""
    whole = [word for word in words if len(word) > 1][:_MOST_WORDS] or [""]
    any_of = " || ".join(["plainto_tsquery('simple', deskbook_folded(%s))"] * len(whole))
    with connection.cursor() as cursor:
        cursor.execute(_BY_NAME.format(any_of=any_of), [helpdesk.pk, *whole])
        return {pk for (pk,) in cursor.fetchall()}


def _ways(helpdesk: HelpDesk, kept: str, value: str) -> QuerySet[ContactIdentity]:
    rows = ContactIdentity.objects.filter(desk=helpdesk, channel=kept)
    if kept == "pen":
        return rows.filter(identifier__iexact=value)
    return rows.filter(identifier__in=same_identifiers(kept, value))


def _is_true(one: Asked, person: Contact, stated: Mapping[str, str]) -> bool:
    said = stated.get(one.key, "")
    if one.kept == "name":
        return same_name(said, person.name)
    if one.kept == "attribute":
        known = {_plain(name): _plain(str(value)) for name, value in kept_of(person).items()}
        return bool(said.strip()) and _plain(said) in {
            known.get(_plain(name)) for name in one.field.known_as
        }
    return True  # whose it is was asked of the identities


def _words(name: str) -> list[str]:
    return re.findall(r"\w[\w\u0300-\u036f\u0900-\u097f\u0b00-\u0b7f\u0d00-\u0d7f]*", _plain(name))


def _plain(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text).casefold()
    latin = "".join(c for c in apart if not "\u0300" <= c <= "\u036f")
    return " ".join(unicodedata.normalize("NFC", latin).split())


def newcomer(helpdesk: HelpDesk, name: str, mail: str, *, language: str) -> Contact:
    """Returns who came by name alone, where the chat asks no more: somebody new.

    A typed address proves nothing: it is noted, and becomes theirs when they answer a letter that
    went to it. Until then its owner sees nothing of the chat, and what the desk knows of its owner
    stays as it is.
    """
    stated = {STATED: normal_identifier("email", mail)} if mail else {}
    return Contact.objects.create(
        desk=helpdesk, name=name.strip()[:200], language=language, attributes=stated
    )
