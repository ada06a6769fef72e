"""What a case that comes from another system is when it comes."""

from deskbook.engine.moving_events import Imported
from deskbook.engine.ticket import Entry, TicketState
from deskbook.engine.ticket_parts import Stay, TeamVisit


def imported(entry: Entry, event: Imported) -> TicketState:
    """Returns the case as its first entry says it; its team, and the stage of an open one, have it
    since it came and no earlier.
    """
    came_at = event.imported_at
    return TicketState(
        opened_at=entry.at,
        requester=event.requester,
        channel=event.channel,
        stays=_stays(entry, event),
        organisation=event.organisation,
        zone=event.zone,
        facets=dict(event.facets),
        claimed=event.severity,
        visits=(TeamVisit(1, event.team, came_at),) if event.team else (),
        owner=event.owner,
        closed_at=event.closed_at,
        imported_at=came_at,
        participants=frozenset({event.requester}),
        book_version=event.book_version,
        seq=entry.seq,
        last_at=event.closed_at or entry.at,
    )


def _stays(entry: Entry, event: Imported) -> tuple[Stay, ...]:
    if event.closed_at is None:
        return (Stay(event.stage, event.imported_at),)
    solved = (Stay(event.solved_in, event.closed_at),) if event.solved_in else ()
    return (*solved, Stay(event.stage, event.closed_at))
