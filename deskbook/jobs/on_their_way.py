"""Whether what somebody of the desk wrote has not left yet: nobody is closed for silence who was
not told.
"""

from deskbook.channels.all import connections
from deskbook.delivery.states import LEAVES_BY_ITSELF, State
from deskbook.delivery.what_became import outcomes
from deskbook.jobs.deliveries import deliveries_on
from deskbook.people.merging import same_person
from deskbook.people.models import Contact
from deskbook.tickets.models import Ticket
from deskbook.tickets.sending_models import Sending
from deskbook.tickets.what_follows import rows


def words_wait(ticket: Ticket) -> bool:
    """Whether a message with words to the requester is queued, or held for a person, by any way,
    or its writer lets it leave later.
    """
    if Sending.objects.filter(ticket=ticket, held="").exists():
        return True
    asked = (connection.has_words_for for connection in connections())
    return any(has_words_for(ticket) for has_words_for in asked if has_words_for)


def waiting_for(ticket: Ticket, contact: Contact) -> int:
    """Returns how many letters of a ticket to somebody are queued, or held for a person, by any
    way.
    """
    told = [kind for kind, row in rows().items() if row.letters]
    seqs = list(ticket.log.filter(kind__in=told).values_list("seq", flat=True))
    theirs = {f"contact {pk}" for pk in same_person(contact)}
    return sum(
        one.person in theirs and one.state in (*LEAVES_BY_ITSELF, State.HELD)
        for sent in deliveries_on(ticket.pk, seqs).values()
        for one in outcomes(sent)
    )
