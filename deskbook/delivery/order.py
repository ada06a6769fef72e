"""The letters of one ticket leave to each person in the order of its log: one that is tried for the
first time takes along what is to leave before it, and waits for what is written or handed over just
now.

What was put off, or fails again and again, holds up nothing. Docs: docs/decisions/0006.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import F, Q, QuerySet

from deskbook.delivery.models import Departure
from deskbook.delivery.outbox import TryAgain
from deskbook.delivery.states import State
from deskbook.engine.decide_undo import UNDO_FOR
from deskbook.people.prepared import Prepared, anything
from deskbook.tickets.models import LogEntry
from deskbook.tickets.what_follows import rows

LONGEST_WAIT = timedelta(minutes=2)
"""How long a letter waits for one before it. What takes longer is slow, or broken, and no reason to
keep anybody from reading this one.
"""
PAUSE = timedelta(seconds=1)


def send_in_order(
    table: type[Departure],
    to: str,
    number: int,
    send: Callable[[int], object],
    *,
    at: datetime,
    waits_for_all: Q | None = None,
) -> None:
    """Sends a row of a channel's table, after those to the same `to` (a column) about earlier
    entries of its ticket that were not tried yet, or wait only until anything can leave at all.

    Raises TryAgain while one of them is in hand elsewhere, or a letter about an earlier entry is
    still to be written.
    """
    row: Any = _with_entry(table).first(pk=number)
    if row is None:
        raise table.DoesNotExist(f"nothing to be sent has the number {number}")
    if row.state == State.WAITING and row.entry:
        is_new = at < row.queued_at + LONGEST_WAIT
        # Asked first: what is written by then is found below. Nothing overtakes what is not.
        waits = is_new and _is_to_be_written(row.entry)
        if not waits and _goes_before(table, to).finds(
            ticket=row.entry.ticket_id, seq=row.entry.seq, of=getattr(row, to)
        ):
            before = _earlier(table, to, row.entry.ticket_id, row.entry.seq, getattr(row, to))
            _send_untried(before, send, at=at, waits_for_all=waits_for_all)
            waits = is_new and before.filter(state=State.IN_HAND).exists()
        if waits:
            raise TryAgain("A letter about what happened before goes first.", at + PAUSE)
    send(number)


@cache
def _with_entry(table: type[Departure]) -> Prepared[Departure]:
    rows: Any = table._default_manager
    return Prepared(lambda pk: rows.select_related("entry").filter(pk=pk), "pk")


@cache
def _goes_before(table: type[Departure], to: str) -> Prepared[Departure]:
    """Whether anything to the same about an earlier entry of the ticket has not left."""
    waits = Q(state__in=(State.WAITING, State.IN_HAND))
    return Prepared(
        lambda ticket, seq, of: anything(_earlier(table, to, ticket, seq, of).filter(waits)),
        "ticket",
        "seq",
        "of",
    )


def _earlier(table: type[Departure], to: str, ticket: Any, seq: Any, of: Any) -> QuerySet[Any]:
    earlier = Q(("entry__ticket", ticket), ("entry__seq__lt", seq), (to, of))
    return table._default_manager.filter(earlier)


def _send_untried(
    before: QuerySet[Departure],
    send: Callable[[int], object],
    *,
    at: datetime,
    waits_for_all: Q | None,
) -> None:
    due = Q(next_try_at__lte=at) | Q(next_try_at=F("queued_at"))
    untried = Q(due, attempts=0)
    first = before.filter(untried | (waits_for_all or untried), state=State.WAITING)
    for earlier in list(first.order_by("entry__seq", "pk").values_list("pk", flat=True)):
        with suppress(TryAgain):  # it has a job of its own
            send(earlier)


def _is_to_be_written(entry: LogEntry) -> bool:
    """Whether a job that writes letters about an entry before this one has not been done yet."""
    letters = {kind: row.letters for kind, row in rows().items() if row.letters}
    facts: dict[str, Any] = {
        "ticket": entry.ticket_id,
        "seq": entry.seq,
        "kinds": list(letters),
        "undo": UNDO_FOR,
        "jobs": [job.__name__ for jobs in letters.values() for job in jobs],
    }
    with connection.cursor() as cursor:
        cursor.execute(_TO_BE_WRITTEN, facts)
        return bool(cursor.fetchone()[0])


_TO_BE_WRITTEN = """
    select exists (
        select from deskbook_logentry e, procrastinate_jobs j
        where e.ticket_id = %(ticket)s and e.seq < %(seq)s and e.kind = any(%(kinds)s)
            and j.status in ('todo', 'doing') and j.task_name = any(%(jobs)s)
            and (j.args ->> 'entry_id')::bigint = e.id
            and (j.scheduled_at is null or j.scheduled_at <= now())
    ) or exists (
        select from deskbook_logentry e, procrastinate_jobs j
        where e.ticket_id = %(ticket)s and e.seq < %(seq)s and e.kind = any(%(kinds)s)
            and j.status in ('todo', 'doing') and j.task_name = 'react'
            and (j.args ->> 'ticket_id')::bigint = e.ticket_id
            and e.seq between (j.args ->> 'first_seq')::bigint and (j.args ->> 'last_seq')::bigint
            and (j.scheduled_at is null or j.scheduled_at <= now() + %(undo)s::interval)
    )
"""
"""By the indexes of migration 0057. What is put off, as an alert until a team works, is not waited
for, but what somebody may still undo is.
"""
