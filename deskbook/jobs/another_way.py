"""What did not go by one way goes by another, and the owner learns what did not arrive."""

from datetime import UTC, datetime

from deskbook.channels.contract import Outgoing, Untold
from deskbook.jobs.carriers import send
from deskbook.jobs.untold import record_untold


def carry_another_way(
    outgoing: Outgoing, hard: bool, untold: Untold | None = None, *, at: datetime | None = None
) -> None:
    """Offers the whole text of a message that was refused to the carriers again: as a registered
    wording, by mail …

    That no way is left to the person is recorded on the ticket, `hard` where it is for good, or by
    `untold`; where another takes it, nothing is: they are told.
    """
    at = at or datetime.now(UTC)
    if send(outgoing, at=at) is not None:
        return
    if untold:
        untold(at=at)
    else:
        record_untold(outgoing, at=at, hard=hard)
