"""Which desk an address belongs to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings

from deskbook.channels.email.ours import Ours
from deskbook.channels.email.signing import signer_for
from deskbook.people.books import desk_in_force
from deskbook.people.models import HelpDesk


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A desk and the one of its addresses a mail came to, without `+detail`."""

    desk: HelpDesk
    address: str


def addresses_of(desk: HelpDesk) -> tuple[str, ...]:
    """The addresses the desk's book names, the first being the one it answers from; the site's own when it names
    none.
    """
    return desk_in_force(desk).mail or (settings.DESKBOOK_MAIL_FROM,)


def mailboxes_of(recipients: Iterable[str]) -> list[Mailbox]:
    """The mailboxes among `recipients`, each once; signed sub-addresses and bounce addresses count as their desk's."""
    desks = [(desk, addresses_of(desk)) for desk in HelpDesk.objects.order_by("pk")]
    found: dict[str, Mailbox] = {}
    for recipient in recipients:
        for desk, addresses in desks:
            address = _matching(recipient, desk, addresses)
            if address:
                found.setdefault(address, Mailbox(desk, address))
                break
    return list(found.values())


def only_desk() -> HelpDesk | None:
    """The desk, where there is only one: then mail that names no mailbox can only be its."""
    first_two = list(HelpDesk.objects.order_by("pk")[:2])
    return first_two[0] if len(first_two) == 1 else None


def ours_of(desk: HelpDesk) -> Ours:
    """What makes an address or a message the desk's own. Its domain is that of its mailboxes."""
    addresses = addresses_of(desk)
    return Ours(addresses, {a.rpartition("@")[2] for a in addresses}, signer_for(desk))


def _matching(recipient: str, desk: HelpDesk, addresses: tuple[str, ...]) -> str | None:
    local, _, domain = recipient.strip().casefold().rpartition("@")
    plain = f"{local.partition('+')[0]}@{domain}"
    for address in addresses:
        if address.casefold() in (plain, f"{local}@{domain}"):
            return address.casefold()
    return addresses[0].casefold() if signer_for(desk).read_bounce_address(recipient) else None
