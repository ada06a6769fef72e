"""Finding and making contacts by the ways they are reached."""

import re
import unicodedata
from collections.abc import Collection, Mapping
from functools import reduce
from operator import or_

from django.db import IntegrityError, connection, transaction
from django.db.models import Q

from deskbook.engine.addresses import domain_of, normal_address
from deskbook.people.books import usual_language
from deskbook.people.changed_ways import note_changed_way, refuse_of_the_desk, refuse_outside
from deskbook.people.models import Agent, Contact, ContactIdentity, HelpDesk, Organisation, User
from deskbook.people.numbers import NUMBERED, as_e164, beginnings, dialled, spellings
from deskbook.people.prepared import Prepared, among
from deskbook.people.sessions import end_sessions_of_nobody

STATED = "stated mail address, not proved"
"""Attribute of a contact: what somebody typed who proved nothing."""


def normal_identifier(channel: str, identifier: str, *, region: str | None = None) -> str:
    """Returns the form an identifier is stored in: addresses as `normal_address`, numbers as E.164
    where they parse.

    A number that is rung or texted is in the form that takes; WhatsApp's stays as WhatsApp writes
    it. What is looked for by an identifier is looked for by `same_identifiers`.
    """
    if channel == "email":
        return normal_address(identifier)
    text = unicodedata.normalize("NFC", identifier.strip())
    if channel in ("phone", "sms"):
        return dialled(as_e164(text, region))
    return as_e164(text, region) if channel == "whatsapp" else text


def same_identifiers(channel: str, stored: str) -> tuple[str, ...]:
    """Returns every form in which one and the same identifier may be stored, the one given
    first.
    """
    return spellings(stored) if channel in NUMBERED else (stored,)


def way_typed(contact: Contact, *typed: str, region: str | None = None) -> str:
    """Returns the address or number of this person, as it is stored, that stands in what was typed;
    "" for none.

    `region` is the country (ISO 3166) of a number without a prefix.
    """
    known = {
        form: way.identifier
        for way in _WAYS.ask(contact=contact.person_id)
        for form in same_identifiers(way.channel, way.identifier)
    }
    for text in typed:
        number = normal_identifier("phone", text, region=region)
        for word in (text.strip(), number, *map(normal_address, re.split(r"[\s<>,;()]+", text))):
            if word in known:
                return known[word]
    return ""


def begins_like(start: str) -> Q:
    """Returns which identities begin with what somebody typed, a number in whatever spelling."""
    return reduce(or_, (Q(identifier__startswith=form) for form in beginnings(start)))


def contact_by(desk: HelpDesk, channel: str, identifier: str) -> Contact | None:
    """Returns the desk's contact with this identity, if it knows one."""
    forms = same_identifiers(channel, normal_identifier(channel, identifier))
    known = _KNOWN.ask(desk=desk.pk, channel=channel, forms=list(forms))
    rows = {row.identifier: row for row in known}
    found = next((rows[form] for form in forms if form in rows), None)
    if found is None:
        return None
    found.contact.desk = desk  # an identity is known to its contact's desk alone
    return found.contact


_WAYS = Prepared(
    lambda contact: ContactIdentity.objects.filter(contact=contact).order_by("pk"), "contact"
)
_KNOWN = Prepared(
    lambda desk, channel, forms: (
        ContactIdentity.objects.filter(
            among("deskbook_contactidentity.identifier", forms),
            desk=desk,
            channel=channel,
        )
        .select_related("contact__organisation")
        .order_by("-pk")
    ),
    "desk",
    "channel",
    "forms",
)


def find_or_make_contact(
    desk: HelpDesk,
    channel: str,
    identifier: str,
    *,
    name: str = "",
    language: str = "",
    sign_in: bool = True,
) -> Contact:
    """Returns the contact with this identity, made if it is new; without `sign_in` they have no
    user until they ask. Without `language` they are written to in the desk's usual one.

    A new mail address in an organisation's domain joins that organisation as a community member,
    not a named contact.
    """
    known = contact_by(desk, channel, identifier)
    if known:
        return known
    try:
        with transaction.atomic():
            contact = _make(desk, channel, normal_identifier(channel, identifier), name, language)
            if sign_in:
                give_sign_in(contact)
            return contact
    except IntegrityError:  # two mails of one new sender at once: the other transaction was first
        known = contact_by(desk, channel, identifier)
        if known is None:
            raise
        return known


def address_of(contact: Contact) -> str | None:
    """Returns the first mail address of a contact."""
    return next(iter(addresses_of(contact)), None)


def addresses_of(contact: Contact) -> list[str]:
    """Returns the mail addresses of a contact, the first one known first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select identifier from deskbook_contactidentity where contact_id = %s and channel ="
            " 'email' order by id",
            [contact.person_id],
        )
        return [str(identifier) for [identifier] in cursor.fetchall()]


def addresses_to_write_to(contact: Contact) -> list[str]:
    """Returns where letters to a contact go: their addresses, or else the one they only stated."""
    stated = stated_address(contact)
    return addresses_of(contact) or ([stated] if stated else [])


def stated_address(contact: Contact) -> str | None:
    """Returns the address somebody without any only typed. Letters go there; it opens nothing and
    finds nobody.

    None once it is known to be somebody's: then nobody is written to for what a stranger typed.
    """
    typed = normal_identifier("email", str(contact.attributes.get(STATED, "")))
    if not typed:
        return None
    ways = ContactIdentity.objects.filter(desk=contact.desk_id, channel="email")
    return None if ways.filter(Q(identifier=typed) | Q(contact=contact)).exists() else typed


@transaction.atomic
def prove_stated(contact: Contact) -> None:
    """Makes the address a contact stated theirs: they answered a letter that only its owner got."""
    stated = stated_address(contact)
    if stated:
        contact.attributes = {
            name: value for name, value in contact.attributes.items() if name != STATED
        }
        contact.save(update_fields=["attributes"])
        add_way(contact, "email", stated)


@transaction.atomic
def give_sign_ins(address: str) -> User | None:
    """Returns the user of a mail address some desk knows, made for its contact if need be; None for
    strangers.
    """
    known = normal_identifier("email", address)
    for identity in ContactIdentity.objects.filter(
        channel="email", identifier=known
    ).select_related("contact"):
        if was_ended(identity.contact):
            continue
        if identity.contact.user is None:
            give_sign_in(identity.contact, known)
        else:
            _user_by(known, identity.contact)
    return User.objects.filter(email=known).first()


def was_ended(contact: Contact) -> bool:
    """Whether a directory ended who this is, by whichever of their addresses it knew them: no
    other one opens anything then.
    """
    theirs = Q(email__in=addresses_of(contact)) | Q(pk=contact.user_id)
    return User.objects.filter(theirs, is_active=False).exists()


def named_contacts(organisation: Organisation) -> list[str]:
    """Returns the names, or else addresses, of those who open and close cases for an
    organisation.
    """
    named = organisation.contacts.filter(named=True, merged_into=None).order_by("name", "pk")
    return [contact.name or address_of(contact) or str(contact) for contact in named]


def give_sign_in(contact: Contact, address: str | None = None) -> User | None:
    """Returns the user a contact signs in as, made by `address` or their first one; None without an
    address.
    """
    if contact.user:
        return contact.user
    address = address or address_of(contact)
    if address is None:
        return None
    contact.user = _user_by(address, contact)
    contact.save(update_fields=["user"])
    return contact.user


@transaction.atomic
def add_way(contact: Contact, channel: str, stored: str, *, by: Agent | None = None) -> None:
    """Adds a way to reach a contact, as `normal_identifier` gave it. Raises IntegrityError when
    another has it.

    `by` is who of the desk did it, None where the person proved it. Whoever was reached by mail
    before is told; an address or number of somebody who works at the desk is refused (WayRefused),
    and so is, to who does not manage people, one outside the domains of their organisation.
    """
    if contact.identities.filter(channel=channel, identifier=stored).exists():
        return
    if by is not None:
        refuse_of_the_desk(contact.desk, channel, stored)
        refuse_outside(contact, [stored] if channel == "email" else (), by=by)
    before = addresses_of(contact)
    way, made = ContactIdentity.objects.get_or_create(
        contact=contact, desk=contact.desk, channel=channel, identifier=stored
    )
    if made and by is not None:
        note_changed_way(contact.pk, "added", way, before, by=by)
    settle_sign_ins(contact)


@transaction.atomic
def take_ways_away(contact: Contact, ways: Collection[int], *, by: Agent | None = None) -> None:
    """Takes identities (ids) off a contact: who signed in by one of these addresses is this contact
    no more.

    Whoever was reached by mail until now is told, the address that goes too, where somebody of the
    desk did it (`by`).
    """
    gone = ContactIdentity.objects.filter(contact=contact, pk__in=ways)
    before = addresses_of(contact)
    if by is not None:
        for way in gone:
            note_changed_way(contact.pk, "taken away", way, before, by=by)
    addresses = list(gone.filter(channel="email").values_list("identifier", flat=True))
    gone.delete()
    settle_sign_ins(contact)
    end_sessions_of_nobody(User.objects.filter(email__in=addresses))


def settle_sign_ins(*contacts: Contact) -> None:
    """Gives each contact the account of a mail address they have now, and of no other; none without
    an address.
    """
    for contact in contacts:
        addresses = list(
            contact.identities.filter(channel="email")
            .order_by("pk")
            .values_list("identifier", flat=True)
        )
        if contact.user is None or contact.user.email not in addresses:
            contact.user = _user_by(addresses[0], contact) if addresses else None
            contact.save(update_fields=["user"])


def _user_by(address: str, contact: Contact) -> User:
    """Returns the user of an address, made as the contact is called if there is none."""
    return User.objects.get_or_create(
        email=address,
        defaults={
            "name": contact.name,
            "language": chosen_language(contact),
            "zone": contact.zone,
            "password": "!",
        },
    )[0]


def chosen_language(contact: Contact) -> str:
    """Returns the language somebody said a contact reads; empty for the desk's usual one, which is
    nobody's choice.
    """
    return "" if contact.language == usual_language(contact.desk) else contact.language


def _make(desk: HelpDesk, channel: str, identifier: str, name: str, language: str) -> Contact:
    contact = new_contact(desk, {channel: identifier}, name=name, language=language)
    ContactIdentity.objects.create(
        contact=contact, desk=desk, channel=channel, identifier=identifier
    )
    return contact


def new_contact(
    desk: HelpDesk,
    ways: Mapping[str, str],
    *,
    name: str,
    language: str,
    organisation: Organisation | None = None,
    **more: str,
) -> Contact:
    """Returns a contact made, still without these ways (channel → identifier, as it is stored), of
    the organisation whose domain their mail address is of where none is said.
    """
    organisation = organisation or organisation_reached(desk, ways.get("email", ""))
    return Contact.objects.create(
        desk=desk,
        name=(name.strip() or next(iter(ways.values())))[:200],
        language=language or usual_language(desk),
        organisation=organisation,
        named=organisation is None,
        **more,
    )


def organisation_reached(desk: HelpDesk, address: str) -> Organisation | None:
    """Returns the organisation of the desk whose domain a mail address is of."""
    if "@" not in address:
        return None
    return Organisation.objects.filter(desk=desk, domains__contains=[domain_of(address)]).first()
