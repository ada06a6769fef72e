"""What happens on tickets, shown to whatever follows them elsewhere."""

from datetime import UTC, datetime

from deskbook.channels.all import connections
from deskbook.delivery.connection import Mirror


def mirrored(ticket_id: int) -> bool:
    """Whether any mirror may want to know of this ticket."""
    return any(one.mirrors(ticket_id) for one in _mirrors())


def mirror(entry_id: int) -> None:
    """Lets each mirror keep what follows from an entry."""
    for one in _mirrors():
        one.mirror(entry_id, at=datetime.now(UTC))


def _mirrors() -> list[Mirror]:
    return [connection.mirror for connection in connections() if connection.mirror]
