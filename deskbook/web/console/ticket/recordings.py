"""The recordings of the calls that were logged on a ticket."""

from collections.abc import Sequence

from django.db.models import Q

from deskbook.channels.phone.models import Call
from deskbook.tickets.models import Ticket
from deskbook.tickets.relations import absorbed_by
from deskbook.web.console.ticket.timeline import ICONS, Item


def recorded_calls(ticket: Ticket, story: Sequence[Item]) -> Sequence[Call]:
    """Returns the calls of a ticket of which there is a recording, the latest first: its address
    mostly comes after they were logged.
    """
    if ticket.channel != "phone" and all(item.channel_icon != ICONS["phone"] for item in story):
        return ()  # nobody called: a statement less
    here = Q(ticket=ticket) | Q(ticket__desk=ticket.desk, ticket__number__in=absorbed_by(ticket))
    calls = Call.objects.filter(here).exclude(recording_url="")
    return list(calls.only("started_at", "recording_url").order_by("-started_at"))
