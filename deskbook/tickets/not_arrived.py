"""That a message of the desk did not arrive, on each case of whom it concerns."""

from collections.abc import Callable
from datetime import datetime

from django.db.models import QuerySet

from deskbook.people.models import Agent, Contact
from deskbook.tickets.conversation import record_failed_delivery
from deskbook.tickets.going_on import goes_on_as
from deskbook.tickets.models import Message, Ticket
from deskbook.tickets.named import number_in
from deskbook.tickets.participants import people_of


def record_not_arrived(
    ticket: Ticket,
    message: Message | None,
    is_theirs: Callable[[Contact], bool],
    *,
    hard: bool,
    at: datetime,
    discarded_by: Agent | None = None,
) -> None:
    """Records that a message did not reach whoever `is_theirs` says, on its ticket and on each case
    of theirs to which it went home with a merge that was taken back; of a case that was merged, on
    the one it goes on as, where people look. See `record_failed_delivery`.
    """
    home = _went_home(ticket, message) if message else ()
    theirs = [(copy.ticket, copy) for copy in home if copy.ticket and _has(copy.ticket, is_theirs)]
    told: dict[Ticket, Message | None] = {}
    for case, words in [(ticket, message), *theirs]:
        told.setdefault(goes_on_as(case), words)
    for case, words in told.items():
        to_requester = is_theirs(case.requester)
        record_failed_delivery(
            case, words, hard=hard, to_requester=to_requester, at=at, discarded_by=discarded_by
        )


def _went_home(ticket: Ticket, message: Message) -> QuerySet[Message]:
    """The copies of a message on cases that were taken out of its ticket."""
    released = ticket.log.filter(kind="Released").values_list("data__ticket", flat=True)
    numbers = [number_in(name) for name in released]
    copies = Message.objects.filter(
        ticket__in=Ticket.objects.filter(desk=ticket.desk_id, number__in=numbers),
        kind=message.kind,
        at=message.at,
        text=message.text,
    )
    return copies.select_related("ticket__desk", "ticket__requester")


def _has(case: Ticket, is_theirs: Callable[[Contact], bool]) -> bool:
    return any(map(is_theirs, Contact.objects.filter(pk__in=people_of(case).values())))
