"""A ticket's state and how each event changes it.

The state is what the engine needs to decide and to time; it is rebuilt by applying the log in order,
so nothing in it may come from anywhere but events. Due times are not in it: `clocks` works them out.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from deskbook.engine import events as happened
from deskbook.engine.events import Event


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person at the desk, a requester, or the system by a rule of the book."""

    kind: Literal["agent", "contact", "system"]
    id: str = ""
    teams: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}" if self.id else self.kind

    @classmethod
    def parse(cls, text: str) -> "Actor":
        kind, _, id_ = text.partition(":")
        if kind not in ("agent", "contact", "system"):
            raise ValueError(f"{text!r} names no actor: write agent:7, contact:7 or system")
        return cls(kind, id_)  # type: ignore[arg-type]  # narrowed by the line above


SYSTEM = Actor("system")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a ticket's log."""

    seq: int
    at: datetime
    by: Actor
    event: Event


@dataclass(frozen=True, slots=True)
class Stay:
    """A time spent in one stage; it lasts until the next stay begins."""

    stage: str
    from_at: datetime


@dataclass(frozen=True, slots=True)
class Visit:
    """A time spent with one team; a return is a new visit."""

    number: int
    team: str
    arrived_at: datetime
    left_at: datetime | None = None
    answered_at: datetime | None = None
    noted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Promise:
    id: str
    due_at: datetime
    by: str
    made_at: datetime
    kept_at: datetime | None = None
    withdrawn_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.kept_at is None and self.withdrawn_at is None


@dataclass(frozen=True, slots=True)
class Ticket:
    opened_at: datetime
    requester: str
    channel: str
    stays: tuple[Stay, ...]
    organisation: str | None = None
    zone: str | None = None
    facets: Mapping[str, str] = field(default_factory=dict)
    claimed: str | None = None
    verified: str | None = None
    verified_at: datetime | None = None
    acknowledged_at: datetime | None = None
    requested_for_at: datetime | None = None
    visits: tuple[Visit, ...] = ()
    owner: str | None = None
    first_answer_at: datetime | None = None
    last_answer_at: datetime | None = None
    answers: int = 0
    """Public answers so far; numbers the update clocks."""
    next_update_at: datetime | None = None
    """Agreed for the running update clock; a new answer clears it."""
    requester_wrote_at: datetime | None = None
    promises: tuple[Promise, ...] = ()
    passed: frozenset[str] = frozenset()
    """"aim response", "limit team:2": recorded once each."""
    reminded: int = 0
    """Reminders sent in the present stay."""
    run: int = 1
    """Grows when a reopening restarts the clocks or begins new ones."""
    run_from_at: datetime | None = None
    run_policy: str = "resume"
    closed_at: datetime | None = None
    closing_cause: str | None = None
    merged_into: str | None = None
    linked: frozenset[str] = frozenset()
    absorbed: frozenset[str] = frozenset()
    participants: frozenset[str] = frozenset()
    awaited: tuple[str, ...] = ()
    """What the requester was asked for and has not sent."""
    book_version: int = 1
    seq: int = 0
    last_at: datetime | None = None
    """Instant of the latest act of a person or the system, for ordering and quiet."""

    @property
    def stage(self) -> str:
        return self.stays[-1].stage

    @property
    def stage_entered_at(self) -> datetime:
        return self.stays[-1].from_at

    @property
    def severity(self) -> str | None:
        """What counts: the verified severity, before that the claimed one."""
        return self.verified or self.claimed

    @property
    def visit(self) -> Visit | None:
        """The visit that is going on, if a team holds the ticket."""
        return self.visits[-1] if self.visits and self.visits[-1].left_at is None else None

    @property
    def team(self) -> str | None:
        return self.visit.team if self.visit else None


def replay(entries: Iterable[Entry]) -> Ticket:
    """Returns the state after the whole log. The first entry must be `Opened`."""
    ticket: Ticket | None = None
    for entry in entries:
        ticket = apply(ticket, entry)
    if ticket is None:
        raise ValueError("a log without entries is no ticket")
    return ticket


def apply(ticket: Ticket | None, entry: Entry) -> Ticket:
    """Returns the state after one more entry. Refuses (ValueError) an entry out of order."""
    if ticket is None:
        if not isinstance(entry.event, happened.Opened):
            raise ValueError(f"a log begins with Opened, not {type(entry.event).__name__}")
        return _opened(entry, entry.event)
    if entry.seq != ticket.seq + 1:
        raise ValueError(f"entry {entry.seq} does not follow entry {ticket.seq}")
    return replace(_changed(ticket, entry), seq=entry.seq, last_at=max(entry.at, ticket.last_at or entry.at))


def _opened(entry: Entry, event: happened.Opened) -> Ticket:
    return Ticket(
        opened_at=entry.at,
        requester=event.requester,
        channel=event.channel,
        stays=(Stay(event.stage, entry.at),),
        organisation=event.organisation,
        zone=event.zone,
        facets=dict(event.facets),
        claimed=event.severity,
        requested_for_at=event.requested_for_at,
        participants=frozenset({event.requester}),
        book_version=event.book_version,
        seq=entry.seq,
        last_at=entry.at,
    )


def _changed(ticket: Ticket, entry: Entry) -> Ticket:
    at, event = entry.at, entry.event
    match event:
        case happened.Answered() | happened.InformationRequested() | happened.Noted() | happened.CustomerWrote():
            return _written(ticket, event, at)
        case happened.Acknowledged():
            return replace(ticket, acknowledged_at=ticket.acknowledged_at or at)
        case happened.Assigned(owner):
            return replace(ticket, owner=owner)
        case happened.TeamArrived(team):
            return _arrived(ticket, team, at)
        case happened.StageChanged(stage):
            return _entered(ticket, stage, at)
        case happened.Categorised(facets):
            return replace(ticket, facets={**ticket.facets, **facets})
        case happened.SeverityClaimed(severity):
            return replace(ticket, claimed=severity)
        case happened.SeverityVerified(severity):
            return replace(ticket, verified=severity, verified_at=ticket.verified_at or at)
        case happened.Promised() | happened.PromiseKept() | happened.PromiseWithdrawn():
            return replace(ticket, promises=_promised(ticket.promises, event, entry))
        case happened.NextUpdateAgreed(due_at):
            return replace(ticket, next_update_at=due_at)
        case happened.AimPassed(clock):
            return replace(ticket, passed=ticket.passed | {f"aim {clock}"})
        case happened.LimitBreached(clock):
            return replace(ticket, passed=ticket.passed | {f"limit {clock}"})
        case happened.ReminderSent(number):
            return replace(ticket, reminded=number)
        case happened.Closed(stage, cause):
            return replace(_entered(ticket, stage, at), closed_at=at, closing_cause=cause)
        case happened.Reopened(stage, clocks):
            return _reopened(ticket, stage, clocks, at)
        case _:
            return _related(ticket, event)


def _related(ticket: Ticket, event: Event) -> Ticket:
    match event:
        case happened.Merged(into):
            return replace(ticket, merged_into=into)
        case happened.Unmerged():
            return replace(ticket, merged_into=None)
        case happened.Absorbed(other):
            return replace(ticket, absorbed=ticket.absorbed | {other})
        case happened.Released(other):
            return replace(ticket, absorbed=ticket.absorbed - {other})
        case happened.Linked(other):
            return replace(ticket, linked=ticket.linked | {other})
        case happened.Unlinked(other):
            return replace(ticket, linked=ticket.linked - {other})
        case happened.ParticipantAdded(contact):
            return replace(ticket, participants=ticket.participants | {contact})
        case happened.CarriedOver(version):
            return replace(ticket, book_version=version)
        case happened.DeliveryFailed():
            return ticket
        case _:
            raise ValueError(f"no state change is written for {type(event).__name__}")


def _written(ticket: Ticket, event: Event, at: datetime) -> Ticket:
    match event:
        case happened.Answered(_, teams):
            return replace(
                _seen_by_team(ticket, "answered_at", teams, at),
                first_answer_at=ticket.first_answer_at or at,
                last_answer_at=at,
                answers=ticket.answers + 1,
                next_update_at=None,
            )
        case happened.Noted(_, teams):
            return _seen_by_team(ticket, "noted_at", teams, at)
        case happened.InformationRequested(_, awaited):
            return replace(ticket, awaited=awaited)
        case _:
            return replace(ticket, requester_wrote_at=at, awaited=())


def _seen_by_team(
    ticket: Ticket, mark: Literal["answered_at", "noted_at"], teams: tuple[str, ...], at: datetime
) -> Ticket:
    visit = ticket.visit
    if visit is None or visit.team not in teams or getattr(visit, mark) is not None:
        return ticket
    seen = replace(visit, answered_at=at) if mark == "answered_at" else replace(visit, noted_at=at)
    return replace(ticket, visits=(*ticket.visits[:-1], seen))


def _arrived(ticket: Ticket, team: str, at: datetime) -> Ticket:
    left = tuple(replace(v, left_at=at) if v.left_at is None else v for v in ticket.visits)
    return replace(ticket, visits=(*left, Visit(len(left) + 1, team, at)))


def _entered(ticket: Ticket, stage: str, at: datetime) -> Ticket:
    return replace(ticket, stays=(*ticket.stays, Stay(stage, at)), reminded=0)


def _reopened(ticket: Ticket, stage: str, clocks: str, at: datetime) -> Ticket:
    back = replace(_entered(ticket, stage, at), closed_at=None, closing_cause=None, merged_into=None)
    if clocks == "resume":
        return back
    again = replace(back, run=ticket.run + 1, run_from_at=at, run_policy=clocks)
    if clocks == "restart":
        return again
    return replace(again, first_answer_at=None, last_answer_at=None, next_update_at=None)


def _promised(promises: tuple[Promise, ...], event: Event, entry: Entry) -> tuple[Promise, ...]:
    match event:
        case happened.Promised(id_, due_at):
            return (*promises, Promise(id_, due_at, str(entry.by), entry.at))
        case happened.PromiseKept(id_):
            return tuple(replace(p, kept_at=entry.at) if p.id == id_ else p for p in promises)
        case happened.PromiseWithdrawn(id_):
            return tuple(replace(p, withdrawn_at=entry.at) if p.id == id_ else p for p in promises)
        case _:
            return promises
