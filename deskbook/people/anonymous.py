"""Requesters who give no name: known by the number of their case and a secret, and by nothing
else.
"""

from base64 import b32encode

from django.db import transaction
from django.utils import translation
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from deskbook.people.books import usual_language
from deskbook.people.models import Contact, HelpDesk, User
from deskbook.people.turns import take_turns

DOMAIN = "nobody.invalid"
"""Of the addresses their accounts have: none, by RFC 2606, is ever anybody's mailbox."""
_LENGTH = 16


def secret_of(key: str) -> str:
    """Returns the secret that belongs to a form's key, in fours; the same form sent again has the
    same, and nobody reads the key of it.
    """
    digest = salted_hmac("without a name: secret", key, algorithm="sha256").digest()
    said = b32encode(digest).decode()[:_LENGTH]
    return "-".join(said[at : at + 4] for at in range(0, _LENGTH, 4))


@transaction.atomic
def contact_without_a_name(helpdesk: HelpDesk, key: str, language: str = "") -> Contact:
    """Returns the requester a form's key stands for, made where there is none: without an address,
    and with the secret as their password.
    """
    name = salted_hmac("without a name", key, algorithm="sha256").hexdigest()[:32]
    email = f"{name}@{DOMAIN}"
    take_turns(email)  # a form sent twice at once
    known = Contact.objects.filter(user__email=email, desk=helpdesk).first()
    if known:
        return known
    usual = usual_language(helpdesk)
    with translation.override(usual):
        called = _("Without a name")
    user = User.objects.create_user(email, called)
    User.objects.filter(pk=user.pk).update(password=_kept(secret_of(key)))
    return Contact.objects.create(
        desk=helpdesk, user=user, name=called, language=language or usual, anonymous=True
    )


def has_the_secret(contact: Contact, typed: str) -> bool:
    """Whether what was typed is the secret of who gave no name; of anybody else it never is."""
    nameless = contact.user if contact.anonymous else None
    return constant_time_compare(_kept(typed), nameless.password if nameless else "")


def gives_no_name(user: User) -> bool:
    """Whether an account is of somebody who gave no name."""
    return user.email.endswith(f"@{DOMAIN}")


def _kept(secret: str) -> str:
    """As it is kept: of eighty bits of chance nobody finds it again, and no time tells a case of
    who gave no name from another, as the slow hash of a password would.
    """
    digest = salted_hmac("without a name: kept", _bare(secret), algorithm="sha256").hexdigest()
    return f"nameless${digest}"


def _bare(secret: str) -> str:
    """As it counts: people leave the dashes out, and write small letters, 0 for O and 1 for I."""
    kept = "".join(letter for letter in secret.upper() if letter.isalnum())
    return kept.replace("0", "O").replace("1", "I")
