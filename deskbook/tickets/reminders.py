"""What became of the messages a ladder sends: told by the ways they left by."""

from datetime import datetime

from procrastinate.contrib.django import app

from deskbook.engine.decide_reminder import (
    decide_cannot_be_reached,
    decide_reminder_came_back,
    decide_reminder_sent,
)
from deskbook.engine.ladder_events import Unreached
from deskbook.engine.ticket import SYSTEM
from deskbook.people.prepared import Prepared, anything
from deskbook.refusals.kept import kept
from deskbook.tickets.log import Recorded, act
from deskbook.tickets.models import LogEntry
from deskbook.tickets.state import state_of

REMINDER_JOB = "remind"


def is_reminder(entry: LogEntry | None, purpose: str) -> bool:
    """Whether a message with this purpose, which follows from this entry, is a step of a ladder."""
    return entry is not None and entry.kind == "ReminderDue" and purpose == "reminder"


def is_out(entry: LogEntry) -> bool:
    """Whether the reminder that fell due with this entry is still to be told: its ladder was not
    left meanwhile.
    """
    return state_of(entry.ticket).reminder_out_at == _due_at(entry)


_OF_A_MISSED_CALL = ("Opened", "Acknowledged", "Promised")
NOT_WAITED_FOR = kept("not_waited_for")


def is_too_late(entry: LogEntry | None, purpose: str) -> bool:
    """Whether a message reminds somebody of what is not waited for any more, or tells of a missed
    call that was answered after all.
    """
    if entry is None:
        return False
    if entry.kind in _OF_A_MISSED_CALL:
        return _REACHED.finds(ticket=entry.ticket_id, seq=entry.seq)
    return is_reminder(entry, purpose) and not is_out(entry)


_REACHED = Prepared(
    lambda ticket, seq: anything(
        LogEntry.objects.filter(ticket=ticket, kind="Closed", data__cause="reached", seq__gt=seq)
    ),
    "ticket",
    "seq",
)


def record_left(
    entry: LogEntry | None, purpose: str, *, repeats: bool = True, at: datetime
) -> None:
    """Records that a message left for a way that reaches the person; of what is no reminder nothing
    is recorded.

    A reminder in a registered wording repeats nothing of what was asked.
    """
    if entry is not None and is_reminder(entry, purpose):
        number, due_at = entry.data["number"], _due_at(entry)
        act(
            entry.ticket_id,
            lambda d, s: decide_reminder_sent(d, s, number, due_at, repeats=repeats),
            at=at,
            by=SYSTEM,
        )


def record_came_back(entry: LogEntry | None, purpose: str, *, at: datetime) -> None:
    """Records that a reminder which had left did not arrive: it is out again, and told another way
    or none.
    """
    if entry is not None and is_reminder(entry, purpose):
        number, due_at = entry.data["number"], _due_at(entry)
        act(
            entry.ticket_id,
            lambda d, s: decide_reminder_came_back(d, s, number, due_at),
            at=at,
            by=SYSTEM,
        )


def tell_another_way(entry: LogEntry | None, purpose: str) -> None:
    """Queues the job that tells a reminder by the next way, because one failed for good."""
    if entry is not None and is_reminder(entry, purpose):
        app.configure_task(REMINDER_JOB, queue="reactions").defer(entry_id=entry.pk)


def record_cannot_be_reached(entry: LogEntry, reason: Unreached, *, at: datetime) -> Recorded:
    """Records that no way reaches the requester; the ladder ends and the case is the desk's
    again.
    """
    due_at = _due_at(entry)
    return act(
        entry.ticket_id,
        lambda d, s: decide_cannot_be_reached(d, s, due_at, reason),
        at=at,
        by=SYSTEM,
    )


def _due_at(entry: LogEntry) -> datetime:
    return datetime.fromisoformat(entry.data["due_at"])
