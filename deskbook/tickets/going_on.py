"""Which ticket a merged one goes on as, and which go on as one."""

from collections.abc import Iterable

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


def goes_on_as_all(tickets: Iterable[Ticket]) -> dict[int, Ticket]:
    """Returns for each of these, by its id, what `goes_on_as` does: all of them by one query for
    each time that something was merged.
    """
    kept = {ticket.pk: ticket for ticket in tickets}
    for _ in range(MOST_MERGES):
        into = {pk: name for pk, ticket in kept.items() if (name := _named(ticket))}
        if not into:
            break
        desks, numbers = zip(*into.values(), strict=True)
        rows = Ticket.objects.select_related("desk").filter(desk__in=desks, number__in=numbers)
        found = {(row.desk_id, row.number): row for row in rows}
        kept |= {pk: found[name] for pk, name in into.items()}
    return kept


def _named(ticket: Ticket) -> tuple[int, int] | None:
    """The desk and the number of what this one was merged into."""
    name = ticket.state.get("merged_into")
    return (ticket.desk_id, number_in(name)) if name else None


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
