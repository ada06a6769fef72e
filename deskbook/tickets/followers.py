"""Who gets what the desk says on a ticket: one answer for those who write it and for what sends it."""

from deskbook.people.merging import person
from deskbook.people.models import Contact
from deskbook.tickets.models import Ticket


def who_is_answered(ticket: Ticket) -> list[Contact]:
    """Returns everybody a public answer goes to, each person once: the requester, then who follows."""
    rows = ticket.participants.select_related("contact__merged_into", "contact__organisation").order_by("pk")
    return list(dict.fromkeys(map(person, [ticket.requester, *(row.contact for row in rows)])))
