"""Two contacts that are one person: taken together, found together, and taken apart again exactly.

Nothing a contact has done is rewritten. Their identities move, and `Contact.merged_into` says who
they are.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from deskbook.engine.addresses import normal_address
from deskbook.people.changed_ways import (
    Change,
    OutsideTheDomains,
    is_of_the_desk,
    note_changed_way,
    refuse_outside,
    ways_of_the_desk,
)
from deskbook.people.contacts import STATED, addresses_of, settle_sign_ins
from deskbook.people.merge_models import ContactMerge
from deskbook.people.models import Agent, Contact, ContactIdentity, Way
from deskbook.people.numbers import spellings
from deskbook.people.prepared import Prepared, among
from deskbook.refusals.refusal import Refused

MOST_PROPOSED = 20


class NotOnePerson(Refused):
    """These two cannot be merged; the sentence says why and what to do."""


def person(contact: Contact) -> Contact:
    """Returns the contact that stands for this person: itself, or the one it was merged into."""
    return (
        contact
        if contact.merged_into_id is None or contact.merged_into is None
        else contact.merged_into
    )


def ways_of(contact: Contact) -> Sequence[Way]:
    """Returns every way to reach a person."""
    return ways_of_each([contact])[0]


def ways_of_each(contacts: Sequence[Contact]) -> list[Sequence[Way]]:
    """Returns the same of several, asked for together: nothing of whom a page knows it already."""
    people = [person(contact) for contact in contacts]
    found: dict[int, list[Way]] = {one.pk: [] for one in people if one.known_ways is None}
    if found:
        for contact, *way in _WAYS.columns(contacts=list(found)):
            found[contact].append(Way(*way))
    return [found[one.pk] if one.known_ways is None else one.known_ways for one in people]


_WAYS = Prepared(
    lambda contacts: (
        ContactIdentity.objects.filter(among("deskbook_contactidentity.contact_id", contacts))
        .order_by("pk")
        .values_list("contact", "pk", "channel", "identifier")
    ),
    "contacts",
)


def same_person(contact: Contact) -> list[int]:
    """Returns the ids of all contacts that are this person, its own among them."""
    root = contact.person_id
    return [root, *(pk for (pk,) in _BEHIND.columns(root=root))]


_BEHIND = Prepared(
    lambda root: Contact.objects.filter(merged_into=root).order_by("pk").values_list("pk"), "root"
)


def kept_of(contact: Contact) -> Mapping[str, object]:
    """Returns what the desk keeps with a person under headings of its own: where the contact that
    stands for them has nothing, what another one has; not an address nobody proved.
    """
    root = contact.person_id
    known = Contact.objects.filter(Q(pk=root) | Q(merged_into=root)).order_by("pk")
    rows = dict(known.values_list("pk", "attributes"))
    own = rows.pop(root)
    others = {name: value for row in rows.values() for name, value in row.items() if value}
    others.pop(STATED, None)
    return others | {name: value for name, value in own.items() if value or name not in others}


def notes_of(contact: Contact) -> list[str]:
    """Returns what the desk noted of a person, of those they were before they were merged too."""
    root = contact.person_id
    known = Contact.objects.filter(Q(pk=root) | Q(merged_into=root)).exclude(note="")
    return list(known.order_by("pk").values_list("note", flat=True))


def is_person(contact: Contact, other: int | None) -> bool:
    """Whether a contact's id is this person. Asks the database only where it is not plainly
    theirs.
    """
    return other in (contact.pk, contact.person_id) or other in same_person(contact)


def of_two_organisations(one: int | None, other: int | None) -> bool:
    """Whether what is to be one (contacts, cases) belongs to two organisations (ids): each reads of
    the other then.

    A person is asked before they are merged; the desk itself merges none.
    """
    return one is not None and other is not None and one != other


@transaction.atomic
def merge_contacts(
    source: Contact, into: Contact, *, at: datetime, by: Agent | None
) -> ContactMerge:
    """Takes `source` for the same person as `into`, whose name and organisation stay. Raises
    NotOnePerson.

    The account moves where `into` has none; where both have one, both sign in to the same cases.
    The desk itself (`by` None) does not merge two that a person took apart, nor people of two
    organisations; nor does who does not manage people make somebody of an organisation who writes
    from outside its domains.
    """
    source, into = _locked(source, into)
    _refuse(source, into)
    _refuse_of_the_desk(source, into)
    _refuse_outside(source, into, by)
    if by is None:
        _refuse_alone(source, into)
    else:
        _note(source, into, "added", by)
    moving = ContactIdentity.objects.filter(contact=source)
    merge = ContactMerge(desk=into.desk, source=source, into=into, by=by, at=at)
    merge.identities = list(moving.order_by("pk").values_list("pk", flat=True))
    moving.update(contact=into)
    if into.user_id is None and source.user_id is not None:
        merge.user_id = source.user_id
        Contact.objects.filter(pk=into.pk).update(user=source.user_id)
        Contact.objects.filter(pk=source.pk).update(user=None)
    merge.save()
    Contact.objects.filter(Q(pk=source.pk) | Q(merged_into=source)).update(merged_into=into)
    _settle(into.pk)
    return merge


@transaction.atomic
def undo_merge(merge: ContactMerge, *, at: datetime, by: Agent | None) -> Contact:
    """Takes the two apart: what moved goes back. Returns the contact freed. What they wrote
    meanwhile is given back by `tickets.taking_apart`.

    Taken back twice it does nothing the second time.
    """
    source, into = _locked(merge.source, merge.into)
    merge = ContactMerge.objects.select_for_update(no_key=True, of=("self",)).get(pk=merge.pk)
    if merge.undone_at is not None:
        return source
    root = into.person_id
    # Only what is with the person now: an identity of a third, freed meanwhile, is not taken along.
    ContactIdentity.objects.filter(pk__in=merge.identities, contact=root).update(contact=source)
    held = Contact.objects.filter(pk__in=(into.pk, root), user=merge.user_id)
    if merge.user_id is not None and held.update(user=None):
        # Else it went back to whose it was before already.
        Contact.objects.filter(pk=source.pk).update(user=merge.user_id)
    merge.undone_at, merge.undone_by = at, by
    merge.save(update_fields=["undone_at", "undone_by"])
    Contact.objects.filter(pk__in=_behind(source)).update(merged_into=source)
    Contact.objects.filter(pk=source.pk).update(merged_into=None)
    _settle(source.pk, root)
    source.refresh_from_db()
    if by is not None:
        _note(source, into if into.pk == root else Contact.objects.get(pk=root), "taken away", by)
    return source


def merges_of(contact: Contact) -> QuerySet[ContactMerge]:
    """Returns the merges in force that made this person, the latest first."""
    rows = ContactMerge.objects.filter(into__in=same_person(contact), undone_at=None)
    return rows.select_related("source", "into", "by__user").order_by("-at", "-pk")


def perhaps_the_same(contact: Contact) -> list[Contact]:
    """Returns other contacts of the desk that may be this person: the same name, or one number or
    mail they share in another spelling or by another way.
    """
    others = Contact.objects.filter(desk=contact.desk_id, merged_into=None, anonymous=False)
    others = others.exclude(pk=contact.pk)
    if contact.anonymous:
        return []
    ways = list(contact.identities.values_list("channel", "identifier"))
    mails = [plain_address(identifier) for channel, identifier in ways if channel == "email"]
    found = Q(pk__in=_spelt_alike(contact, mails))
    numbers = [
        form for channel, identifier in ways if channel != "email" for form in spellings(identifier)
    ]
    if numbers:
        found |= Q(identities__identifier__in=numbers)
    if contact.name.strip():
        found |= Q(name=contact.name)
    return list(
        others.filter(found)
        .select_related("organisation")
        .distinct()
        .order_by("name", "pk")[:MOST_PROPOSED]
    )


def plain_address(address: str) -> str:
    """Returns an address without what writers of it vary: capitals, a +detail, dots before
    the @.
    """
    local, _at, domain = normal_address(address).rpartition("@")
    return f"{local.partition('+')[0].replace('.', '')}@{domain.removeprefix('www.')}"


def _spelt_alike(contact: Contact, mails: list[str]) -> list[int]:
    if not mails:
        return []
    starts = Q()
    for address in mails:
        starts |= Q(
            identifier__startswith=address[:1], identifier__endswith=address[address.index("@") :]
        )
    rows = ContactIdentity.objects.filter(starts, desk=contact.desk_id, channel="email").exclude(
        contact=contact
    )
    found = rows.values_list("contact_id", "identifier")[:2_000]
    return [pk for pk, address in found if plain_address(address) in mails]


def _settle(*contacts: int) -> None:
    settle_sign_ins(*Contact.objects.filter(pk__in=contacts).select_related("user"))


def _locked(*contacts: Contact) -> list[Contact]:
    """Returns the contacts as they are now, nobody else changing them till the transaction ends."""
    ids = [contact.pk for contact in contacts]
    rows = (
        Contact.objects.select_for_update(no_key=True, of=("self",))
        .select_related("desk", "organisation")
        .order_by("pk")
    )
    fresh = {row.pk: row for row in rows.filter(pk__in=ids)}
    return [fresh[pk] for pk in ids]


def _refuse(source: Contact, into: Contact) -> None:
    if source.desk_id != into.desk_id:
        raise NotOnePerson("one person: two desks")
    if source.pk == into.pk:
        raise NotOnePerson("one person: itself")
    for contact in (source, into):
        if contact.anonymous:
            raise NotOnePerson("one person: without a name")
        if contact.merged_into_id is not None:
            raise NotOnePerson(
                "one person: merged", who=str(contact), into=str(contact.merged_into)
            )


def _refuse_of_the_desk(source: Contact, into: Contact) -> None:
    """Else somebody of the desk would be who they serve, by an address that wrote once or a number
    that rang.
    """
    ours = ways_of_the_desk(into.desk)
    for way in (
        ContactIdentity.objects.filter(contact__in=(source, into))
        .select_related("contact")
        .order_by("pk")
    ):
        if is_of_the_desk(way.channel, way.identifier, ours):
            raise NotOnePerson("one person: of the desk", who=str(way.contact), what=way.identifier)


def _refuse_outside(source: Contact, into: Contact, by: Agent | None) -> None:
    """Else an agent makes somebody of a domain, takes themselves for the same, and reads on."""
    if source.organisation_id != into.organisation_id:
        try:
            refuse_outside(into, addresses_of(source), by=by)
        except OutsideTheDomains as refused:
            raise NotOnePerson(
                "one person: outside", who=str(source), **refused.refusal.facts
            ) from None


def _note(source: Contact, into: Contact, change: Change, by: Agent) -> None:
    """While two are one, whoever has an address of either signs in as the other: both are told of
    which, each time.
    """
    for one, other in ((into, source), (source, into)):
        told = addresses_of(one)
        for way in ContactIdentity.objects.filter(contact=other, channel="email").order_by("pk"):
            note_changed_way(one.pk, change, way, told, by=by)


def _refuse_alone(source: Contact, into: Contact) -> None:
    """A number two people share must not show one of them the cases of the other's organisation."""
    if of_two_organisations(source.organisation_id, into.organisation_id):
        raise NotOnePerson("one person: two organisations", one=str(source), other=str(into))
    both = [*same_person(source), *same_person(into)]
    apart = ContactMerge.objects.filter(source__in=both, into__in=both, undone_by__isnull=False)
    if apart.exists():
        raise NotOnePerson("one person: taken apart", one=str(source), other=str(into))


def _behind(source: Contact) -> list[int]:
    """The contacts merged into this one, directly or by a chain in force."""
    behind: list[int] = []
    seeking = [source.pk]
    while seeking:
        rows = ContactMerge.objects.filter(into__in=seeking, undone_at=None).values_list(
            "source_id", flat=True
        )
        seeking = [pk for pk in rows if pk not in behind]
        behind += seeking
    return behind
