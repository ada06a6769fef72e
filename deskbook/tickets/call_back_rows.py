"""The rows of call-backs, which end with the promises they are."""

from deskbook.engine.ticket import TicketState
from deskbook.tickets.call_back_models import CallBack
from deskbook.tickets.models import Ticket


def end_call_backs(row: Ticket, before: TicketState | None, now: TicketState) -> None:
    """Takes those off the list whose promises were kept or taken back by an act; call it in its
    transaction.
    """
    if before is None or before.promises == now.promises:
        return
    were_open = {promise.id for promise in before.promises if promise.is_open}
    for promise in now.promises:
        ended_at = promise.kept_at or promise.withdrawn_at
        if promise.id in were_open and ended_at:
            outcome = CallBack.Outcome.DONE if promise.kept_at else CallBack.Outcome.WITHDRAWN
            rows = CallBack.objects.filter(ticket=row, promise=promise.id, ended_at=None)
            rows.update(ended_at=ended_at, outcome=outcome)
