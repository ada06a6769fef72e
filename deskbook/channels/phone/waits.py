"""How long callers waited, for who plans how many people answer."""

from collections.abc import Iterator
from datetime import datetime

from deskbook.channels.phone.models import Call
from deskbook.engine.desk import Desk
from deskbook.people.models import HelpDesk
from deskbook.simulation.patience import Waited


def waits(
    helpdesk: HelpDesk, desk: Desk, from_at: datetime, until_at: datetime
) -> Iterator[Waited]:
    """Yields each call that rang between two instants, but those that came while it was closed."""
    channel = desk.channel_of("phone")
    calls = Call.objects.filter(
        desk=helpdesk, direction="inbound", started_at__gte=from_at, started_at__lt=until_at
    )
    if channel is None:
        return
    rang = calls.filter(opens_at=None)
    for began_at, *ends in rang.values_list("started_at", "answered_at", "ended_at"):
        if ends_at := ends[0] or ends[1]:
            yield Waited(channel.key, ends_at - began_at, gave_up=ends[0] is None)
