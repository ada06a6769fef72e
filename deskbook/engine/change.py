"""What one event does to a ticket; each kind is registered in apply.py or a module it names."""

from functools import singledispatch

from deskbook.engine.ticket import Entry, TicketState


@singledispatch
def change(event: object, ticket: TicketState, entry: Entry) -> TicketState:
    """Returns the ticket as one event leaves it. Every kind is registered but what a log begins
    with.
    """
    raise ValueError(f"no state change is written for {type(event).__name__}")
