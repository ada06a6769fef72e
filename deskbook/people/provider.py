"""The sign-in provider of an installation, as the operator names it."""

from __future__ import annotations

from dataclasses import dataclass, field


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
