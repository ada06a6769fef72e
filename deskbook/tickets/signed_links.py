"""Addresses that say who it is: whoever has one acts as that contact, without signing in."""

from django.core import signing

from deskbook.people.access import NoAccess


def link_token(purpose: str, on: int, contact: int) -> str:
    """Returns what names, for one purpose, the row it is about and the contact."""
    return signing.dumps([on, contact], salt=purpose)


def read_link(purpose: str, token: str) -> tuple[int, int]:
    """Returns both; raises NoAccess for what we did not make for that."""
    try:
        on, contact = signing.loads(token, salt=purpose)
    except (signing.BadSignature, ValueError):
        raise NoAccess("no such link") from None
    return on, contact
