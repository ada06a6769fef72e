"""What makes an address or a message the desk's own."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from deskbook.channels.email.address import Signer


@dataclass(frozen=True, slots=True)
class Ours:
    """What makes an address ours: the desk's mailboxes, its domains, and the marks it signs. All compared without
    regard to capitals.
    """

    addresses: Collection[str]
    domains: Collection[str] = ()
    signer: Signer | None = None

    def has(self, address: str) -> bool:
        """Whether an address is one of the desk's mailboxes, with or without a `+detail`."""
        local, _, domain = address.strip().casefold().rpartition("@")
        plain = f"{local.partition('+')[0]}@{domain}"
        known = {a.casefold() for a in self.addresses}
        return plain in known or f"{local}@{domain}" in known

    def hosts(self, address: str) -> bool:
        """Whether an address is in a domain of the desk."""
        return address.casefold().rpartition("@")[2] in {d.casefold() for d in self.domains}

    def wrote(self, address: str) -> bool:
        """Whether mail from an address is the desk's: one of its mailboxes, or the signed address of a ticket."""
        return self.has(address) or bool(self.signer and self.signer.read_reply_address(address))

    def sent(self, message_id: str | None) -> bool:
        """Whether a Message-ID is one this desk signed."""
        return bool(self.signer and message_id and self.signer.read_message_id(message_id))
