"""Addresses, message ids and subject marks of our own, signed so that nobody can guess their way
into a ticket.
"""

from __future__ import annotations

import hmac
import re
from base64 import b32encode
from dataclasses import dataclass
from hashlib import sha256

from deskbook.engine.addresses import normal_address, normal_domain

_ID = r"([a-z0-9-]{1,64})"
_SIGNATURE = r"([a-z2-7]{16})"
_REPLY = re.compile(rf"t\.{_ID}\.{_SIGNATURE}")
_AGENT = re.compile(rf"a\.{_ID}\.{_ID}\.{_SIGNATURE}")
_BOUNCE = re.compile(rf"bounce\+{_ID}\.{_SIGNATURE}")
_MESSAGE = re.compile(rf"t\.{_ID}\.{_ID}\.{_SIGNATURE}")

NOTICE = "notice"
"""Stands where the ticket's id would, in the marks of a mail that is of no ticket: no number, so
that an answer to it is a new request and reaches nobody's ticket.
"""


@dataclass(frozen=True, slots=True)
class OwnMessage:
    """The ticket and the message one of our Message-IDs stands for; both ids in lower case."""

    ticket: str
    message: str


@dataclass(frozen=True, slots=True)
class Signer:
    """Makes and reads the desk's own marks. `older_secrets` are still read, so a secret can be
    changed.

    Ids are letters, digits and `-`; servers fold the part before `@`, so what is read comes back in
    lower case.
    """

    secret: bytes
    domain: str
    local: str = "info"
    prefix: str = "DB"
    older_secrets: tuple[bytes, ...] = ()

    def reply_address(self, ticket: str) -> str:
        """`info+t.<ticket>.<hmac>@domain`, where an answer to this ticket goes (RFC 5233
        sub-address).
        """
        folded = _folded(ticket)
        return f"{self.local}+t.{folded}.{self._sign('reply', folded)}@{self.domain}"

    def read_reply_address(self, address: str) -> str | None:
        """The ticket id of a reply address of ours, or None when it is not one or its signature is
        wrong.
        """
        local, _, domain = normal_address(address).rpartition("@")
        own, _, detail = local.partition("+")
        found = _REPLY.fullmatch(detail)
        if not found or domain != normal_domain(self.domain) or own != self.local.lower():
            return None
        return found[1] if self._signed("reply", found[1], found[2]) else None

    def agent_address(self, ticket: str, agent: str) -> str:
        """`info+a.<ticket>.<agent>.<hmac>@domain`, where one person of the desk answers a notice of
        this ticket.
        """
        content = f"{_folded(ticket)}.{_folded(agent)}"
        return f"{self.local}+a.{content}.{self._sign('agent', content)}@{self.domain}"

    def read_agent_address(self, address: str) -> tuple[str, str] | None:
        """The ticket and the agent of such an address, or None when it is not one or its signature
        is wrong.
        """
        local, _, domain = normal_address(address).rpartition("@")
        own, _, detail = local.partition("+")
        found = _AGENT.fullmatch(detail)
        if not found or domain != normal_domain(self.domain) or own != self.local.lower():
            return None
        return (
            (found[1], found[2])
            if self._signed("agent", f"{found[1]}.{found[2]}", found[3])
            else None
        )

    def bounce_address(self, message: str) -> str:
        """The envelope sender of one outgoing message, so that its bounce names it whatever the
        bounce says (VERP).
        """
        folded = _folded(message)
        return f"bounce+{folded}.{self._sign('bounce', folded)}@{self.domain}"

    def read_bounce_address(self, address: str) -> str | None:
        """The message id of a bounce address of ours, or None."""
        local, _, domain = normal_address(address).rpartition("@")
        found = _BOUNCE.fullmatch(local)
        if not found or domain != normal_domain(self.domain):
            return None
        return found[1] if self._signed("bounce", found[1], found[2]) else None

    def message_id(self, ticket: str, message: str) -> str:
        """`<t.<ticket>.<message>.<hmac>@domain>`, the Message-ID of one outgoing message."""
        content = f"{_folded(ticket)}.{_folded(message)}"
        return f"<t.{content}.{self._sign('message', content)}@{self.domain}>"

    def read_message_id(self, message_id: str, *, any_domain: bool = False) -> OwnMessage | None:
        """The ticket and message of a Message-ID of ours, or None when it is foreign or its
        signature is wrong. In `any_domain` it may be another desk's, or the site's own.
        """
        local, _, domain = normal_address(message_id.strip().strip("<>")).rpartition("@")
        found = _MESSAGE.fullmatch(local)
        if not found or (domain != normal_domain(self.domain) and not any_domain):
            return None
        return (
            OwnMessage(found[1], found[2])
            if self._signed("message", f"{found[1]}.{found[2]}", found[3])
            else None
        )

    def subject_token(self, number: int) -> str:
        """`[SPR-123]`, which people and poor mail programs keep in the subject. Unsigned: proof of
        nothing.
        """
        return f"[{self.prefix}-{number}]"

    def read_subject_token(self, subject: str) -> int | None:
        """The last ticket number in a subject, or None."""
        found = re.findall(rf"\[{re.escape(self.prefix)}-([0-9]{{1,12}})\]", subject, re.IGNORECASE)
        return int(found[-1]) if found else None

    def _sign(self, purpose: str, content: str) -> str:
        return _mac(self.secret, purpose, content)

    def _signed(self, purpose: str, content: str, signature: str) -> bool:
        secrets = (self.secret, *self.older_secrets)
        return any(
            hmac.compare_digest(_mac(secret, purpose, content), signature) for secret in secrets
        )


def _mac(secret: bytes, purpose: str, content: str) -> str:
    # 80 bits in base 32: short enough for a 64-character local part, and survives the folding of
    # capitals.
    return (
        b32encode(hmac.digest(secret, f"{purpose}:{content}".encode(), sha256)[:10])
        .decode()
        .lower()
    )


def _folded(public_id: str) -> str:
    folded = public_id.lower()
    if not re.fullmatch(_ID, folded):
        raise ValueError(
            f"{public_id!r} cannot stand in an address: use letters, digits and -, at most 64."
        )
    return folded
