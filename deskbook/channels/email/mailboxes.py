"""Which desk an address belongs to."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.conf import settings

from deskbook.channels.email.marks import desk_marked
from deskbook.channels.email.ours import Ours
from deskbook.channels.email.signing import signer_for
from deskbook.engine.addresses import domain_of, normal_address
from deskbook.people.books import desk_in_force
from deskbook.people.models import HelpDesk
from deskbook.people.prepared import Prepared
from deskbook.refusals.refusal import Refused


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A desk and the one of its addresses a mail came to, without `+detail`. No desk where a bounce
    address is of several and names no letter of theirs.
    """

    desk: HelpDesk | None
    address: str


_DESKS = Prepared(lambda: HelpDesk.objects.order_by("pk"))


def addresses_of(desk: HelpDesk) -> tuple[str, ...]:
    """The addresses the desk's book names, the first being the one it answers from; the site's own
    when it names none.
    """
    return desk_in_force(desk).mail or (settings.DESKBOOK_MAIL_FROM,)


def mailboxes_of(recipients: Iterable[str]) -> list[Mailbox]:
    """The mailboxes among `recipients`, each once; signed sub-addresses and bounce addresses count
    as those of the desk they were made by. The site's own is a desk's that names it, before those
    that name none.
    """
    desks = [(desk, addresses_of(desk)) for desk in _DESKS.ask()]
    desks.sort(key=lambda one: not desk_in_force(one[0]).mail)
    found: dict[str, Mailbox] = {}
    for recipient in recipients:
        could_be = [
            (desk, address)
            for desk, addresses in desks
            if (address := _matching(recipient, desk, addresses))
        ]
        if could_be:
            mailbox = _mailbox_among(could_be, recipient)
            found.setdefault(mailbox.address, mailbox)
    return list(found.values())


def _mailbox_among(could_be: list[tuple[HelpDesk, str]], recipient: str) -> Mailbox:
    """The desk's that the mark in an address names; where it names none, the first's, but of a
    bounce address nobody's: the report itself says whose it is.
    """
    desk, address = could_be[0]
    if len(could_be) == 1:
        return Mailbox(desk, address)
    signer = signer_for(desk)
    marked = desk_marked(recipient, signer)
    if marked is None and signer.read_bounce_address(recipient):
        return Mailbox(None, f"bounce@{domain_of(recipient)}")
    its_own = (Mailbox(one, its) for one, its in could_be if one == marked)
    return next(its_own, Mailbox(desk, address))


def only_desk() -> HelpDesk | None:
    """The desk, where there is only one: then mail that names no mailbox can only be its."""
    first_two = list(HelpDesk.objects.order_by("pk")[:2])
    return first_two[0] if len(first_two) == 1 else None


def ours_of(desk: HelpDesk) -> Ours:
    """What makes an address or a message the desk's own. Its domain is that of its mailboxes."""
    addresses = addresses_of(desk)
    return Ours(addresses, {a.rpartition("@")[2] for a in addresses}, signer_for(desk))


def addresses_of_desks() -> frozenset[str]:
    """The mailboxes of all desks here, where their bounces come, and their teams' own addresses."""
    known: set[str] = set()
    for desk in _DESKS.ask():
        mailboxes = addresses_of(desk)
        known.update(mailboxes, (f"bounce@{address.rpartition('@')[2]}" for address in mailboxes))
        known.update(team.mail for team in desk_in_force(desk).teams.values() if team.mail)
    return frozenset(map(normal_address, known))


def is_of_a_desk(address: str, of_desks: Collection[str]) -> bool:
    """Whether an address is among those of desks (`addresses_of_desks`), with or without a
    `+detail`: nobody's own.
    """
    local, _, domain = normal_address(address).rpartition("@")
    return not {f"{local}@{domain}", f"{local.partition('+')[0]}@{domain}"}.isdisjoint(of_desks)


def refuse_of_a_desk(address: str) -> None:
    """Raises Refused for an address of a desk here: who had it would be written to by answers that
    come back to us.
    """
    if is_of_a_desk(address, addresses_of_desks()):
        raise Refused("address of a desk", what=address)


def _matching(recipient: str, desk: HelpDesk, addresses: tuple[str, ...]) -> str | None:
    local, _, domain = normal_address(recipient).rpartition("@")
    plain = f"{local.partition('+')[0]}@{domain}"
    for address in addresses:
        if normal_address(address) in (plain, f"{local}@{domain}"):
            return normal_address(address)
    return normal_address(addresses[0]) if signer_for(desk).read_bounce_address(recipient) else None
