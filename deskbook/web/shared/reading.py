"""Which messages of a case somebody who takes part in it may read."""

from collections.abc import Collection

from django.db.models import Q, QuerySet

from deskbook.people.access import visible_to_contact
from deskbook.people.merging import same_person
from deskbook.people.models import Contact
from deskbook.people.reading_since import reads_since_each
from deskbook.tickets.going_on import absorbed_by
from deskbook.tickets.models import Message, Ticket

PUBLIC = (Message.Kind.REQUEST, Message.Kind.ANSWER, Message.Kind.SYSTEM)


def cases_read(ticket: Ticket, contact: Contact) -> list[Ticket]:
    """Returns a case a contact sees, and those that go on as it which they see."""
    cases = [ticket]
    if numbers := absorbed_by(ticket):
        cases += visible_to_contact(
            contact, Ticket.objects.filter(desk=ticket.desk_id, number__in=numbers)
        )
    return cases


def readable(ticket: Ticket, contact: Contact) -> QuerySet[Message]:
    """Returns the public messages of a case that a contact who sees it may read, and those of the
    cases that go on as it which they see.
    """
    may_read = may_read_of(contact, cases_read(ticket, contact))
    return Message.objects.filter(may_read, kind__in=PUBLIC, outsider=False)


def may_read_of(contact: Contact, tickets: Collection[Ticket]) -> Q:
    """Returns which messages of cases a contact sees they may read: all, or their own and the later
    ones; none that was kept from them.
    """
    since = reads_since_each(contact, tickets)
    here = Q(ticket__in=[case for case, begins in since.items() if begins is None])
    later = {case: begins for case, begins in since.items() if begins is not None}
    own = Q(author_contact__in=same_person(contact)) if later else Q()
    for case, begins in later.items():
        here |= Q(ticket=case) & (own | Q(at__gte=begins))
    return here & ~Q(kept_from__overlap=same_person(contact))
