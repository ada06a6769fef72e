"""Finding and making contacts by the ways they are reached."""

import unicodedata

import phonenumbers
from django.db import IntegrityError, connection, transaction

from deskbook.people.models import Contact, ContactIdentity, HelpDesk, Organisation, User


def normal_identifier(channel: str, identifier: str, *, region: str | None = None) -> str:
    """Returns the form an identifier is stored in: addresses lower case, numbers as E.164 where they parse."""
    text = unicodedata.normalize("NFC", identifier.strip())
    if channel == "email":
        return text.lower()
    if channel in ("phone", "sms", "whatsapp"):
        return _as_e164(text, region)
    return text


def contact_by(desk: HelpDesk, channel: str, identifier: str) -> Contact | None:
    """Returns the desk's contact with this identity, if it knows one."""
    known = ContactIdentity.objects.filter(
        desk=desk, channel=channel, identifier=normal_identifier(channel, identifier)
    ).select_related("contact__organisation")
    found = known.first()
    if found is None:
        return None
    found.contact.desk = desk  # an identity is known to its contact's desk alone
    return found.contact


def find_or_make_contact(
    desk: HelpDesk, channel: str, identifier: str, *, name: str = "", language: str = "en", sign_in: bool = True
) -> Contact:
    """Returns the contact with this identity, made if it is new; without `sign_in` they have no user until they ask.

    A new mail address in an organisation's domain joins that organisation as a community member, not a named contact.
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
    with connection.cursor() as cursor:
        cursor.execute(
            "select identifier from deskbook_contactidentity where contact_id = %s and channel = 'email' "
            "order by id limit 1",
            [contact.merged_into_id or contact.pk],
        )
        found = cursor.fetchone()
    return str(found[0]) if found else None


@transaction.atomic
def give_sign_ins(address: str) -> None:
    """Gives a user to every contact known by this mail address who has none; strangers get nothing."""
    identities = ContactIdentity.objects.filter(
        channel="email", identifier=normal_identifier("email", address), contact__user=None
    )
    for identity in identities.select_related("contact"):
        give_sign_in(identity.contact, identity.identifier)


def named_contacts(organisation: Organisation) -> list[str]:
    """Returns the names, or else addresses, of those who open and close cases for an organisation."""
    named = organisation.contacts.filter(named=True, merged_into=None).order_by("name", "pk")
    return [contact.name or address_of(contact) or str(contact) for contact in named]


def give_sign_in(contact: Contact, address: str | None = None) -> User | None:
    """Returns the user a contact signs in as, made by `address` or their first one; None without an address."""
    if contact.user:
        return contact.user
    address = address or address_of(contact)
    if address is None:
        return None
    user, _ = User.objects.get_or_create(
        email=address,
        defaults={"name": contact.name, "language": contact.language, "zone": contact.zone, "password": "!"},
    )
    contact.user = user
    contact.save(update_fields=["user"])
    return user


def _make(desk: HelpDesk, channel: str, identifier: str, name: str, language: str) -> Contact:
    organisation = _organisation_of(desk, channel, identifier)
    contact = Contact.objects.create(
        desk=desk,
        name=(name.strip() or identifier)[:200],
        language=language,
        organisation=organisation,
        named=organisation is None,
    )
    ContactIdentity.objects.create(contact=contact, desk=desk, channel=channel, identifier=identifier)
    return contact


def _organisation_of(desk: HelpDesk, channel: str, identifier: str) -> Organisation | None:
    if channel != "email" or "@" not in identifier:
        return None
    return Organisation.objects.filter(desk=desk, domains__contains=[identifier.rpartition("@")[2]]).first()


def _as_e164(text: str, region: str | None) -> str:
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return text
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
