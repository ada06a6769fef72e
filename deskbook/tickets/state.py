"""Events and engine state as JSON, and the ticket row as a view of the state."""

import dataclasses
import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from pydantic import TypeAdapter

from deskbook.engine.clocks import next_due
from deskbook.engine.desk import Desk
from deskbook.engine.events import KINDS, Event
from deskbook.engine.handing_up import goes_up
from deskbook.engine.ticket import Actor, Entry, TicketState
from deskbook.engine.turn import turn_of
from deskbook.engine.wake import next_wake_at
from deskbook.tickets.models import LogEntry, Ticket
from deskbook.tickets.sections import FOLDED
from deskbook.tickets.thread import Done

END_OF_TIME = datetime(9999, 12, 31, tzinfo=UTC)
"""Where tickets without a due time stand in a list sorted by it."""

NOTHING_BEFORE = bytes(32)
"""The hash before the first entry of a log."""

_state: TypeAdapter[TicketState] = TypeAdapter(TicketState)
_events: dict[str, TypeAdapter[Any]] = {name: TypeAdapter(kind) for name, kind in KINDS.items()}


def state_of(row: Ticket) -> TicketState:
    """Returns the engine's state of a ticket row."""
    return _state.validate_python(row.state)


_SETS = (
    "passed",
    "linked",
    "absorbed",
    "participants",
    "left",
    "done_steps",
    "papers",
    "not_got",
    "outsiders",
)


def state_as_json(state: TicketState) -> dict[str, Any]:
    data: dict[str, Any] = _state.dump_python(state, mode="json")
    for name in _SETS:
        data[name] = sorted(data[name])  # sets have no order, and equal states must give equal rows
    return data


def entry_of(row: LogEntry | Done) -> Entry:
    """Returns a log row as the engine reads it. The teams of the actor are in the event where they
    matter.
    """
    event: Event = _events[row.kind].validate_python(row.data)
    return Entry(row.seq, row.at, Actor.parse(row.actor), event)


def event_as_json(event: Event) -> dict[str, Any]:
    """Returns the event's data without fields that still have their default, so new fields stay
    cheap.
    """
    data: dict[str, Any] = _events[type(event).__name__].dump_python(event, mode="json")
    return {name: value for name, value in data.items() if not _is_default(event, name)}


def chain_line(ticket: str, row: LogEntry) -> bytes:
    """Returns what the hash of a log row covers: its canonical JSON; `ticket` is "desk/number"."""
    line = [ticket, row.seq, row.kind, row.actor, row.at.isoformat(), row.data]
    return json.dumps(line, sort_keys=True, separators=(",", ":")).encode()


def chain_hash(previous: bytes, line: bytes) -> bytes:
    """Returns the SHA-256 over the hash before and the entry's line."""
    return hashlib.sha256(previous + line).digest()


def chained(row: Ticket, entries: Sequence[Entry], previous: bytes) -> list[LogEntry]:
    """Returns the log rows of entries that follow the hash `previous`; they are not saved here."""
    rows = []
    for entry in entries:
        line = LogEntry(
            ticket_id=row.pk,
            seq=entry.seq,
            kind=type(entry.event).__name__,
            actor=str(entry.by),
            at=entry.at,
            data=event_as_json(entry.event),
            previous_hash=previous,
        )
        line.hash = previous = chain_hash(previous, chain_line(f"{row.desk_id}/{row.number}", line))
        rows.append(line)
    return rows


def show_in_row(row: Ticket, desk: Desk, state: TicketState) -> None:
    """Changes the row's columns to what the state says; it is not saved here."""
    stage = desk.stages[state.stage]
    row.state = state_as_json(state)
    row.seq, row.book_version = state.seq, state.book_version
    row.requester_id = int(state.requester)
    row.organisation_id = int(state.organisation) if state.organisation else None
    row.stage, row.waits_for = stage.key, "nobody" if state.merged_into else stage.next
    row.is_open = not (stage.closed or state.merged_into)
    row.outcome = outcome_of(desk, state)
    row.turn, row.waits_since_at = turn_of(desk, state)
    row.team, row.owner_id = state.team or "", int(state.owner) if state.owner else None
    row.claimed, row.severity = state.claimed or "", state.severity or ""
    row.kind, row.category = state.facets.get("type", ""), state.facets.get("category", "")
    row.place = state.facets.get("place", "")
    row.closed_at, row.tags = state.closed_at, list(state.tags)
    row.next_due_at, row.next_due_clock = what_is_due(desk, state)
    row.due_order_at = row.next_due_at or END_OF_TIME
    row.wake_at = next_wake_at(desk, state)
    row.breached = any(mark.startswith("limit ") for mark in state.passed)
    row.last_activity_at = state.last_at or state.opened_at


def what_is_due(desk: Desk, state: TicketState) -> tuple[datetime | None, str]:
    """Returns the instant that comes first and what it is: a clock, "level" (handed up by itself),
    "pick-up".
    """
    reading, up = next_due(desk, state), goes_up(desk, state)
    found = [(reading.due_at, reading.clock)] if reading and reading.due_at else []
    found += [(up.at, "level")] if up else []
    found += [(state.pick_up_at, "pick-up")] if state.held_by and state.pick_up_at else []
    return min(found, default=(None, ""))


def outcome_of(desk: Desk, state: TicketState) -> str:
    """Returns how the ticket ended: "solved", "closed", "redirected", "merged", or "" while it goes
    on.

    Closed after being solved is solved; closed from anywhere else is closed. Redirected is neither.
    """
    if state.merged_into:
        return "merged"
    if state.redirected_to:
        return "redirected"
    stage = desk.stages[state.stage]
    before = desk.stages.get(state.stays[-2].stage) if len(state.stays) > 1 else None
    if stage.solved or (stage.closed and before is not None and before.solved):
        return "solved"
    return "closed" if stage.closed else ""


def queues_of(row: Ticket) -> set[str]:
    """Returns the console's queues this ticket counts in."""
    ended = {f"outcome:{row.outcome}"} if row.outcome else set()
    if not row.is_open:
        return ended
    queues = {*ended, "open", f"team:{row.team}" if row.team else "team:"}
    queues.add(f"owner:{row.owner_id}" if row.owner_id else "unassigned")
    if row.state.get("held_by"):
        queues.add("held")
    if row.waits_for != "desk":
        queues.add("waiting")
    if row.breached and row.turn not in FOLDED:
        queues.add("breached")
    return queues


def _is_default(event: Event, name: str) -> bool:
    field = type(event).__dataclass_fields__[name]
    if field.default is not dataclasses.MISSING:
        return bool(getattr(event, name) == field.default)
    return field.default_factory is not dataclasses.MISSING and not getattr(event, name)
