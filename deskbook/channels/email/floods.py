"""More mails than an honest sender writes: each is kept until somebody lets them in."""

from __future__ import annotations

from datetime import datetime, timedelta

from deskbook.channels.email.mail import Unparsable
from deskbook.people.contacts import address_of
from deskbook.people.merging import same_person
from deskbook.people.models import Contact
from deskbook.tickets.models import Message, Ticket

MAX_PER_HOUR = 20
"""Mails of one sender on one ticket before they are held: a loop no header gave away."""
MAX_OF_ALL_PER_HOUR = 60
"""Mails on one ticket, whoever sent them: who can take on one name can take on many."""
MAX_CASES_PER_HOUR = 20
"""New cases of one sender in an hour: nobody types more."""
MAX_CASES_OF_THE_KNOWN = 300
"""Of a sender whose organisation the desk knows: its monitoring may have a bad day."""


class TooMany(Unparsable):
    """More mails of one sender than an honest one writes; each is kept until somebody lets them in."""

    def __init__(self, sentence: str, sender: str) -> None:
        super().__init__(sentence)
        self.sender = sender


def stop_a_flood(ticket: Ticket | None, sender: Contact, at: datetime) -> None:
    """Raises TooMany for what is more than an honest sender writes in an hour: on one case, or in new ones."""
    since = at - timedelta(hours=1)
    if ticket is not None:
        of_all = Message.objects.filter(ticket=ticket, channel="email", author_contact__isnull=False, at__gt=since)
        _stop_a_crowd(ticket, sender, of_all.count())
        recent = of_all.filter(author_contact=sender).count()
        most, what = MAX_PER_HOUR, f"wrote {recent} mails on {ticket}"
    else:
        recent = Ticket.objects.filter(requester__in=same_person(sender), opened_at__gt=since).count()
        most = MAX_CASES_PER_HOUR if sender.organisation_id is None else MAX_CASES_OF_THE_KNOWN
        what = f"opened {recent} cases"
    if recent >= most:
        address = address_of(sender) or str(sender)
        raise TooMany(
            f"{address} {what} within an hour. Held, so that a loop cannot grow; let the mails in when they are meant.",
            address,
        )


def _stop_a_crowd(ticket: Ticket, sender: Contact, recent: int) -> None:
    if recent >= MAX_OF_ALL_PER_HOUR:
        raise TooMany(
            f"{recent} mails of all senders came on {ticket} within an hour. Held, so that nobody can bury it; let the "
            "mails in when they are meant.",
            address_of(sender) or str(sender),
        )
