"""Sending people somewhere: an office asks, a team decides, people with free days are dated, go and
report.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from deskbook.engine import visit_events
from deskbook.engine.calendar import Calendar
from deskbook.engine.channels import SiteVisits
from deskbook.engine.decision import Decision, hindrance
from deskbook.engine.desk import Desk
from deskbook.engine.reasons import Reasons
from deskbook.engine.routing import facets_of, matches
from deskbook.engine.ticket import Actor, TicketState
from deskbook.engine.ticket_parts import SiteVisit
from deskbook.engine.wall_time import micros_of, zone_named
from deskbook.refusals.refusal import Aside, Refusal, Word

LONGEST = timedelta(days=14)
MOST_PEOPLE = 5_000
PLAUSIBLE = 3
"""So many times the people expected may attend before somebody is asked whether the number is
right.
"""


def visits_rule(desk: Desk, ticket: TicketState) -> SiteVisits | None:
    """Returns the book's first line of site visits that fits the case; None where nobody goes
    anywhere for it.
    """
    facets = facets_of(ticket)
    return next((rule for rule in desk.site_visits if matches(rule.when, facets)), None)


def decide_ask_visit(
    desk: Desk, ticket: TicketState, asked: visit_events.SiteVisitAsked, *, at: datetime, by: Actor
) -> Decision:
    """Returns `SiteVisitAsked`; again, until it is decided, what was asked before is corrected.

    Refused for cases the book sends nobody for, once it is decided, and for a number or dates that
    cannot be.
    """
    refusal = hindrance(desk, ticket, "ask for a visit")
    if refusal:
        return refusal
    if visits_rule(desk, ticket) is None:
        return _no_visits(desk)
    if ticket.site_visit_approved is not None:
        return Refusal("decided")
    if not 0 < asked.people <= MOST_PEOPLE:
        return Refusal("visit people", most=MOST_PEOPLE)
    if asked.wanted_from and asked.wanted_until and asked.wanted_until < asked.wanted_from:
        return Refusal("visit time: days wanted")
    today = at.astimezone(zone_named(desk.zone)).date()
    if (last := asked.wanted_until or asked.wanted_from) and last < today:
        return Refusal("past: days wanted")
    return (asked,)


def decide_visit(
    desk: Desk,
    ticket: TicketState,
    approved: bool,
    reason: str | None = None,
    *,
    at: datetime,
    by: Actor,
) -> Decision:
    """Returns `SiteVisitDecided`. Only the team the book names decides, and a refusal has a reason.

    Decided the same again is nothing; otherwise it may be changed as long as no visit is dated.
    """
    refusal = hindrance(desk, ticket, "decide about a visit")
    rule = visits_rule(desk, ticket)
    if refusal or rule is None:
        return refusal or _no_visits(desk)
    if rule.decided_by not in by.teams:
        return Refusal("deciding team", team=_team(desk, rule.decided_by), line=rule.line)
    if approved == ticket.site_visit_approved:
        return ()
    if not approved and not reason:
        return Refusal("reason: visit refused")
    if any(visit.state == "dated" for visit in ticket.site_visits):
        return Refusal("dated")
    return (visit_events.SiteVisitDecided(approved, reason),)


def decide_date_visit(
    desk: Desk,
    ticket: TicketState,
    dated: visit_events.SiteVisitDated,
    staff: Mapping[str, str],
    anyway: bool = False,
    *,
    at: datetime,
    by: Actor,
) -> Decision:
    """Returns `SiteVisitDated`, for a new visit or one that is moved; nothing when nothing would
    change.

    `staff` holds everybody of the carrying-out team: id → why they cannot go at this time, "" when
    they can. Refused before it is approved, by teams the book does not name, for a time that has
    passed, for a day that is no working day (unless `anyway`), and for people who are not of the
    team or not free.
    """
    refusal = hindrance(desk, ticket, "date a visit")
    rule = visits_rule(desk, ticket)
    if refusal or rule is None:
        return refusal or _no_visits(desk)
    before = next((visit for visit in ticket.site_visits if visit.id == dated.visit), None)
    refusal = (
        _not_theirs(desk, ticket, by)
        or _not_approved(desk, ticket, rule)
        or (before and _not_dated(before))
        or _cannot_go(desk, rule, dated, staff, anyway, at)
    )
    return refusal or (() if _is_the_same(before, dated) else (dated,))


def _cannot_go(
    desk: Desk,
    rule: SiteVisits,
    dated: visit_events.SiteVisitDated,
    staff: Mapping[str, str],
    anyway: bool,
    at: datetime,
) -> Refusal | None:
    """What is wrong with the time and the people themselves, whoever dates the visit."""
    refusal = _wrong_time(dated, at) or _wrong_people(desk, rule, dated, staff)
    return refusal or (None if anyway else _closed_day(desk, rule, dated))


def _is_the_same(before: SiteVisit | None, dated: visit_events.SiteVisitDated) -> bool:
    if before is None:
        return False
    was = (before.from_at, before.until_at, set(before.people))
    return was == (dated.from_at, dated.until_at, set(dated.people))


def decide_answer_visit(
    desk: Desk,
    ticket: TicketState,
    visit: str,
    suits: bool,
    reason: str | None = None,
    *,
    at: datetime,
    by: Actor,
) -> Decision:
    """Returns `SiteVisitAnswered`: what the office says of a date ahead. A date that does not suit
    needs a reason.
    """
    found = _found(ticket, visit)
    if isinstance(found, Refusal):
        return found
    refusal = hindrance(desk, ticket, "answer a date") or _not_dated(found)
    if refusal:
        return refusal
    if found.from_at <= at:
        return Refusal("past: date")
    if not suits and not reason:
        return Refusal("reason: visit date")
    said_before = found.suits == suits and not reason
    return () if said_before else (visit_events.SiteVisitAnswered(visit, suits, reason),)


def decide_call_off_visit(
    desk: Desk,
    ticket: TicketState,
    visit: str,
    reason: str | None = None,
    *,
    at: datetime,
    by: Actor,
) -> Decision:
    """Returns `SiteVisitCalledOff`; refused without a reason and once the people were there."""
    found = _found(ticket, visit)
    if isinstance(found, Refusal):
        return found
    refusal = (
        hindrance(desk, ticket, "call off a visit")
        or _not_theirs(desk, ticket, by)
        or _not_dated(found)
    )
    if refusal:
        return refusal
    if not reason:
        return Refusal("reason: called off")
    return (visit_events.SiteVisitCalledOff(visit, reason),)


def decide_carry_out_visit(
    desk: Desk, ticket: TicketState, visit: str, *, at: datetime, by: Actor
) -> Decision:
    """Returns `SiteVisitCarriedOut`; refused before the visit has begun."""
    found = _found(ticket, visit)
    if isinstance(found, Refusal):
        return found
    refusal = hindrance(desk, ticket, "carry out a visit") or _not_theirs(
        desk, ticket, by, going=found.people
    )
    refusal = refusal or _not_dated(found)
    if refusal:
        return refusal
    if at < found.from_at:
        return Refusal("not begun", begins=_wall(desk, found.from_at))
    return (visit_events.SiteVisitCarriedOut(visit),)


def decide_report_visit(
    desk: Desk,
    ticket: TicketState,
    reported: visit_events.SiteVisitReported,
    anyway: bool = False,
    *,
    at: datetime,
    by: Actor,
) -> Decision:
    """Returns `SiteVisitReported`, also on a case its requester has closed meanwhile.

    Refused before the visit was carried out, twice, and for a number nobody would expect (unless
    `anyway`).
    """
    found = _found(ticket, reported.visit)
    if isinstance(found, Refusal):
        return found
    refusal = _not_theirs(desk, ticket, by, going=found.people)
    if refusal or ticket.merged_into:
        return refusal or hindrance(desk, ticket, "report on a visit") or ()
    if found.state != "carried out":
        return Refusal(f"report: {found.state}")
    return _odd_number(ticket, reported.attended, anyway) or (reported,)


def unfinished_visit(desk: Desk, ticket: TicketState) -> Refusal | None:
    """Returns why a case may not be solved, passed outside or merged: a visit is dated, or lacks
    its report.
    """
    for visit in ticket.site_visits:
        if visit.state == "dated":
            return Refusal("visit dated", begins=_wall(desk, visit.from_at))
        if visit.state == "carried out":
            return Refusal("visit report")
    return None


def calling_off(ticket: TicketState) -> tuple[visit_events.SiteVisitCalledOff, ...]:
    """Returns what happens to dated visits when a case ends without the desk: its requester closes
    it, or silence.
    """
    return tuple(
        visit_events.SiteVisitCalledOff(visit.id)
        for visit in ticket.site_visits
        if visit.state == "dated"
    )


def closed_days(calendar: Calendar, from_at: datetime, until_at: datetime) -> dict[date, str]:
    """Returns the days from one instant to another on which the calendar never opens, each with
    why.
    """
    zone, reasons, found = zone_named(calendar.zone), Reasons(calendar), {}
    day = from_at.astimezone(zone).date()
    last = (until_at - timedelta(microseconds=1)).astimezone(zone).date()
    while day <= last:
        begins, noon, ends = (
            datetime.combine(day, datetime.min.time(), zone) + timedelta(hours=hours)
            for hours in (0, 12, 24)
        )
        if next(calendar.segments(begins, ends), None) is None:
            found[day] = reasons.for_closed(micros_of(noon))
        day += timedelta(days=1)
    return found


def calendar_of_team(desk: Desk, team: str) -> Calendar:
    """Returns the calendar a team works by: its own, else the desk's."""
    known = desk.teams.get(team)
    return desk.calendars[(known.hours if known else None) or desk.hours]


def _no_visits(desk: Desk) -> Refusal:
    return Refusal("no visits", line=tuple(rule.line for rule in desk.site_visits if rule.line))


def _found(ticket: TicketState, visit: str) -> SiteVisit | Refusal:
    found = next((known for known in ticket.site_visits if known.id == visit), None)
    return found or Refusal("visit: unknown")


def _not_theirs(
    desk: Desk, ticket: TicketState, by: Actor, going: tuple[str, ...] = ()
) -> Refusal | None:
    rule = visits_rule(desk, ticket)
    if (
        rule is None
        or by.id in going
        or {rule.decided_by, rule.carried_out_by}.intersection(by.teams)
    ):
        return None
    teams = tuple(dict.fromkeys((_team(desk, rule.decided_by), _team(desk, rule.carried_out_by))))
    return Refusal("visit team", teams=teams)


def _not_approved(desk: Desk, ticket: TicketState, rule: SiteVisits) -> Refusal | None:
    if ticket.site_visit_approved:
        return None
    team = _team(desk, rule.decided_by)
    if ticket.site_visit_approved is None:
        return Refusal("not decided", team=team)
    return Refusal("refused", team=team)


def _not_dated(visit: SiteVisit) -> Refusal | None:
    if visit.state == "dated":
        return None
    return Refusal("visit", state=Word(visit.state))


def _wrong_time(dated: visit_events.SiteVisitDated, at: datetime) -> Refusal | None:
    if dated.until_at <= dated.from_at:
        return Refusal("visit time: end")
    if dated.from_at <= at:
        return Refusal("past: visit")
    if dated.until_at - dated.from_at > LONGEST:
        return Refusal("visit time: long", days=LONGEST.days)
    return None


def _wrong_people(
    desk: Desk, rule: SiteVisits, dated: visit_events.SiteVisitDated, staff: Mapping[str, str]
) -> Refusal | None:
    if not dated.people:
        return Refusal("visit people: nobody")
    if not set(dated.people) <= staff.keys():
        return Refusal("visit people: other team", team=_team(desk, rule.carried_out_by))
    hindered = " ".join(staff[person] for person in dated.people if staff[person])
    return Refusal("not free", who=hindered) if hindered else None


def _closed_day(desk: Desk, rule: SiteVisits, dated: visit_events.SiteVisitDated) -> Refusal | None:
    closed = closed_days(calendar_of_team(desk, rule.carried_out_by), dated.from_at, dated.until_at)
    if not closed:
        return None
    days = tuple(Aside(day, Word(why)) for day, why in closed.items())
    return Refusal("closed day", days=days)


def _odd_number(ticket: TicketState, attended: int, anyway: bool) -> Refusal | None:
    if not 0 <= attended <= MOST_PEOPLE:
        return Refusal("attendance: number", most=MOST_PEOPLE)
    expected = ticket.site_visit_wish.people if ticket.site_visit_wish else None
    if expected is None or anyway or attended <= PLAUSIBLE * expected:
        return None
    return Refusal("attendance", expected=expected, attended=attended)


def _team(desk: Desk, key: str) -> str:
    return desk.teams[key].title if key in desk.teams else key


def _wall(desk: Desk, at: datetime) -> datetime:
    return at.astimezone(zone_named(desk.zone))
