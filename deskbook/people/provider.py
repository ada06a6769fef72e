"""The sign-in provider and the directory of an installation, as the operator names them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Security = Literal["tls", "starttls", "none"]


@dataclass(frozen=True, slots=True)
class Provider:
    """Where people sign in instead of by a mailed code."""

    issuer: str
    client_id: str
    client_secret: str = field(default="", repr=False)
    name: str = ""
    """As the button calls it."""
    groups: str = "groups"
    """The claim that lists somebody's groups."""
    vouches_for: tuple[str, ...] = ()
    """Mail domains whose addresses are its own, though it does not say that they are verified."""


@dataclass(frozen=True, slots=True)
class MailProvider:
    """Where mailboxes are opened by tokens."""

    client: Provider
    scopes: str
    secret_until: date | None = None
    """Until when the client's secret is good, as its operator wrote it down."""


@dataclass(frozen=True, slots=True)
class LdapDirectory:
    """Where people have a name and a password, asked by LDAP."""

    host: str
    port: int
    security: Security
    """How it is spoken to; "none" on this machine alone."""
    base: str
    """Where in it people stand (a DN)."""
    people: str = "(uid={name})"
    """The filter (RFC 4515) that finds somebody by what they type."""
    bind_dn: str = ""
    """As whom people are looked for; "" for nobody."""
    bind_password: str = field(default="", repr=False)
    groups: str = ""
    """Where in it groups stand; "" where they count for nothing."""
    name: str = ""
    """As the form calls it."""
    vouches_for: tuple[str, ...] = ()
    """Mail domains whose addresses nobody gives themselves there."""
