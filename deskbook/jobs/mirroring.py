"""What happens on tickets, shown to whatever follows them elsewhere."""

from collections.abc import Sequence
from datetime import UTC, datetime

from django.db.models import Exists, OuterRef, QuerySet

from deskbook.channels.all import connections
from deskbook.delivery.connection import Connection
from deskbook.people.prepared import Prepared
from deskbook.tickets.models import Ticket


def followed(ticket_id: int) -> tuple[bool, bool]:
    """Returns whether any mirror may want to know of this ticket, and whether any may want to know
    of all that happens on it, by one statement.
    """
    kinds = {
        one.of_every_kind
        for answer in _FOLLOWED.columns(ticket=ticket_id)
        for one, is_there in zip(_mirrors(), answer, strict=True)
        if is_there
    }
    return False in kinds, True in kinds


def mirrored(ticket_id: int) -> bool:
    """Whether any mirror may want to know of this ticket."""
    return followed(ticket_id)[0]


def heard(ticket_id: int) -> bool:
    """Whether any may want to know of all that happens on this ticket."""
    return followed(ticket_id)[1]


def mirror(entry_id: int) -> None:
    """Lets each mirror keep what follows from an entry whose row names this job."""
    _show(entry_id, of_every_kind=False)


def mirror_every_kind(entry_id: int) -> None:
    """Lets those that are shown all entries keep what follows from one."""
    _show(entry_id, of_every_kind=True)


def _show(entry_id: int, *, of_every_kind: bool) -> None:
    for one in _mirrors():
        if one.mirror and one.of_every_kind == of_every_kind:
            one.mirror.mirror(entry_id, at=datetime.now(UTC))


def _mirrors() -> Sequence[Connection]:
    return [one for one in connections() if one.mirror]


def _following(ticket: int) -> QuerySet[Ticket, tuple[bool, ...]]:
    everywhere = (one.mirror.following() for one in connections() if one.mirror)
    of_desk = [Exists(rows.filter(desk=OuterRef("desk"))) for rows in everywhere]
    return Ticket.objects.filter(pk=ticket).values_list(*of_desk)


_FOLLOWED = Prepared(_following, "ticket")
