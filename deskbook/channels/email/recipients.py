"""To which of a person's addresses a letter of a ticket goes: the one they used for it, else the
one they used last, while mail arrives there.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from django.conf import settings

from deskbook.channels.email.budgets import BY_A_PERSON
from deskbook.channels.email.deliver import dead_among
from deskbook.channels.email.models import InboundMail
from deskbook.people.contacts import stated_address
from deskbook.people.merging import ways_of_each
from deskbook.people.models import Contact, Way
from deskbook.people.prepared import Prepared, anything
from deskbook.tickets.followers import latest_first, senders_on
from deskbook.tickets.models import Ticket


def letter_addresses(
    ticket: Ticket, people: Sequence[Contact], purpose: str, *, at: datetime
) -> Mapping[int, Sequence[str]]:
    """Returns for each person (id) the addresses a letter may take, first the one it takes; none
    where no mail arrives.

    What a person wrote is sent to an address that is dead all the same, where there is no other: it
    may be well again.
    """
    known = {
        one.pk: _by_mail(one, ways) for one, ways in zip(people, ways_of_each(people), strict=True)
    }
    if purpose in BY_A_PERSON and _has_no_choice(known):
        return known
    dead = dead_among([address for those in known.values() for address in those], at=at)
    chosen: dict[int, Sequence[str]] = {}
    for one in people:
        ordered = known[one.pk]
        if len(ordered) > 1:
            ordered = latest_first(ordered, senders_on(ticket, one))
        chosen[one.pk] = _arriving(ordered, dead) or (ordered if purpose in BY_A_PERSON else [])
    return chosen


def _has_no_choice(known: Mapping[int, Sequence[str]]) -> bool:
    return all(len(addresses) < 2 for addresses in known.values())


def _arriving(addresses: Sequence[str], dead: Collection[str]) -> list[str]:
    return [address for address in addresses if address not in dead]


def is_proven(ticket: Ticket, contact: Contact) -> bool:
    """Whether it was shown that the address a person's letters go to belongs to who wrote the case.

    Else a letter that nobody of the desk asked for repeats nothing of it, neither its subject nor a
    name: with a forged From, or an address typed in a chat, anybody would have the desk carry words
    of theirs to a third person.
    """
    forgeable = not settings.DESKBOOK_TRUSTED_MAIL_SERVERS and _BY_MAIL.finds(ticket=ticket.pk)
    return not forgeable and stated_address(contact) is None


_BY_MAIL = Prepared(lambda ticket: anything(InboundMail.objects.filter(ticket=ticket)), "ticket")


def _by_mail(contact: Contact, ways: Sequence[Way]) -> list[str]:
    known = [way.identifier for way in ways if way.channel == "email"]
    stated = None if known else stated_address(contact)
    return [stated] if stated else known
