"""Which ticket a merged one goes on as, and which go on as one."""

from django.db.models import Q

from deskbook.tickets.models import Ticket
from deskbook.tickets.named import named_beside, number_in

MOST_MERGES = 10


def merged_into(ticket: Ticket) -> Ticket | None:
    """Returns the ticket this one was merged into."""
    name = ticket.state.get("merged_into")
    if not name:
        return None
    return named_beside(ticket, name)


def goes_on_as(ticket: Ticket) -> Ticket:
    """Returns the ticket this one goes on as: the one it was merged into, however often, or
    itself.
    """
    for _ in range(MOST_MERGES):
        into = merged_into(ticket)
        if into is None:
            break
        ticket = into
    return ticket


def absorbed_by(ticket: Ticket) -> list[int]:
    """Returns the numbers of the tickets that go on as this one."""
    return [number_in(name) for name in ticket.state.get("absorbed", ())]


def going_on_as(ticket: Ticket) -> Q:
    """Returns what picks rows (messages, calls …) of a ticket or of those that go on as it.

    By one list of tickets: of “of this one, or of one with such a number” the database would read
    the whole table.
    """
    absorbed = absorbed_by(ticket)
    if not absorbed:
        return Q(ticket=ticket)
    numbers = [ticket.number, *absorbed]
    return Q(ticket__in=Ticket.objects.filter(desk=ticket.desk_id, number__in=numbers).values("pk"))


def all_going_on_as(ticket: Ticket) -> list[int]:
    """Returns the ids of a ticket and of those that go on as it."""
    absorbed = absorbed_by(ticket)
    if not absorbed:
        return [ticket.pk]
    theirs = Ticket.objects.filter(desk=ticket.desk_id, number__in=absorbed)
    return [ticket.pk, *theirs.values_list("pk", flat=True)]
