"""Signing in to a mail server by a token: XOAUTH2, as Google and Microsoft have it, and OAUTHBEARER
(RFC 7628).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

MECHANISMS = ("XOAUTH2", "OAUTHBEARER")
"""In the order they are taken: Microsoft offers the first alone."""


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who signs in where, and by which token."""

    user: str
    host: str
    port: int
    token: str = field(repr=False)

    def said(self, mechanism: str, challenge: bytes | None) -> str:
        """Returns what is said first, and to a `challenge`, in which the server says why it
        refuses: nothing, or the one byte it waits for (RFC 7628, 3.2.3).
        """
        is_standard = mechanism == "OAUTHBEARER"
        if challenge:
            return "\x01" if is_standard else ""
        bearer = f"auth=Bearer {self.token}\x01\x01"
        if is_standard:
            # RFC 5801, 4: these two are escaped in a name.
            name = self.user.replace("=", "=3D").replace(",", "=2C")
            return f"n,a={name},\x01host={self.host}\x01port={self.port}\x01{bearer}"
        return f"user={self.user}\x01{bearer}"


def mechanism_of(offered: Collection[str]) -> str:
    """Returns which of the mechanisms that a server offers is taken. Raises ConnectionError for
    none.
    """
    found = next((one for one in MECHANISMS if one in offered), None)
    if found is None:
        raise ConnectionError("The server lets nobody in by a token: it offers no XOAUTH2.")
    return found
