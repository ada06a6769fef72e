"""Tickets by the names the log gives them: "SPR-12"."""

from deskbook.tickets.models import Ticket


def number_in(name: str) -> int:
    """Returns 12 for "SPR-12", as the log names a ticket."""
    return int(name.rpartition("-")[2])


def named_beside(ticket: Ticket, name: str) -> Ticket:
    """Returns what the log of a ticket names: one of the same desk."""
    desks_own = Ticket.objects.select_related("desk")
    return desks_own.get(desk=ticket.desk_id, number=number_in(name))
