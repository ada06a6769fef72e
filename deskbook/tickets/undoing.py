"""Undoing what was done a moment ago, before anybody was told of it."""

from datetime import datetime

from django.db import connection, transaction

from deskbook.engine.decide_undo import UNDO_FOR, decide_undo
from deskbook.people.models import Agent
from deskbook.refusals.refusal import Refused
from deskbook.tickets.log import Recorded, perform
from deskbook.tickets.models import Participant, Ticket
from deskbook.tickets.named import named_beside
from deskbook.tickets.relations import in_one_order
from deskbook.tickets.said_before import as_it_was_said
from deskbook.tickets.state import entry_of


@transaction.atomic
def undo(ticket: Ticket, first: int, *, at: datetime, by: Agent) -> Recorded:
    """Undoes the act of `by` on a ticket that began with this entry; of a merge, what it did on the
    other ticket as well. Nobody is told. Raises Refused; then everything stays.
    """
    merged = ticket.log.filter(seq__gte=first, kind="Merged").order_by("seq").first()
    into = named_beside(ticket, merged.data["into"]) if merged else None
    in_one_order(ticket, *([into] if into else []))
    undone = _undo(ticket, first, at=at, by=by)
    if into is not None:
        absorbed = into.log.filter(kind="Absorbed", data__ticket=str(ticket)).latest("seq")
        joined = Participant.objects.filter(ticket=into, since=merged.at if merged else None)
        joined.filter(contact__in=map(int, absorbed.data.get("joining", ()))).delete()
        _undo(into, absorbed.seq, at=at, by=by)
    return undone


def _undo(ticket: Ticket, first: int, *, at: datetime, by: Agent) -> Recorded:
    log = [entry_of(row) for row in ticket.log.order_by("seq")]
    # What has fallen due meanwhile is recorded by what wakes the case: it happened either way.
    with as_it_was_said():
        undone = perform(ticket, decide_undo, log, first, at=at, by=by)
    if not _withdrawn(ticket, first):
        raise Refused("undo: too late", seconds=int(UNDO_FOR.total_seconds()))
    return undone


def _withdrawn(ticket: Ticket, first: int) -> bool:
    """Takes what follows from an act out of the queue; False where a worker has it already."""
    with connection.cursor() as cursor:
        cursor.execute(_WITHDRAW, {"ticket": ticket.pk, "first": first})
        return all(taken is not None for (taken,) in cursor.fetchall())


_WITHDRAW = """
    select procrastinate_cancel_job_v1(id, false, true) from procrastinate_jobs
    where task_name = 'react' and status in ('todo', 'doing', 'failed')
        and (args ->> 'ticket_id')::bigint = %(ticket)s
        and (args ->> 'last_seq')::bigint >= %(first)s
"""
