"""Whom a mail was also sent to: who of them follows the case, and why the others do not."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from deskbook.channels.email.addressees import why_unanswerable
from deskbook.channels.email.mail import Address, ParsedMail
from deskbook.channels.email.mailboxes import addresses_of_desks, is_of_a_desk, ours_of
from deskbook.people.contacts import addresses_of, find_or_make_contact
from deskbook.people.models import Agent, Contact, HelpDesk
from deskbook.refusals.kept import kept, read
from deskbook.tickets.models import Message, Ticket

MAX_FOLLOWERS = 10
"""Whom one mail lets follow: a list of hundreds in Cc is no conversation."""


@dataclass(frozen=True, slots=True)
class Copied:
    """`left_out` says of each who is not taken why, as it is kept, for the ticket."""

    followers: tuple[Contact, ...] = ()
    left_out: tuple[str, ...] = ()


def who_follows(sender: Contact, others: Sequence[Address], ticket: Ticket | None = None) -> Copied:
    """Who stands in To and Cc of a mail beside the desk, as contacts, made where they are new.

    Nobody does where the desk stands in neither: it got a blind copy, and what the others say is
    not said to it. No desk follows another one's case, and who works at this one reads it anyway.
    Who was taken out of the ticket is not brought back.
    """
    desk, people = sender.desk, _people(sender.desk, addresses_of(sender), others)
    if people and not any(ours_of(desk).wrote(one.addr) for one in others):
        return Copied(left_out=_not_taken("copied.blind", people))
    why = {one.key: why_unanswerable(one.addr) for one in people}
    reached = [one for one in people if not why[one.key]]
    follow = [
        find_or_make_contact(desk, "email", a.addr, name=a.name, sign_in=False)
        for a in reached[:MAX_FOLLOWERS]
    ]
    gone = frozenset(ticket.state["left"]) if ticket else frozenset()
    back = [one for one, contact in zip(reached, follow, strict=False) if str(contact.pk) in gone]
    left_out = [
        kept("copied.unanswerable", address=one.addr[:80], why=why[one.key])
        for one in people
        if why[one.key]
    ]
    not_back = _not_taken("copied.left", back)
    return Copied(tuple(follow), (*left_out, *not_back, *_too_many(reached[MAX_FOLLOWERS:])))


def nobody_follows(sender: Contact, others: Sequence[Address]) -> Copied:
    """Nobody, and who would follow if anything but the number in its subject tied the mail to its
    case.
    """
    return Copied(
        left_out=_not_taken("copied.by_number", _people(sender.desk, addresses_of(sender), others))
    )


def not_copied_in(ticket: Ticket, others: Sequence[Address]) -> tuple[str, ...]:
    """Returns, as it is kept, whom a mail names that lets nobody follow: an answer of the desk's,
    one filed by hand.
    """
    follow = [row.contact for row in ticket.participants.select_related("contact")]
    known = [address for one in (ticket.requester, *follow) for address in addresses_of(one)]
    return _not_taken("copied.by_desk", _people(ticket.desk, known, others))


def answers_elsewhere(desk: HelpDesk, sender: Contact, mail: ParsedMail) -> tuple[str, ...]:
    """Returns, as it is kept, where else a mail asks for answers (Reply-To, RFC 5322 3.6.2). None
    go there by it: the requester is the sender, and an address that anybody can write into a header
    proves nothing.
    """
    if not mail.reply_to:
        return ()
    people = _people(desk, addresses_of(sender), mail.reply_to[:MAX_FOLLOWERS])
    return tuple(
        kept("copied.reply_to", person=one.addr) for one in people if not why_unanswerable(one.addr)
    )


def asked_at(said: str) -> str:
    """Returns the address in what `answers_elsewhere` said; empty for anything else."""
    told = read(said)
    return str(told.facts["person"]) if told and told.code == "copied.reply_to" else ""


def copied_in(message: Message) -> tuple[Contact, ...]:
    """Returns whom a stored mail copied in, who would follow its case if its sender had been
    proven.
    """
    written = [Address("", addr) for addr in (*message.to, *message.cc)]
    return who_follows(message.author_contact, written).followers if message.author_contact else ()


def _people(desk: HelpDesk, known: Collection[str], others: Sequence[Address]) -> list[Address]:
    of_desks = addresses_of_desks()
    named = {
        one.key: one
        for one in others
        if one.key not in known and not is_of_a_desk(one.key, of_desks)
    }
    at_work = _at_work(desk, named) if named else ()
    return [one for one in named.values() if one.key not in at_work]


def _not_taken(code: str, people: Sequence[Address]) -> tuple[str, ...]:
    named = ", ".join(one.addr[:80] for one in people if not why_unanswerable(one.addr))
    return (kept(code, people=named[:300]),) if named else ()


def _at_work(desk: HelpDesk, addresses: Iterable[str]) -> set[str]:
    agents = Agent.objects.filter(desk=desk, is_active=True, user__email__in=addresses)
    return set(agents.values_list("user__email", flat=True))


def _too_many(people: list[Address]) -> tuple[str, ...]:
    if not people:
        return ()
    named = ", ".join(one.addr for one in people[:5]) + (" …" if len(people) > 5 else "")
    return (kept("copied.many", most=MAX_FOLLOWERS, others=len(people), people=named[:300]),)
