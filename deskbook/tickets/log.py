"""The one door: every change of a ticket is decided by the engine and recorded here.

`perform` hands a decider its facts, when and who. `act` locks the row, lets time catch up, asks,
appends the events, brings the row up to date and queues one job for what follows, all in one
transaction.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, Protocol, TypeVar, TypeVarTuple, cast

from django.db import connection, transaction
from procrastinate.contrib.django import app

from deskbook.engine.apply import apply
from deskbook.engine.decision import Decision
from deskbook.engine.desk import Desk
from deskbook.engine.ticket import Actor, Entry, TicketState
from deskbook.engine.wake import closes_for_silence, decide_wake
from deskbook.people.access import Who, actor_of
from deskbook.people.books import desk_at
from deskbook.people.copying import copy_rows, insert_rows, update_row
from deskbook.people.open_screens import CHANNEL
from deskbook.people.prepared import Prepared
from deskbook.refusals.refusal import Refusal, Refused
from deskbook.tickets.arriving import arrive
from deskbook.tickets.call_back_rows import end_call_backs
from deskbook.tickets.folding import searchable
from deskbook.tickets.models import Command, LogEntry, Ticket
from deskbook.tickets.readers import to_whom_they_knew
from deskbook.tickets.said_before import was_said
from deskbook.tickets.second_thoughts import undone_until
from deskbook.tickets.state import (
    NOTHING_BEFORE,
    chained,
    queues_of,
    show_in_row,
    state_of,
)
from deskbook.tickets.visit_rows import CHANGES, show_visits
from deskbook.tickets.what_follows import called_for, is_heard

Decide = Callable[[Desk, TicketState], Decision]
Facts = TypeVarTuple("Facts")
Given = ParamSpec("Given")
Left = TypeVar("Left")
WORDS_LOOKED_AFTER = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Recorded:
    """What an act left behind: the ticket row and the log entries, none if nothing had to
    change.
    """

    ticket: Ticket
    entries: tuple[LogEntry, ...] = ()


class Decider(Protocol[*Facts]):
    """What the engine knows of an act: its facts by position, then when and who."""

    def __call__(
        self, desk: Desk, ticket: TicketState, /, *facts: *Facts, at: datetime, by: Actor
    ) -> Decision: ...


def perform(
    ticket: Ticket | int,
    decide: Decider[*Facts],
    *facts: *Facts,
    at: datetime,
    by: Who,
    key: str | None = None,
    seen_to: frozenset[str] = frozenset(),
) -> Recorded:
    """Records what `decide` makes of these facts and returns it, as `act`. Raises Refused; then
    nothing changes.

    An id is enough where nobody has read the row.
    """
    actor = actor_of(by)
    return act(
        ticket if isinstance(ticket, int) else ticket.pk,
        lambda desk, state: decide(desk, state, *facts, at=at, by=actor),
        at=at,
        by=actor,
        key=key,
        seen_to=seen_to,
    )


def allow(
    ticket: Ticket | int, decide: Decider[*Facts], *facts: *Facts, at: datetime, by: Who
) -> int:
    """Raises Refused for what `perform` would refuse, and records nothing. Returns the seq of the
    ticket's last entry, after which nobody adds one until the transaction ends.
    """
    actor, row = actor_of(by), _locked(ticket if isinstance(ticket, int) else ticket.pk)
    _decided(
        row,
        state_of(row),
        lambda desk, state: decide(desk, state, *facts, at=at, by=actor),
        at=at,
        by=actor,
    )
    return row.seq


def once(verb: Callable[Given, Left]) -> Callable[Given, Left | Recorded]:
    """Makes one transaction of a verb that stores more than its events; its `key` again stores
    nothing again.
    """

    @wraps(verb)
    def at_most_once(*args: Given.args, **facts: Given.kwargs) -> Left | Recorded:
        key = cast("str | None", facts.get("key"))
        if key and key == _IN_HAND.get():  # in the transaction of who asked, which a refusal ends
            return verb(*args, **facts)
        with transaction.atomic():
            if done := recorded_before(key):
                return done
            with in_hand(key):
                return verb(*args, **facts)

    return at_most_once


def act(
    ticket_id: int,
    decide: Decide,
    *,
    at: datetime,
    by: Actor,
    key: str | None = None,
    seen_to: frozenset[str] = frozenset(),
) -> Recorded:
    """Records what `decide` returns for the ticket and returns it; raises Refused and changes
    nothing.

    `key` is the client's: the same key again returns the same entries and decides nothing.
    `seen_to` are kinds of entries whose consequences the caller sees to, as a chat does.
    """
    # No savepoint, and a refusal goes round it: it comes before anything is written.
    with transaction.atomic(savepoint=False):
        row = _locked(ticket_id)
        if done := recorded_before(key):
            return done
        before = state_of(row)
        try:
            entries = _decided(row, before, decide, at=at, by=by)
        except Refused as why:
            refused = why
        else:
            return append(row, before, entries, key=key, seen_to=seen_to)
    raise refused


def _decided(
    row: Ticket, state: TicketState, decide: Decide, *, at: datetime, by: Actor
) -> list[Entry]:
    """What time has done to the ticket by then, and what is decided; raises Refused."""
    desk = desk_at(row.desk_id, row.book_version)
    # Clocks of two machines differ a little: an act never happens before the one it follows.
    at = max(at, state.last_at or at)
    # What is done now is no silence; closing for it is for `wake`: it knows which words have left.
    just_before = at - timedelta(microseconds=1)
    overdue = () if was_said() else decide_wake(desk, state, at=just_before, closes=False)
    for entry in overdue:
        state = apply(state, entry)
    events = to_whom_they_knew(row.pk, state, decide(desk, state))
    return [*overdue, *numbered(events, state.seq, at=at, by=by)]


@transaction.atomic
def wake(
    ticket_id: int, *, at: datetime, words_wait: Callable[[Ticket], bool] = lambda _ticket: False
) -> Recorded:
    """Records what time has done to the ticket by `at`; nothing if another worker was first.

    A case that would close for silence while `words_wait`, the desk's last ones, stays open and is
    looked at again after WORDS_LOOKED_AFTER: nobody is closed who was not told.
    """
    row = _locked(ticket_id)
    desk, state = desk_at(row.desk_id, row.book_version), state_of(row)
    entries = decide_wake(desk, state, at=at)
    waits = closes_for_silence(entry.event for entry in entries) and words_wait(row)
    recorded = append(
        row, state, decide_wake(desk, state, at=at, closes=False) if waits else entries
    )
    if waits:
        row.wake_at = at + WORDS_LOOKED_AFTER
        row.save(update_fields=["wake_at"])
        return recorded
    if not recorded.entries:
        # Newer zone data may put off what the row was to wake for: unsaved, it wakes for ever.
        row.save(update_fields=["wake_at", "next_due_at", "next_due_clock", "due_order_at"])
    return recorded


def hold(ticket_id: int) -> int:
    """Keeps everybody else from acting on the ticket until the transaction ends; returns the seq of
    its last entry.
    """
    locked = "select seq from deskbook_ticket where id = %s for no key update"
    with connection.cursor() as cursor:
        cursor.execute(locked, [ticket_id])
        return int(cursor.fetchone()[0])


def _locked(ticket_id: int) -> Ticket:
    row = _LOCKED.first(pk=ticket_id)
    if row is None:
        raise Ticket.DoesNotExist(f"no ticket {ticket_id}")
    return row


# Without the search text: reading and writing it back unchanged would cost more than the act.
_LOCKED = Prepared(
    lambda pk: (
        Ticket.objects.select_for_update(no_key=True, of=("self",))
        .select_related("desk")
        .defer("search")
        .filter(pk=pk)
    ),
    "pk",
)


def begin(
    row: Ticket, decision: Decision, *, at: datetime, by: Actor, key: str | None = None
) -> Recorded:
    """Inserts a new ticket row with its first entries; `row` has number, subject and people set."""
    if isinstance(decision, Refusal):
        raise Refused(decision)
    return append(row, None, numbered(decision, 0, at=at, by=by), key=key)


_IN_HAND: ContextVar[str | None] = ContextVar("key of a command", default=None)


@contextmanager
def in_hand(key: str | None) -> Iterator[None]:
    """Within it, the command with this key is known not to have been done: its transaction asked
    `recorded_before`, holds everybody else's up, and ends with what is refused.
    """
    before = _IN_HAND.set(key)
    try:
        yield
    finally:
        _IN_HAND.reset(before)


def recorded_before(key: str | None) -> Recorded | None:
    """Returns what the command with this key recorded, if it was done already.

    Call it first in the transaction of the command: a second sender of the same key waits here for
    the first.
    """
    if not key or key == _IN_HAND.get():
        return None
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])
        # A statement of its own: it must see what was done while this one waited.
        cursor.execute("select from deskbook_command where key = %s", [key])
        if cursor.rowcount == 0:
            return None
    done = Command.objects.select_related("ticket__desk").get(key=key)
    entries = done.ticket.log.filter(seq__range=(done.first_seq, done.last_seq))
    return Recorded(done.ticket, tuple(entries))


def numbered(events: Sequence[object], after: int, *, at: datetime, by: Actor) -> list[Entry]:
    return [
        Entry(after + n, at, by, event)  # type: ignore[arg-type]
        for n, event in enumerate(events, start=1)
    ]


def append(
    row: Ticket,
    state: TicketState | None,
    entries: Sequence[Entry],
    *,
    key: str | None = None,
    seen_to: frozenset[str] = frozenset(),
) -> Recorded:
    """Appends entries, brings the row up to date, queues the reactions. Needs the row's lock, or a
    new row.
    """
    before, earlier = queues_of(row) if row.pk else set(), state
    for entry in entries:
        state = apply(state, entry)
    if state is None:
        raise ValueError("a ticket begins with at least one entry")
    show_in_row(row, desk_at(row.desk_id, state.book_version), state)
    if not row.pk:
        insert_rows(row)
    elif entries:
        update_row(row)
    row.__dict__.pop("changed_at", None)  # the database has set it
    rows = _write_entries(row, entries)
    if not CHANGES.isdisjoint(entry.kind for entry in rows):
        show_visits(row, state)
    end_call_backs(row, earlier, state)
    _queue(row, entries, [line for line in rows if line.kind not in seen_to])
    _tell(row, rows, changes_of_queues(before, queues_of(row)), key)
    return Recorded(row, tuple(rows))


def _write_entries(row: Ticket, entries: Sequence[Entry]) -> list[LogEntry]:
    if not entries:
        return []
    rows = chained(row, entries, _last_hash(row) if entries[0].seq > 1 else NOTHING_BEFORE)
    insert_rows(*rows)
    return rows


def _last_hash(row: Ticket) -> bytes:
    newest = "select hash from deskbook_logentry where ticket_id = %s order by seq desc limit 1"
    with connection.cursor() as cursor:
        cursor.execute(newest, [row.pk])
        return bytes(cursor.fetchone()[0])


@transaction.atomic
def load(tickets: Sequence[Ticket], words: Sequence[str], log: Sequence[LogEntry]) -> None:
    """Writes whole tickets with their logs, by COPY: lives made elsewhere by the same engine, ids
    taken already.

    `words` is what a search finds each ticket by. Nothing follows from it: no reaction is queued,
    nobody is told.
    """
    arrive(tickets, words)
    with connection.cursor() as cursor:
        cursor.execute("insert into deskbook_ticket select * from arriving order by id")
        cursor.execute("drop table arriving")
    copy_rows(log)


def changes_of_queues(before: set[str], after: set[str]) -> list[tuple[str, int]]:
    """Returns by how much each queue a ticket has left or come into holds more."""
    return sorted([(name, 1) for name in after - before] + [(name, -1) for name in before - after])


def _queue(row: Ticket, entries: Sequence[Entry], unseen: Sequence[LogEntry]) -> None:
    """Queues the job that looks up what follows; of what may be undone once it may not be."""
    desk, follows_at = desk_at(row.desk_id, row.book_version), undone_until(row.pk, entries)
    called = any(True for line in unseen for _job in called_for(line, desk, row))
    if called or (unseen and is_heard(row.pk)):
        reach = {"ticket_id": row.pk, "first_seq": entries[0].seq, "last_seq": entries[-1].seq}
        app.configure_task("react", queue="reactions", schedule_at=follows_at).defer(**reach)


def _tell(
    row: Ticket, rows: Sequence[LogEntry], changes: Sequence[tuple[str, int]], key: str | None
) -> None:
    """Counts changes of queues, remembers the command and tells open screens, in one statement."""
    if key:
        _IN_HAND.set(None)  # done from now on
    elif not rows and not changes:
        return
    told = {"desk": row.desk_id, "ticket": row.pk, "number": str(row), "seq": row.seq}
    given: dict[str, Any] = {
        "desk": row.desk_id,
        "ticket": row.pk,
        "queues": [name for name, _ in changes],
        "changes": [change for _, change in changes],
        "key": key,
        "first": rows[0].seq if rows else row.seq + 1,
        "last": row.seq,
        "channel": CHANNEL,
        "told": json.dumps({**told, "entry": rows[-1].pk}) if rows else None,
    }
    with connection.cursor() as cursor:
        cursor.execute(_TELL, given)


_TELL = Path(__file__).with_name("told.sql").read_text()


def index_text(ticket_id: int, text: str) -> None:
    """Adds text to what a search for the ticket finds."""
    with connection.cursor() as cursor:
        cursor.execute(
            "update deskbook_ticket set search = coalesce(search, ''::tsvector) ||"
            " to_tsvector('simple', %s) where id = %s",
            [searchable(text), ticket_id],
        )


def postpone(ticket_id: int, until: datetime) -> None:
    """Looks at a ticket that could not be woken again at `until`; nothing else changes."""
    Ticket.objects.filter(pk=ticket_id).update(wake_at=until)
