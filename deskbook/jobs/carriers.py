"""Which way a message goes out: the way the person last wrote by, else mail, else whatever reaches
them; but first those that carry all of it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from deskbook.channels.all import carrying
from deskbook.channels.contract import Channel, Outgoing
from deskbook.engine.channels import ChannelKind
from deskbook.engine.desk import Desk
from deskbook.people.books import desk_in_force
from deskbook.people.models import Contact
from deskbook.tickets.followers import Used, used_by, used_on
from deskbook.tickets.models import Ticket
from deskbook.tickets.reminders import record_left


@dataclass(frozen=True, slots=True)
class Reached:
    """By which way an answer reaches somebody, and where: an address, a number; empty in a chat."""

    kind: ChannelKind
    address: str = ""
    bound: int | None = None
    """So many characters at most, and no files; None where it carries whatever is written."""
    rest_follows: bool = False
    """When they write again."""
    instead: "Reached | None" = None
    """The way that what is longer, or has files, takes."""


def send(outgoing: Outgoing, *, at: datetime) -> ChannelKind | None:
    """Queues the message by the first way that reaches the person, once; returns the way, None when
    there is none. Who gave no name reads it on the page of their case, where it stands already.
    """
    if outgoing.contact.anonymous:
        record_left(outgoing.entry, outgoing.purpose, at=at)
        return "portal"
    for kind in _whole_first(outgoing, ways_to(outgoing.ticket, outgoing.contact), at=at):
        if carrying()[kind].carry(outgoing, at=at):
            return kind
    for channel in carrying().values():
        if channel.at_last and channel.at_last(outgoing, at=at):
            return channel.word
    return None


def ways_to(ticket: Ticket, contact: Contact) -> list[ChannelKind]:
    """Returns the ways in the order they are tried for somebody on a ticket: their own first."""
    return _in_order(way_they_wrote_by(ticket, contact))


def way_they_wrote_by(ticket: Ticket, contact: Contact) -> ChannelKind | None:
    """Returns the kind of channel somebody wrote on a ticket by last: the way they are answered
    first.
    """
    return _last_way(ticket, used_by(ticket, contact))


def _ways_of(desk: Desk) -> list[Channel]:
    # A desk may text, or write by WhatsApp, without being reached so: its book has the wordings.
    worded = {template.channel for template in desk.templates}
    return [
        one
        for one in carrying().values()
        if one.always or one.word in worded or desk.channel_of(one.word)
    ]


def reached_at(ticket: Ticket, people: Sequence[Contact], *, at: datetime) -> list[Reached | None]:
    """Returns for each person where an answer goes now, as `send` finds it; None for whom no way
    reaches.
    """
    there = _ways_of(desk_in_force(ticket.desk))
    used = used_on(ticket) if len(there) > 1 else {}
    of_all = {one.word: one.where_all(ticket, people, at=at) for one in there if one.where_all}

    def by(kind: ChannelKind, place: int) -> Reached | None:
        contact, where = people[place], carrying()[kind].where
        if contact.anonymous:
            return Reached("portal")
        address = (
            of_all[kind][place]
            if kind in of_all
            else where(ticket, contact, "answer", contact.language or "en", at=at)
        )
        if address is None:
            return None
        bound = _bound(kind, ticket, contact, "answer", at=at)
        return Reached(kind, address, bound, carrying()[kind].rest_follows)

    words = {one.word for one in there}
    found = []
    for place, one in enumerate(people):
        ways = _in_order(_last_way(ticket, used.get(one.pk, ())))
        reached = filter(None, (by(kind, place) for kind in ways if kind in words))
        found.append(_with_instead(next(reached, None), reached))
    return found


def _with_instead(first: Reached | None, others: Iterable[Reached]) -> Reached | None:
    """Whatever is written is too long for a fixed wording: it takes the other way at once."""
    if first is None or first.bound is None:
        return first
    whole = next((one for one in others if one.bound is None), None)
    return whole if whole and not first.bound else replace(first, instead=whole)


def _whole_first(
    outgoing: Outgoing, ways: Sequence[ChannelKind], *, at: datetime
) -> Sequence[ChannelKind]:
    """In their order, those by which nothing of what somebody wrote is left out before the
    others.
    """
    message = outgoing.message
    if message is None:
        return ways
    length, files = len(" ".join(message.text.split())), message.attachments.exists()

    def leaves_out(kind: ChannelKind) -> bool:
        bound = _bound(kind, outgoing.ticket, outgoing.contact, outgoing.purpose, at=at)
        return bound is not None and (length > bound or files)

    return sorted(ways, key=leaves_out)


def _bound(
    kind: ChannelKind, ticket: Ticket, contact: Contact, purpose: str, *, at: datetime
) -> int | None:
    bounds = carrying()[kind].bounds
    return bounds(ticket, contact, purpose, contact.language or "en", at=at) if bounds else None


def _in_order(first: ChannelKind | None) -> list[ChannelKind]:
    return sorted(carrying(), key=lambda kind: kind != first)


def _last_way(ticket: Ticket, used: Sequence[Used]) -> ChannelKind | None:
    channel = desk_in_force(ticket.desk).channels.get(used[0].channel) if used else None
    return channel.kind if channel else None
