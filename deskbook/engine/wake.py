"""What time does to a ticket: aims, limits, promises, reminders, closing (semantics §3.10,
§4.4).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from deskbook.engine import closure, freeze
from deskbook.engine import events as happened
from deskbook.engine import ladder_events as ladder
from deskbook.engine.apply import apply
from deskbook.engine.clocks import Reading, readings
from deskbook.engine.decide_assignment import arrival
from deskbook.engine.decide_promise import falling_away
from deskbook.engine.decide_reminder import given_up
from deskbook.engine.decide_site_visit import calling_off
from deskbook.engine.desk import Desk
from deskbook.engine.events import Event
from deskbook.engine.handing_up import goes_up
from deskbook.engine.snooze_events import SnoozeOver
from deskbook.engine.ticket import SYSTEM, Entry, TicketState


@dataclass(frozen=True, slots=True)
class Due:
    """One thing the engine has to do, and when. What must happen together is one."""

    at: datetime
    events: tuple[Event, ...]


def next_wake_at(desk: Desk, ticket: TicketState) -> datetime | None:
    """Returns the next instant at which the engine has something to do here, or None."""
    return min((step.at for step in _pending(desk, ticket)), default=None)


def decide_wake(
    desk: Desk, ticket: TicketState, *, at: datetime, closes: bool = True
) -> tuple[Entry, ...]:
    """Returns everything that fell due by `at`, in order, ready for the log.

    A breach bears the instant it happened however late it is noticed; reminders and closing bear
    `at`, when they are done. After an outage the reminders of a ladder come in order but only the
    last of them tells anybody, and nothing closes before that one has left. Nothing closes for
    silence without `closes`: what the desk wrote last has not left yet, or something else is about
    to happen to the case.
    """
    entries: list[Entry] = []
    while True:
        now_due = (
            s
            for s in _pending(desk, ticket)
            if s.at <= at and (closes or not closes_for_silence(s.events))
        )
        step = min(now_due, key=lambda s: s.at, default=None)
        if step is None:
            return tuple(entries)
        for event in step.events:
            done_at = step.at if _is_past_fact(event) else at
            entry = Entry(ticket.seq + 1, done_at, SYSTEM, _told(event, desk, ticket, at))
            entries.append(entry)
            ticket = apply(ticket, entry)


def closes_for_silence(events: Iterable[object]) -> bool:
    """Returns whether these events close a case because its requester said nothing more."""
    return any(isinstance(event, happened.Closed) and event.cause == "silence" for event in events)


def _pending(desk: Desk, ticket: TicketState) -> list[Due]:
    pending = [due for reading in readings(desk, ticket) for due in _of_clock(reading, ticket)]
    ladder = closure.steps(desk, ticket)
    if ladder:
        pending.append(_of_ladder(desk, ticket, ladder[0]))
    if ticket.snoozed_until_at:
        pending.append(Due(ticket.snoozed_until_at, (SnoozeOver(),)))
    return [*pending, *_of_levels(desk, ticket), *_of_freezes(desk, ticket)]


def _of_levels(desk: Desk, ticket: TicketState) -> list[Due]:
    up = goes_up(desk, ticket)
    if up is None:
        return []
    unmet = "" if up.line.on == "not answered" else up.line.unmet
    if up.team:
        arrived = happened.TeamArrived(up.team, cause="escalation", unmet=unmet)
        return [Due(up.at, arrival(ticket, arrived))]
    ends, contact = desk.redirected_stage, desk.outside[up.outside or ""]
    if ends is None:
        return []
    gone = happened.Redirected(contact.key, "", ends.key, cause="escalation", unmet=unmet)
    return [Due(up.at, (*calling_off(ticket), *falling_away(ticket), gone))]


def _of_freezes(desk: Desk, ticket: TicketState) -> list[Due]:
    pending = []
    if ticket.held_by and ticket.pick_up_at:
        pending.append(Due(ticket.pick_up_at, freeze.picking_up(desk, ticket)))
    ending = freeze.hands_over(desk, ticket)
    if ending and ending.hand_over_to:
        pending.append(
            Due(
                ending.until_at,
                arrival(ticket, happened.TeamArrived(ending.hand_over_to, cause="freeze")),
            )
        )
    return pending


def _of_clock(reading: Reading, ticket: TicketState) -> list[Due]:
    if reading.kind == "quiet" or reading.recommended:
        return []
    over_at = reading.met_at or reading.ended_at or reading.paused_since
    marks = (
        ("aim", reading.aim_at, happened.AimPassed),
        ("limit", reading.due_at, happened.LimitBreached),
    )
    return [
        Due(at, (event(reading.clock),))
        for mark, at, event in marks
        if at is not None
        and (over_at is None or at < over_at)
        and f"{mark} {reading.clock}" not in ticket.passed
    ]


def _of_ladder(desk: Desk, ticket: TicketState, step: closure.Step) -> Due:
    if step.number is not None:
        return Due(step.due_at, (ladder.ReminderDue(step.number, step.due_at),))
    if ticket.not_got and not ticket.asked_again:
        # Nobody is closed for silence who could not be told (semantics §4.5).
        return Due(step.due_at, given_up(desk, ticket, "failed"))
    closed = next((stage for stage in desk.stages.values() if stage.closed), desk.first_stage)
    ending = happened.Closed(closed.key, cause="silence", due_at=step.due_at)
    return Due(step.due_at, (*calling_off(ticket), *falling_away(ticket), ending))


def _is_past_fact(event: Event) -> bool:
    return isinstance(event, happened.AimPassed | happened.LimitBreached)


def _told(event: Event, desk: Desk, ticket: TicketState, at: datetime) -> Event:
    if not isinstance(event, ladder.ReminderDue):
        return event
    later = (step for step in closure.steps(desk, ticket)[1:] if step.number is not None)
    return replace(event, told=not any(step.due_at <= at for step in later))
