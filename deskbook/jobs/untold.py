"""What no way carried to the person it was for is said on the case: nobody believes that they were told."""

from datetime import datetime

from deskbook.channels.contract import Outgoing
from deskbook.people.contacts import addresses_of
from deskbook.people.merging import same_person
from deskbook.people.texts import mobile_of
from deskbook.tickets.conversation import record_failed_delivery
from deskbook.tickets.models import LogEntry
from deskbook.tickets.reminders import is_reminder, record_cannot_be_reached


def record_untold(outgoing: Outgoing, *, at: datetime, hard: bool = True) -> None:
    """Records that the requester cannot be reached, or that what somebody wrote did not arrive; once, however often."""
    ticket, contact, message = outgoing.ticket, outgoing.contact, outgoing.message
    if contact.pk not in same_person(ticket.requester):
        return
    if is_reminder(outgoing.entry, outgoing.purpose):
        known = addresses_of(contact) or mobile_of(contact)
        record_cannot_be_reached(outgoing.entry, "failed" if known else "no way", at=at)
    elif message is not None and not _is_recorded(outgoing):
        record_failed_delivery(ticket, message, hard=hard, to_requester=True, at=at)


def _is_recorded(outgoing: Outgoing) -> bool:
    message = str(outgoing.message.pk) if outgoing.message else ""
    return LogEntry.objects.filter(ticket=outgoing.ticket, kind="DeliveryFailed", data__message=message).exists()
