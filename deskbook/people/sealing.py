"""Secrets of other services in the database: kept so that a copy of the database alone does not
give them away.
"""

from base64 import urlsafe_b64encode
from hashlib import sha256

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

from deskbook.refusals.kept import kept


class Unreadable(Exception):
    """A secret was sealed with a key this installation no longer has: it must be entered again. The
    text says so, as it is kept.
    """


def sealed(secret: str) -> str:
    """Returns the secret encrypted (Fernet) with a key made from DESKBOOK_SECRET_KEY; empty stays
    empty.
    """
    return _keys().encrypt(secret.encode()).decode() if secret else ""


def unsealed(secret: str) -> str:
    """Returns what `sealed` was given, also by one of DESKBOOK_OLD_SECRET_KEYS. Raises
    Unreadable.
    """
    if not secret:
        return ""
    try:
        return _keys().decrypt(secret.encode()).decode()
    except InvalidToken:
        raise Unreadable(kept("secret.unreadable")) from None


def _keys() -> MultiFernet:
    return MultiFernet(
        [_fernet(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    )


def _fernet(key: str) -> Fernet:
    return Fernet(urlsafe_b64encode(sha256(b"deskbook sealed secrets\0" + key.encode()).digest()))
