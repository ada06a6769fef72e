"""How each kind of event changes a ticket: one small function a kind, nothing else changes a
state.
"""

from collections.abc import Iterable
from datetime import datetime

from deskbook.engine import events as happened
from deskbook.engine import (  # noqa: F401 (the kinds registered there)
    ladder_changes,
    people_changes,
    snooze_changes,
    visit_changes,
    work_changes,
)
from deskbook.engine import people_events as people
from deskbook.engine.change import change
from deskbook.engine.moving_changes import imported
from deskbook.engine.moving_events import Imported
from deskbook.engine.plan_parts import MOST_REMINDERS
from deskbook.engine.renaming import renamed
from deskbook.engine.replacing import replace
from deskbook.engine.snooze_events import Erased
from deskbook.engine.ticket import Entry, TicketState
from deskbook.engine.ticket_parts import Promise, Stay, TeamVisit, replace_one
from deskbook.engine.undo_events import Undone


def replay(entries: Iterable[Entry]) -> TicketState:
    """Returns the state after the whole log. The first entry must be `Opened` or `Imported`."""
    ticket: TicketState | None = None
    for entry in entries:
        ticket = apply(ticket, entry)
    if ticket is None:
        raise ValueError("a log without entries is no ticket")
    return ticket


def apply(ticket: TicketState | None, entry: Entry) -> TicketState:
    """Returns the state after one more entry. Refuses (ValueError) an entry out of order."""
    if ticket is None:
        if isinstance(entry.event, Imported):
            return imported(entry, entry.event)
        if not isinstance(entry.event, happened.Opened):
            raise ValueError(f"a log begins with Opened, not {type(entry.event).__name__}")
        return _opened(entry, entry.event)
    if entry.seq != ticket.seq + 1:
        raise ValueError(f"entry {entry.seq} does not follow entry {ticket.seq}")
    changed = snooze_changes.woken(change(entry.event, ticket, entry), entry)
    if entry.event.__class__ is Erased:  # nobody did anything: it stays where lists have it
        return replace(changed, seq=entry.seq)
    return replace(changed, seq=entry.seq, last_at=max(entry.at, ticket.last_at or entry.at))


def undisturbed(ticket: TicketState, facts: Iterable[Entry]) -> TicketState:
    """Returns a ticket as these entries leave it, whatever was in its log between."""
    for entry in facts:
        ticket = change(entry.event, ticket, entry)
    return ticket


def _opened(entry: Entry, event: happened.Opened) -> TicketState:
    return TicketState(
        opened_at=entry.at,
        requester=event.requester,
        channel=event.channel,
        stays=(Stay(event.stage, entry.at),),
        organisation=event.organisation,
        zone=event.zone,
        facets=dict(event.facets),
        claimed=event.severity,
        requested_for_at=event.requested_for_at,
        anonymous=event.anonymous,
        beyond=event.beyond,
        participants=frozenset({event.requester}),
        book_version=event.book_version,
        seq=entry.seq,
        last_at=entry.at,
    )


# ----- writing


@change.register(happened.Answered | people.AnsweredElsewhere)
def _(
    event: happened.Answered | people.AnsweredElsewhere, ticket: TicketState, entry: Entry
) -> TicketState:
    elsewhere_at = event.answered_at if isinstance(event, people.AnsweredElsewhere) else None
    answered_at = elsewhere_at or entry.at
    return replace(
        _visited(ticket, event.teams, answered_at=answered_at),
        first_answer_at=ticket.first_answer_at or answered_at,
        last_answer_at=answered_at,
        answers=ticket.answers + 1,
        unanswered_at=None,
        last_answer=event.message,
        not_got=frozenset(),
        asked_again=False,
        next_update_at=None,
        outsider_wrote_at=None,
    )


@change.register
def _(event: happened.Noted, ticket: TicketState, entry: Entry) -> TicketState:
    read = ticket if entry.by.kind == "contact" else replace(ticket, outsider_wrote_at=None)
    return _visited(read, event.teams, noted_at=entry.at)


@change.register
def _(event: happened.CustomerWrote, ticket: TicketState, entry: Entry) -> TicketState:
    reminders = (*ticket.reminded_us, entry.at) if event.reminds else ticket.reminded_us
    return replace(
        ticket,
        reminded_us=reminders[-MOST_REMINDERS:],
        requester_wrote_at=entry.at,
        unanswered_at=ticket.unanswered_at or entry.at,
        awaited=(),
        awaited_words=None,
        reminder_out_at=None,
        unreachable_at=None,
    )


@change.register
def _(event: happened.Acknowledged, ticket: TicketState, entry: Entry) -> TicketState:
    return replace(ticket, acknowledged_at=ticket.acknowledged_at or entry.at)


@change.register
def _(event: happened.InformationRequested, ticket: TicketState, entry: Entry) -> TicketState:
    return replace(ticket, awaited=event.awaited, awaited_words=event.words)


@change.register(people.SenderAccepted | happened.WorkedOutAnew | people.ContactReplaced)
def _(event: object, ticket: TicketState, entry: Entry) -> TicketState:
    return ticket  # the log keeps it; no decision or clock depends on it


# ----- owners, teams, what the case is


@change.register
def _(event: happened.Assigned, ticket: TicketState, entry: Entry) -> TicketState:
    teams = (ticket.team,) if event.owner and ticket.team else ()
    return replace(_visited(ticket, teams, taken_at=entry.at), owner=event.owner)


@change.register
def _(event: happened.TeamArrived, ticket: TicketState, entry: Entry) -> TicketState:
    left = tuple(replace(v, left_at=entry.at) if v.left_at is None else v for v in ticket.visits)
    return replace(ticket, visits=(*left, TeamVisit(len(left) + 1, event.team, entry.at)))


@change.register
def _(event: happened.Categorised, ticket: TicketState, entry: Entry) -> TicketState:
    return replace(ticket, facets={**ticket.facets, **event.facets})


@change.register
def _(event: happened.SeverityClaimed, ticket: TicketState, entry: Entry) -> TicketState:
    return replace(ticket, claimed=event.severity)


@change.register
def _(event: happened.SeverityVerified, ticket: TicketState, entry: Entry) -> TicketState:
    return replace(ticket, verified=event.severity, verified_at=ticket.verified_at or entry.at)


# ----- stages


@change.register
def _(event: happened.StageChanged, ticket: TicketState, entry: Entry) -> TicketState:
    # A freeze holds a case first and moves it then.
    return _entered(ticket, event.stage, entry.at, held=event.cause == "freeze")


@change.register
def _(event: happened.Closed, ticket: TicketState, entry: Entry) -> TicketState:
    return replace(_entered(ticket, event.stage, entry.at), closed_at=entry.at)


@change.register
def _(event: happened.Redirected, ticket: TicketState, entry: Entry) -> TicketState:
    ended = _entered(ticket, event.stage, entry.at)
    return replace(
        ended,
        closed_at=entry.at,
        redirected_to=event.to,
        handed_up_outside=event.cause == "escalation",
    )


@change.register
def _(event: happened.Reopened, ticket: TicketState, entry: Entry) -> TicketState:
    stage = _entered(ticket, event.stage, entry.at)
    back = replace(
        stage, closed_at=None, merged_into=None, redirected_to=None, handed_up_outside=False
    )
    if event.clocks == "resume":
        return back
    again = replace(back, run=ticket.run + 1, run_from_at=entry.at)
    if event.clocks == "restart":
        return again
    return replace(again, first_answer_at=None, last_answer_at=None, next_update_at=None)


@change.register
def _(event: happened.Held, ticket: TicketState, entry: Entry) -> TicketState:
    return replace(ticket, held_by=event.freeze, pick_up_at=event.pick_up_at)


@change.register
def _(event: happened.PickedUp, ticket: TicketState, entry: Entry) -> TicketState:
    return replace(ticket, held_by=None, pick_up_at=None)


# ----- clocks and promises


@change.register
def _(event: happened.AimPassed, ticket: TicketState, entry: Entry) -> TicketState:
    return replace(ticket, passed=ticket.passed | {f"aim {event.clock}"})


@change.register
def _(event: happened.LimitBreached, ticket: TicketState, entry: Entry) -> TicketState:
    return replace(ticket, passed=ticket.passed | {f"limit {event.clock}"})


@change.register
def _(event: happened.NextUpdateAgreed, ticket: TicketState, entry: Entry) -> TicketState:
    return replace(ticket, next_update_at=event.due_at, agreed_under=event.under)


@change.register
def _(event: happened.Promised, ticket: TicketState, entry: Entry) -> TicketState:
    promise = Promise(event.promise, event.due_at, str(entry.by), entry.at)
    return replace(ticket, promises=(*ticket.promises, promise))


@change.register
def _(event: happened.PromiseKept, ticket: TicketState, entry: Entry) -> TicketState:
    kept = replace_one(ticket.promises, event.promise, kept_at=entry.at)
    return replace(ticket, promises=kept)


@change.register
def _(event: happened.PromiseWithdrawn, ticket: TicketState, entry: Entry) -> TicketState:
    withdrawn = replace_one(ticket.promises, event.promise, withdrawn_at=entry.at)
    return replace(ticket, promises=withdrawn)


# ----- procedure and work


@change.register
def _(event: happened.StepDone, ticket: TicketState, entry: Entry) -> TicketState:
    return replace(ticket, done_steps=ticket.done_steps | {event.step})


@change.register
def _(event: happened.StepUndone, ticket: TicketState, entry: Entry) -> TicketState:
    return replace(ticket, done_steps=ticket.done_steps - {event.step})


@change.register
def _(event: happened.PaperReceived, ticket: TicketState, entry: Entry) -> TicketState:
    return replace(ticket, papers=ticket.papers | {event.paper})


@change.register
def _(event: happened.PaperReturned, ticket: TicketState, entry: Entry) -> TicketState:
    return replace(ticket, papers=ticket.papers - {event.paper})


# ----- relations


@change.register
def _(event: happened.Merged, ticket: TicketState, entry: Entry) -> TicketState:
    return replace(ticket, merged_into=event.into)


@change.register
def _(event: happened.Unmerged, ticket: TicketState, entry: Entry) -> TicketState:
    return replace(ticket, merged_into=None)


@change.register
def _(event: happened.Absorbed, ticket: TicketState, entry: Entry) -> TicketState:
    both = ticket.participants | set(event.joining)
    return replace(ticket, absorbed=ticket.absorbed | {event.ticket}, participants=both)


@change.register
def _(event: happened.Released, ticket: TicketState, entry: Entry) -> TicketState:
    participants = ticket.participants - set(event.leaving)
    return replace(ticket, absorbed=ticket.absorbed - {event.ticket}, participants=participants)


@change.register
def _(event: happened.Linked, ticket: TicketState, entry: Entry) -> TicketState:
    return replace(ticket, linked=ticket.linked | {event.ticket})


@change.register
def _(event: happened.Unlinked, ticket: TicketState, entry: Entry) -> TicketState:
    return replace(ticket, linked=ticket.linked - {event.ticket})


@change.register
def _(event: Undone, ticket: TicketState, entry: Entry) -> TicketState:
    return event.before


@change.register
def _(event: happened.CarriedOver, ticket: TicketState, entry: Entry) -> TicketState:
    return replace(renamed(ticket, event), book_version=event.book_version)


def _entered(ticket: TicketState, stage: str, at: datetime, *, held: bool = False) -> TicketState:
    left = replace(
        ticket,
        reminded=0,
        reminder_out_at=None,
        told_at=None,
        asked_again=False,
        unreachable_at=None,
    )
    if not held and stage != ticket.stage:  # whatever moves a held case lets it go
        left = replace(left, held_by=None, pick_up_at=None)
    return replace(left, stays=(*ticket.stays, Stay(stage, at)))


def _visited(ticket: TicketState, teams: tuple[str, ...], **marks: datetime) -> TicketState:
    """Marks what the team that holds the ticket did, the first time it did it. Others' acts mark
    nothing.
    """
    visit = ticket.team_visit
    if visit is None or visit.team not in teams:
        return ticket
    marked = replace(
        visit,
        answered_at=visit.answered_at or marks.get("answered_at"),
        noted_at=visit.noted_at or marks.get("noted_at"),
        taken_at=visit.taken_at or marks.get("taken_at"),
    )
    return replace(ticket, visits=(*ticket.visits[:-1], marked))
