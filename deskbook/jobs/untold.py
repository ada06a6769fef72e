"""What no way carried to the person it was for is said on the case: nobody believes that they were
told.
"""

from datetime import datetime

from django.db import transaction

from deskbook.channels.contract import Outgoing
from deskbook.people.contacts import addresses_to_write_to
from deskbook.people.merging import same_person
from deskbook.people.mobiles import mobile_of
from deskbook.tickets.not_arrived import record_not_arrived
from deskbook.tickets.reminders import is_reminder, record_cannot_be_reached
from deskbook.tickets.untold_models import Untold


@transaction.atomic
def record_untold(outgoing: Outgoing, *, at: datetime, why: str = "", hard: bool = True) -> None:
    """Keeps whom a message did not reach; once, however often. `why` when it could not be written
    to them at all.

    That what somebody wrote did not arrive, or that the requester cannot be reached, is an entry of
    the log as well.
    """
    ticket, contact, message = outgoing.ticket, outgoing.contact, outgoing.message
    is_requester = contact.pk in same_person(ticket.requester)
    _row, made = Untold.objects.get_or_create(
        entry=outgoing.entry,
        contact=contact,
        purpose=outgoing.purpose,
        defaults={
            "ticket": ticket,
            "message": message,
            "at": at,
            "reason": why,
            "state": Untold.State.GIVEN_UP if why else Untold.State.NO_WAY,
        },
    )
    if is_requester and is_reminder(outgoing.entry, outgoing.purpose):
        known = addresses_to_write_to(contact) or mobile_of(contact)
        record_cannot_be_reached(outgoing.entry, "failed" if known else "no way", at=at)
    elif message is not None and made:
        record_not_arrived(
            ticket, message, lambda one: contact.pk in same_person(one), hard=hard, at=at
        )
