"""What makes an address or a message the desk's own."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from deskbook.channels.email.address import Signer
from deskbook.engine.addresses import domain_of, normal_address, normal_domain


@dataclass(frozen=True, slots=True)
class Ours:
    """What makes an address ours: the desk's mailboxes, its domains, and the marks it signs. All
    are compared in their normal form.
    """

    addresses: Collection[str]
    domains: Collection[str] = ()
    signer: Signer | None = None

    def has(self, address: str) -> bool:
        """Whether an address is one of the desk's mailboxes, with or without a `+detail`."""
        local, _, domain = normal_address(address).rpartition("@")
        plain = f"{local.partition('+')[0]}@{domain}"
        known = {normal_address(a) for a in self.addresses}
        return plain in known or f"{local}@{domain}" in known

    def hosts(self, address: str) -> bool:
        """Whether an address is in a domain of the desk."""
        return domain_of(address) in {normal_domain(d) for d in self.domains}

    def wrote(self, address: str) -> bool:
        """Whether mail from an address is the desk's: one of its mailboxes, or the signed address
        of a ticket.
        """
        return self.has(address) or bool(self.signer and self.signer.read_reply_address(address))

    def sent(self, message_id: str | None) -> bool:
        """Whether a Message-ID is one this desk signed."""
        return bool(self.signer and message_id and self.signer.read_message_id(message_id))
