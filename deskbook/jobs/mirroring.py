"""What happens on tickets, shown to every bridge."""

from datetime import UTC, datetime

from deskbook.bridges.contract import Bridge
from deskbook.bridges.jira import outgoing as jira

BRIDGES: tuple[Bridge, ...] = (jira,)


def mirrored(ticket_id: int) -> bool:
    """Whether any bridge may want to know of this ticket."""
    return any(bridge.mirrors(ticket_id) for bridge in BRIDGES)


def mirror(entry_id: int) -> None:
    """Lets each bridge keep what follows from an entry."""
    for bridge in BRIDGES:
        bridge.mirror(entry_id, at=datetime.now(UTC))
