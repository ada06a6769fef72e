"""The clocks of a ticket, worked out from its state and the book (semantics §3).

A reading is a pure function of (book, log): play the same log again and the same instants come out.
Nothing is counted on the side, so a severity verified later moves a clock from its own start,
pauses kept.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from deskbook.engine import closure
from deskbook.engine.amounts import Amount, OpenTime
from deskbook.engine.calendar import Calendar, NoOpening
from deskbook.engine.desk import ClockKind, Desk, Effect, Target, Unclocked
from deskbook.engine.hours import calendar_for
from deskbook.engine.replacing import replace
from deskbook.engine.routing import facets_of, target_for
from deskbook.engine.spans import due
from deskbook.engine.ticket import TicketState
from deskbook.engine.ticket_parts import Promise, TeamVisit

Pause = tuple[datetime, datetime, str]
Facets = Mapping[str, str]


@dataclass(frozen=True)
class Reading:
    """One clock of one ticket. Instants are UTC; None means there is none (yet)."""

    clock: str
    """"response", "update:2", "team:1", "team-resolve:1", "promise:…", "resolve", "quiet";
    ":2" after a restart.
    """
    kind: ClockKind
    started_at: datetime
    due_at: datetime | None = None
    """The limit. None while paused, unless it passed before the pause, and when no date is agreed.
    """
    aim_at: datetime | None = None
    met_at: datetime | None = None
    ended_at: datetime | None = None
    """Stopped without being met: handed on, solved, withdrawn."""
    paused_since: datetime | None = None
    recommended: bool = False
    no_opening: str = ""
    """Why there is no due time although there is a target: its hours do not open again."""
    undated: bool = False
    """The next update is "as agreed" and no date was agreed: to be shown as missing."""
    target: Target | None = None
    calendar: Calendar | None = None
    pauses: tuple[Pause, ...] = ()
    after_hours: Fraction | None = None

    @property
    def running(self) -> bool:
        return self.met_at is None and self.ended_at is None and self.paused_since is None

    def breached(self, *, at: datetime) -> bool:
        """Whether the limit had passed unmet at `at`. A recommended target is never breached."""
        if self.due_at is None or self.recommended:
            return False
        over_at = self.met_at or self.ended_at or at
        return self.due_at < min(over_at, at) or (self.running and self.due_at <= at)


def readings(desk: Desk, ticket: TicketState) -> tuple[Reading, ...]:
    """Returns every clock of the ticket, met and ended ones too. A merged ticket has none."""
    if ticket.merged_into:
        return ()
    found = tuple(_all(desk, ticket))
    if ticket.imported_at is None:
        return found
    return tuple(one for one in found if not _over_before_it_came(one, ticket.imported_at))


def _over_before_it_came(reading: Reading, imported_at: datetime) -> bool:
    """Whether the clock is of a time in which another system had the case (semantics §3.12)."""
    over_at = reading.met_at or reading.ended_at
    return over_at is not None and over_at <= imported_at


def next_due(desk: Desk, ticket: TicketState) -> Reading | None:
    """Returns the running clock that is due first; promises count, recommended targets too."""
    dated = [r for r in readings(desk, ticket) if r.running and r.due_at and r.kind != "quiet"]
    return min(dated, key=lambda r: (r.due_at, r.clock), default=None)


def running_out(
    desk: Desk, ticket: TicketState, *, until: datetime, after: datetime | None = None
) -> Reading | None:
    """Returns the clock that is due first of those that run and are due by `until`, or of these
    `after` an instant; None where there is none.
    """
    first = next_due(desk, ticket)
    if after is not None:
        dated = [r for r in readings(desk, ticket) if r.running and r.due_at and r.due_at > after]
        dated = [r for r in dated if r.kind != "quiet"]
        first = min(dated, key=lambda r: (r.due_at, r.clock), default=None)
    return first if first and first.due_at and first.due_at <= until else None


def update_undated(desk: Desk, ticket: TicketState) -> bool:
    """Whether the next update is to be agreed and none is."""
    return any(reading.undated for reading in _update_clock(desk, ticket, facets_of(ticket)))


def _all(desk: Desk, ticket: TicketState) -> Iterator[Reading]:
    facets = facets_of(ticket)
    yield from _customer_clock(desk, ticket, facets, "response", ticket.first_answer_at)
    yield from _update_clock(desk, ticket, facets)
    yield from _customer_clock(desk, ticket, facets, "resolve", _solved_at(desk, ticket))
    for visit in ticket.visits:
        yield from _team_clock(desk, ticket, facets, visit)
        yield from _holders_clock(desk, ticket, facets, visit)
    for promise in ticket.promises:
        yield _promise_clock(desk, ticket, promise)
    yield from _quiet_clock(desk, ticket)


def _customer_clock(
    desk: Desk, ticket: TicketState, facets: Facets, kind: ClockKind, met_at: datetime | None
) -> Iterator[Reading]:
    target = _clocked(desk, kind, facets)
    if target is None:
        return
    # "restart" begins unmet clocks again; a response already given stays given.
    again = ticket.run > 1 and not (kind == "response" and met_at)
    started_at = ticket.run_from_at if again else _start(ticket, target)
    clock = f"{kind}:{ticket.run}" if again else kind
    if started_at is not None:
        yield _timed(desk, ticket, clock, kind, started_at, target, met_at=met_at)


def _clocked(
    desk: Desk, kind: ClockKind, facets: Facets, *, asks: str | None = None
) -> Target | None:
    target = target_for(desk, kind, facets, asks=asks)
    return None if target is None or target.unclocked else target


def said_without_a_clock(desk: Desk, ticket: TicketState) -> dict[ClockKind, Unclocked]:
    """Returns what the book says of this case in place of a time: "at once", "best effort", "no
    promise".
    """
    facets = facets_of(ticket)
    kinds: tuple[ClockKind, ...] = ("response", "update", "resolve")
    targets = [target_for(desk, kind, facets) for kind in kinds]
    if ticket.team:
        targets.append(target_for(desk, "team", {**facets, "team": ticket.team}))
    return {target.clock: target.unclocked for target in targets if target and target.unclocked}


def _start(ticket: TicketState, target: Target) -> datetime | None:
    match target.starts:
        case "verified":
            return ticket.verified_at
        case "acknowledged":
            return ticket.acknowledged_at
        case "acknowledged or answered":
            known = (ticket.acknowledged_at, ticket.first_answer_at)
            return min((at for at in known if at), default=None)
        case "first answer":
            return ticket.first_answer_at
        case "arrival":
            return ticket.visits[0].arrived_at if ticket.visits else None
        case _:
            return ticket.opened_at


def _solved_at(desk: Desk, ticket: TicketState) -> datetime | None:
    """When the present solved time began: the first of the trailing stays in solved or closed
    stages.
    """
    solved_at = None
    for stay in reversed(ticket.stays):
        stage = desk.stages[stay.stage]
        if not (stage.solved or stage.closed):
            break
        solved_at = stay.from_at
    return solved_at


def _update_clock(desk: Desk, ticket: TicketState, facets: Facets) -> Iterator[Reading]:
    target = _clocked(desk, "update", facets)
    if target is None or ticket.last_answer_at is None:
        return
    timed = _timed(
        desk, ticket, f"update:{ticket.answers}", "update", ticket.last_answer_at, target
    )
    if ticket.next_update_at and _stands(ticket, ticket.next_update_at, target, timed):
        agreed_at = None if timed.paused_since else ticket.next_update_at
        yield replace(timed, due_at=agreed_at, aim_at=None)
        return
    asked = target.limit is None or ticket.next_update_at is not None
    yield replace(timed, undated=asked and target.agreed and timed.running)


def _stands(ticket: TicketState, agreed_at: datetime, target: Target, timed: Reading) -> bool:
    """Whether an agreed date counts: one of another severity not past the limit of this one
    (semantics §3.7).
    """
    if not target.agreed or ticket.agreed_under in (None, ticket.severity):
        return target.agreed
    return timed.due_at is None or agreed_at <= timed.due_at


def _team_clock(
    desk: Desk, ticket: TicketState, facets: Facets, visit: TeamVisit
) -> Iterator[Reading]:
    target = _clocked(desk, "team", {**facets, "team": visit.team})
    started_at = _start_there(ticket, target, visit) if target else None
    if target is None or started_at is None:
        return
    marks = {"answer": visit.answered_at, "note": visit.noted_at}
    met = [at for way, at in marks.items() if way in target.met_by and at]
    clock = f"team:{visit.number}"
    met_at = min(met, default=None)
    timed = _timed(desk, ticket, clock, "team", started_at, target, met_at=met_at, team=visit.team)
    yield timed if met_at else replace(timed, ended_at=visit.left_at or timed.ended_at)


def _start_there(ticket: TicketState, target: Target, visit: TeamVisit) -> datetime | None:
    """When the clock of a team starts; None while what starts it has not come, or where it came
    once the case had left. A case that began again does so for those who get it then.
    """
    if target.starts == "arrival":
        return visit.arrived_at
    begun_at = ticket.run_from_at if ticket.run > 1 else None
    again = begun_at is not None and visit.arrived_at >= begun_at
    started_at = begun_at if again else _start(ticket, target)
    late = started_at and visit.left_at and started_at > visit.left_at
    return None if late else started_at


def _holders_clock(
    desk: Desk, ticket: TicketState, facets: Facets, visit: TeamVisit
) -> Iterator[Reading]:
    """A solution promised for who has the case: it runs from arrival there, or what else its line
    says starts it, until it is solved or handed on.
    """
    target = _clocked(desk, "resolve", {**facets, "team": visit.team}, asks="team")
    started_at = _start_there(ticket, target, visit) if target else None
    if target is None or started_at is None:
        return
    solved_at = _solved_at(desk, ticket)
    left_at = visit.left_at or solved_at
    here = solved_at and left_at and visit.arrived_at <= solved_at <= left_at
    timed = _timed(
        desk,
        ticket,
        f"team-resolve:{visit.number}",
        "team-resolve",
        started_at,
        target,
        met_at=solved_at if here else None,
        team=visit.team,
    )
    yield timed if here else replace(timed, ended_at=visit.left_at or timed.ended_at)


def _promise_clock(desk: Desk, ticket: TicketState, promise: Promise) -> Reading:
    """A promise is a date given to a person: it runs by the wall, whatever the stage, until
    kept.
    """
    return Reading(
        clock=f"promise:{promise.id}",
        kind="promise",
        started_at=promise.made_at,
        due_at=promise.due_at,
        met_at=promise.kept_at,
        ended_at=promise.withdrawn_at or ticket.closed_at,
        calendar=desk.calendars[desk.hours],
    )


def _quiet_clock(desk: Desk, ticket: TicketState) -> Iterator[Reading]:
    steps = closure.steps(desk, ticket)
    if not steps:
        return
    close_at = next((step.due_at for step in steps if step.number is None), None)
    remind_at = next((step.due_at for step in steps if step.number is not None), None)
    yield Reading("quiet", "quiet", ticket.stage_entered_at, due_at=close_at, aim_at=remind_at)


def _timed(
    desk: Desk,
    ticket: TicketState,
    clock: str,
    kind: ClockKind,
    started_at: datetime,
    target: Target,
    *,
    met_at: datetime | None = None,
    team: str | None = None,
) -> Reading:
    if ticket.imported_at:
        started_at = max(started_at, ticket.imported_at)
    held = held_intervals(desk, ticket, kind, started_at, until_at=met_at)
    calendar = calendar_for(desk, ticket, target.hours, team)
    course = _Course(started_at, calendar, held, factor_after_hours(desk, ticket, target))
    limit_at, no_opening = course.passes(None if target.on_request else target.limit)
    aim_at, no_opening_to_aim = course.passes(target.aim)
    return Reading(
        clock,
        kind,
        started_at,
        due_at=ticket.requested_for_at if target.on_request else limit_at,
        aim_at=aim_at,
        met_at=met_at,
        ended_at=held.since_at if held.effect == "stops" else None,
        paused_since=held.since_at if held.effect == "pauses" else None,
        recommended=target.recommended,
        no_opening=no_opening or no_opening_to_aim,
        target=target,
        calendar=calendar,
        pauses=held.pauses,
        after_hours=course.after_hours,
    )


@dataclass(frozen=True, slots=True)
class _Course:
    """What one clock runs by."""

    started_at: datetime
    calendar: Calendar
    held: "Held"
    after_hours: Fraction | None

    def passes(self, amount: Amount | None) -> tuple[datetime | None, str]:
        """Returns when the amount is used up, None while that cannot be known, and why the hours
        never open again.
        """
        if amount is None:
            return None, ""
        slower = self.after_hours if isinstance(amount, OpenTime) else None
        try:
            at = due(
                self.calendar, self.started_at, amount, pauses=self.held.pauses, after_hours=slower
            )
        except NoOpening as error:
            # A campaign is over: its tickets go on, without a time nobody could keep.
            return None, str(error)
        waits = (
            self.held.effect == "pauses"
            and self.held.since_at is not None
            and at > self.held.since_at
        )
        return (None if waits else at), ""


def factor_after_hours(desk: Desk, ticket: TicketState, target: Target) -> Fraction | None:
    """Returns how many times slower closed time counts, for plans with help after hours alone."""
    plan = desk.plans.get(ticket.facets.get("plan", ""))
    return target.after_hours if plan and plan.after_hours else None


@dataclass(frozen=True, slots=True)
class Held:
    """When a clock did not run: pauses that are over, and since when it is held now, and how."""

    pauses: tuple[Pause, ...]
    since_at: datetime | None
    effect: Effect


def held_intervals(
    desk: Desk,
    ticket: TicketState,
    kind: ClockKind,
    started_at: datetime,
    *,
    until_at: datetime | None = None,
) -> Held:
    """Returns what held a clock between its start and `until_at` (now, if None).

    A stage that stopped the clock and was left again counts as a pause: that is what "resume"
    means. Held stages that follow each other are one pause.
    """
    pauses: list[Pause] = []
    since_at: datetime | None = None
    effect: Effect = "runs"
    title = ""
    for stay in ticket.stays:
        if until_at is not None and stay.from_at >= until_at:
            break
        stage = desk.stages[stay.stage]
        effect = stage.clocks.get("resolve" if kind == "team-resolve" else kind, "runs")
        if effect == "runs" and since_at is not None:
            pauses.append((since_at, stay.from_at, title))
            since_at = None
        elif effect != "runs" and since_at is None:
            since_at, title = stay.from_at, stage.title
    clipped = tuple((max(a, started_at), b, name) for a, b, name in pauses if b > started_at)
    if until_at is not None or since_at is None:
        return Held(clipped, None, "runs")
    return Held(clipped, max(since_at, started_at), effect)
