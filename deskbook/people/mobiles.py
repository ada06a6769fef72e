"""Mobiles: the numbers a text reaches."""

import phonenumbers

from deskbook.engine.quoting import short
from deskbook.people.merging import person
from deskbook.people.models import Contact
from deskbook.people.numbers import dialled

_MOBILE = (
    phonenumbers.PhoneNumberType.MOBILE,
    phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE,
    phonenumbers.PhoneNumberType.PERSONAL_NUMBER,
)


class NoText(Exception):
    """There is no text to send; the sentence says why and what to do."""


def mobile_number(number: str) -> str:
    """Returns a number as E.164; raises NoText for none, or one of a line that takes no texts."""
    try:
        parsed = phonenumbers.parse(dialled(number), None)
    except phonenumbers.NumberParseException as wrong:
        raise NoText(
            f"“{short(number)}” is no phone number with its country, like +91 94370 12345."
        ) from wrong
    if phonenumbers.number_type(parsed) not in _MOBILE:
        raise NoText(f"{number} is not a mobile: texts do not reach it.")
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def mobile_of(contact: Contact) -> str | None:
    """Returns the first mobile number of a contact, as E.164."""
    return next(iter(mobiles_of(contact)), None)


def mobiles_of(contact: Contact) -> list[str]:
    """Returns the mobile numbers of a contact, as E.164, the first one known first."""
    ways = (
        person(contact).identities.filter(channel__in=("sms", "phone", "whatsapp")).order_by("pk")
    )
    return list(
        dict.fromkeys(filter(None, map(_as_mobile, ways.values_list("identifier", flat=True))))
    )


def _as_mobile(number: str) -> str | None:
    try:
        return mobile_number(number)
    except NoText:
        return None
