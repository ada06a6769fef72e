"""Undoing what was done a moment ago (semantics §6.5)."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from deskbook.engine import events as happened
from deskbook.engine.apply import replay, undisturbed
from deskbook.engine.decision import Decision
from deskbook.engine.desk import Desk
from deskbook.engine.snooze_events import Snoozed, SnoozeOver, Tagged
from deskbook.engine.ticket import Actor, Entry, TicketState
from deskbook.engine.undo_events import Undone
from deskbook.refusals.refusal import Refusal

UNDO_FOR = timedelta(seconds=10)
"""How long somebody may undo what they did; until then nobody is told of it."""
MAY_BE_UNDONE: frozenset[type] = frozenset(
    {
        happened.Absorbed,
        happened.Assigned,
        happened.Categorised,
        happened.Closed,
        happened.Held,
        happened.Merged,
        happened.Noted,
        happened.Reopened,
        happened.StageChanged,
        Snoozed,
        SnoozeOver,
        Tagged,
        happened.TeamArrived,
    }
)
"""What is all in the ticket's state. Taking back a promise or a visit's date is not: others read
these.
"""


def decide_undo(
    desk: Desk, ticket: TicketState, log: Sequence[Entry], first: int, *, at: datetime, by: Actor
) -> Decision:
    """Returns `Undone` for the act whose entries begin with `first` in the ticket's whole `log`.

    Refused to anybody but who did it, past UNDO_FOR, and where anything has happened since but that
    a clock passed its aim or limit, which stays.
    """
    act = done_with(log, first)
    if not act or act[0].by.id != by.id or not may_be_undone(act):
        return Refusal("undo: not this")
    if at > act[0].at + UNDO_FOR:
        return Refusal("undo: too late", seconds=int(UNDO_FOR.total_seconds()))
    since = log[act[-1].seq :]
    if not all(isinstance(e.event, happened.AimPassed | happened.LimitBreached) for e in since):
        return Refusal("undo: went on")
    before = undisturbed(replay(log[: first - 1]), since)
    return (Undone(first, act[-1].seq, before),)


def done_with(log: Sequence[Entry], first: int) -> Sequence[Entry]:
    """Returns the entries of one act: those from `first` on that follow each other, by the same
    person at the same instant.
    """
    act: list[Entry] = []
    for entry in log[max(first - 1, 0) :]:
        if act and (entry.by, entry.at) != (act[0].by, act[0].at):
            break
        act.append(entry)
    return act


def may_be_undone(act: Sequence[Entry]) -> bool:
    """Whether all that an act did is of the kinds that may be undone, and a person did it."""
    return all(type(entry.event) in MAY_BE_UNDONE and entry.by.kind == "agent" for entry in act)
