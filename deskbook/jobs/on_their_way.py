"""Whether what somebody of the desk wrote has not left yet: nobody is closed for silence who was
not told.
"""

from django.db.models import Q

from deskbook.channels.email.models import OutboundMail
from deskbook.channels.sms.models import TextMessage
from deskbook.channels.whatsapp.models import WhatsAppOutgoing
from deskbook.delivery.states import LEAVES_BY_ITSELF, State
from deskbook.people.contacts import addresses_to_write_to
from deskbook.people.merging import same_person
from deskbook.tickets.models import Ticket


def words_wait(ticket: Ticket) -> bool:
    """Whether a message with words to the requester is queued, or held for a person, by any way."""
    words = {"ticket": ticket, "message__isnull": False}
    theirs = same_person(ticket.requester)
    # A mail queued before whose it is was kept has nothing but its address.
    to_them = Q(contact__in=theirs) | Q(
        contact=None, recipient__in=addresses_to_write_to(ticket.requester)
    )
    return (
        OutboundMail.objects.filter(
            to_them, **words, state__in=(*LEAVES_BY_ITSELF, State.HELD)
        ).exists()
        or TextMessage.objects.filter(**words, state__in=LEAVES_BY_ITSELF).exists()
        or WhatsAppOutgoing.objects.filter(
            **words, contact__in=theirs, state__in=LEAVES_BY_ITSELF, next_try_at__isnull=False
        ).exists()
    )
