"""The recordings of the calls that were logged on a ticket."""

from collections.abc import Sequence

from deskbook.channels.phone.models import Call
from deskbook.engine.desk import Desk
from deskbook.tickets.going_on import going_on_as
from deskbook.tickets.models import Ticket
from deskbook.web.console.ticket.timeline import Item
from deskbook.web.told import channel_icon


def recorded_calls(ticket: Ticket, desk: Desk, story: Sequence[Item]) -> Sequence[Call]:
    """Returns the calls of a ticket of which there is a recording, the latest first: its address
    mostly comes after they were logged.
    """
    marks = {channel_icon(ticket.channel, desk), *(item.channel_icon for item in story)}
    if channel_icon("phone", desk) not in marks:
        return ()  # nobody called: a statement less
    return recorded_on(ticket)


def recorded_on(ticket: Ticket) -> Sequence[Call]:
    """Returns the same whatever is shown of the ticket's story."""
    calls = Call.objects.filter(going_on_as(ticket)).exclude(recording_url="")
    return list(calls.only("started_at", "recording_url").order_by("-started_at"))
