"""The ticket a mail belongs to, looked up in the order of `thread_keys`, with the reason kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice

from deskbook.channels.email.address import Signer
from deskbook.channels.email.mail import ParsedMail
from deskbook.channels.email.thread import (
    MAX_DIGITS,
    ThreadKey,
    answered_letters,
    thread_keys,
)
from deskbook.people.access import takes_part
from deskbook.people.models import Contact, HelpDesk
from deskbook.tickets.asides import is_said_aside
from deskbook.tickets.going_on import goes_on_as
from deskbook.tickets.models import Message, Ticket
from deskbook.tickets.taking_back import case_taken_back

MOST_OTHERS = 10
"""Cases that one mail goes to besides its own."""


@dataclass(frozen=True, slots=True)
class Place:
    """`ticket` None is a new one. `outsider` says the sender takes no part in it and is no
    colleague of who does.
    """

    ticket: Ticket | None
    reason: str = ""
    outsider: bool = False
    by_number: bool = False
    """Nothing but the number in its subject says where it belongs: anybody can type one."""
    written_to: tuple[int, ...] = ()
    """Ids of the tickets that say so, where they go on as this one."""


def place_of(
    mail: ParsedMail,
    desk: HelpDesk,
    signer: Signer,
    sender: Contact,
    *,
    envelope_to: Sequence[str] = (),
) -> Place:
    """Where the mail belongs. A subject token counts for participants only; for others it is left
    as a hint in the reason.
    """
    hint, keys = "", _keys(mail, signer, envelope_to)
    for key in keys:
        ticket = _ticket_of(key, desk)
        if ticket is None:
            continue
        ticket, part_of_it = _theirs(ticket, sender)
        if key.kind == "subject token" and not part_of_it:
            hint = f"Its subject names {ticket}, but {mail.from_.addr} takes no part in it."
            continue
        outsider = not part_of_it and not _colleague(sender, ticket)
        by_number, written_to = key.kind == "subject token", _written_to(keys, key, ticket)
        return Place(ticket, key.reason, outsider, by_number, written_to)
    return Place(None, hint)


def other_places(
    first: Place,
    mail: ParsedMail,
    desk: HelpDesk,
    signer: Signer,
    sender: Contact,
    *,
    envelope_to: Sequence[str] = (),
) -> list[Place]:
    """Where else the mail belongs: the cases whose own addresses it was sent to besides the one of
    its place.
    """
    found: dict[int, Place] = {}
    keys = _keys(mail, signer, envelope_to)
    for key in keys:
        ticket = _ticket_of(key, desk) if key.kind == "reply address" else None
        if ticket is None:
            continue
        ticket, part_of_it = _theirs(ticket, sender)
        outsider = not part_of_it and not _colleague(sender, ticket)
        written_to = _written_to(keys, key, ticket)
        found.setdefault(
            ticket.pk, Place(ticket, key.reason, outsider=outsider, written_to=written_to)
        )
    others = [place for place in found.values() if first.ticket and place.ticket != first.ticket]
    return others[:MOST_OTHERS]


def letter_answered(
    mail: ParsedMail, desk: HelpDesk, signer: Signer, *, envelope_to: Sequence[str] = ()
) -> Ticket | None:
    """The ticket of which a mail knows what only a letter of the desk says: the address to answer
    to, or its id.
    """
    keys = (
        key
        for key in _keys(mail, signer, envelope_to)
        if key.kind in ("reply address", "our message")
    )
    return next(filter(None, (_ticket_of(key, desk) for key in keys)), None)


def ticket_by_mark(mark: str, desk: HelpDesk) -> Ticket | None:
    """The ticket that a signed address of the desk names by its row, or the one it was merged
    into.
    """
    return _ticket_of(ThreadKey("reply address", mark, ""), desk)


def tickets_in_hand(
    mail: ParsedMail,
    desk: HelpDesk,
    signer: Signer,
    *,
    envelope_to: Sequence[str] = (),
    by_ids: bool = True,
) -> list[Ticket]:
    """The tickets whose own addresses a mail names; where it names none, `by_ids` the one that it
    answers a message of. What stands in its subject is no proof of that.
    """
    keys = _keys(mail, signer, envelope_to)
    named = [key for key in keys if key.kind == "reply address"]
    found = [ticket for ticket in (_ticket_of(key, desk) for key in named) if ticket]
    if found or not by_ids:
        return list({ticket.pk: ticket for ticket in found}.values())
    answered = (key for key in keys if key.kind in ("our message", "foreign message"))
    return list(islice(filter(None, (_ticket_of(key, desk) for key in answered)), 1))


def answers_an_aside(mail: ParsedMail, desk: HelpDesk, signer: Signer, *, outsider: bool) -> bool:
    """Whether a mail answers what was said beside a case, whoever sends it and however proven: a
    mail program quotes what is answered.

    What answers no letter of ours is looked up for an `outsider` alone: the desk's people and the
    case's write most of it.
    """
    entries, others = answered_letters(mail, signer)
    return bool(entries or (outsider and others)) and is_said_aside(desk, entries, others)


def _keys(mail: ParsedMail, signer: Signer, envelope_to: Sequence[str]) -> list[ThreadKey]:
    # The envelope is where a mail server puts the address it really delivered to.
    return thread_keys(replace(mail, delivered_to=(*mail.delivered_to, *envelope_to)), signer)


def _ticket_of(key: ThreadKey, desk: HelpDesk) -> Ticket | None:
    named = _named(key, desk)
    return goes_on_as(named) if named else None


def _named(key: ThreadKey, desk: HelpDesk) -> Ticket | None:
    """The ticket a candidate names, whatever it goes on as."""
    if key.kind == "foreign message":
        known = Message.objects.filter(
            mail_id=key.value.strip("<>"), desk=desk, ticket__isnull=False
        )
        # On the case its sender takes part in, where a merge that was taken back parted it in two.
        first = known.exclude(mail_id="").order_by("outsider", "pk")
        message = first.select_related("ticket__desk").first()
        return message.ticket if message else None
    if not key.value.isdecimal() or len(key.value) > MAX_DIGITS:
        return None
    # Our own marks hold the row's id, the subject the number people see.
    column = "number" if key.kind == "subject token" else "pk"
    tickets = Ticket.objects.filter(desk=desk, **{column: int(key.value)})
    return tickets.select_related("desk").first()


def _written_to(keys: Sequence[ThreadKey], first: ThreadKey, ticket: Ticket) -> tuple[int, ...]:
    """Which tickets that go on as this one the mail names where it is put by its first key: by an
    address all whose own address it names. None if that is this one alone.
    """
    asked = [key for key in keys if key.kind == "reply address"]
    asked = asked if first in asked else [first]
    named = [one for one in (_named(key, ticket.desk) for key in asked) if one]
    ids = tuple(one.pk for one in named if goes_on_as(one) == ticket)
    return () if ids == (ticket.pk,) else ids


def _theirs(ticket: Ticket, sender: Contact) -> tuple[Ticket, bool]:
    """The ticket, or their own that was merged into it and taken out again, and whether they take
    part in it.
    """
    if takes_part(sender, ticket):
        return ticket, True
    own = case_taken_back(ticket, sender)
    kept = goes_on_as(own) if own else ticket
    return kept, bool(own) and takes_part(sender, kept)  # they may have been taken out of it


def _colleague(sender: Contact, ticket: Ticket) -> bool:
    return sender.organisation_id is not None and sender.organisation_id == ticket.organisation_id
