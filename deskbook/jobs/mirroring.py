"""What happens on tickets, shown to whatever follows them elsewhere."""

from datetime import UTC, datetime

from deskbook.channels.all import connections
from deskbook.delivery.connection import Mirror


def mirrored(ticket_id: int) -> bool:
    """Whether any mirror may want to know of this ticket."""
    return any(one.mirrors(ticket_id) for one in _mirrors(of_every_kind=False))


def heard(ticket_id: int) -> bool:
    """Whether any may want to know of all that happens on this ticket."""
    return any(one.mirrors(ticket_id) for one in _mirrors(of_every_kind=True))


def mirror(entry_id: int) -> None:
    """Lets each mirror keep what follows from an entry whose row names this job."""
    for one in _mirrors(of_every_kind=False):
        one.mirror(entry_id, at=datetime.now(UTC))


def mirror_every_kind(entry_id: int) -> None:
    """Lets those that are shown all entries keep what follows from one."""
    for one in _mirrors(of_every_kind=True):
        one.mirror(entry_id, at=datetime.now(UTC))


def _mirrors(*, of_every_kind: bool) -> list[Mirror]:
    return [
        connection.mirror
        for connection in connections()
        if connection.mirror and connection.of_every_kind == of_every_kind
    ]
