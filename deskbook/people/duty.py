"""Who is on now, by the roster; where a team has none, everybody of it who works at the desk."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from deskbook.engine import rosters
from deskbook.engine.addresses import normal_address
from deskbook.engine.desk import Desk
from deskbook.people.books import desk_in_force
from deskbook.people.models import Agent, HelpDesk
from deskbook.people.prepared import Prepared, anything
from deskbook.people.roster_models import Leave, Shift


def on_duty(
    helpdesk: HelpDesk, team: str, *, at: datetime, place: str | None = None
) -> tuple[Agent, ...]:
    """Returns who is at work for the team at `at`: on shift, not on leave, still of the team, in
    the roster's order.

    A team nobody ever made a roster for counts everybody active of it who is not on leave.
    """
    members = {str(agent.pk): agent for agent in members_of(helpdesk, team, at=at)}
    away = leave_between(helpdesk, at, at + timedelta(microseconds=1))
    if not has_roster(helpdesk, team):
        gone = {absence.person for absence in away}
        return tuple(agent for person, agent in members.items() if person not in gone)
    present = rosters.on_duty(
        shifts_between(helpdesk, at, at, team=team), team, at=at, place=place, leave=away
    )
    return tuple(members[person] for person in present if person in members)


def is_away(agent: Agent, *, at: datetime) -> bool:
    """Whether somebody is off by the roster at `at`, of whatever team their shifts are, or on
    leave.
    """
    own = Shift.objects.filter(agent=agent)
    near = own.filter(from_at__lte=at, until_at__gt=at)
    known = near if near.exists() else own.order_by("from_at")[:1]
    away = leave_between(agent.desk, at, at + timedelta(microseconds=1))
    return rosters.off_duty(map(as_engine, known), str(agent.pk), at=at, leave=away)


def is_on_leave(agent: Agent, *, at: datetime) -> bool:
    """Whether accepted leave takes `at` from somebody, whatever the roster says."""
    away = leave_between(agent.desk, at, at + timedelta(microseconds=1))
    return rosters.off_duty((), str(agent.pk), at=at, leave=away)


def next_shift(agent: Agent, *, at: datetime) -> datetime | None:
    """Returns when somebody's next shift begins that no leave takes from them; None where the
    roster does not say yet.
    """
    coming = Shift.objects.filter(agent=agent, from_at__gt=at).order_by("from_at")[:60]
    begins = coming.values_list("from_at", flat=True)
    return next((begins_at for begins_at in begins if not is_away(agent, at=begins_at)), None)


def has_left(agent: Agent, *, at: datetime) -> bool:
    """Whether somebody is no longer of the desk at `at`: switched off, their account ended or taken
    back.
    """
    return not (agent.is_active and agent.user.is_active) or (
        agent.until is not None and agent.until <= at
    )


def those_who_left(*, at: datetime) -> QuerySet[Agent]:
    """Returns everybody who `has_left`, of all desks."""
    ended = Q(is_active=False) | Q(user__is_active=False) | Q(until__lte=at)
    return Agent.objects.filter(ended).select_related("user", "desk").order_by("pk")


def members_of(helpdesk: HelpDesk, team: str, *, at: datetime) -> QuerySet[Agent]:
    """Returns who belongs to the team and may sign in at `at`, by name."""
    people = Agent.objects.filter(
        desk=helpdesk, is_active=True, user__is_active=True, teams__contains=[team]
    )
    return (
        people.filter(Q(until=None) | Q(until__gt=at))
        .select_related("user", "desk")
        .order_by("user__name", "pk")
    )


def leads_of(helpdesk: HelpDesk) -> QuerySet[Agent]:
    """Returns the leads of a desk; the owners where it has none."""
    people = Agent.objects.filter(
        desk=helpdesk, is_active=True, user__is_active=True
    ).select_related("user", "desk")
    people = people.filter(Q(until=None) | Q(until__gt=Now()))
    leads = people.filter(role=Agent.Role.LEAD).order_by("pk")
    return leads if leads.exists() else people.filter(role=Agent.Role.OWNER).order_by("pk")


def owners_of(helpdesk: HelpDesk) -> QuerySet[Agent]:
    """Returns the owners of a desk's book."""
    people = Agent.objects.filter(desk=helpdesk, is_active=True, user__is_active=True)
    people = people.filter(Q(until=None) | Q(until__gt=Now()), role=Agent.Role.OWNER)
    return people.select_related("user", "desk").order_by("pk")


def works_at_a_desk(address: str) -> bool:
    """Whether a mail address is that of somebody who works at a desk here, or of one of its
    teams.
    """
    address = normal_address(address)
    if _AT_WORK.finds(address=address):
        return True
    teams = (team for helpdesk in _DESKS.ask() for team in desk_in_force(helpdesk).teams.values())
    return any(normal_address(team.mail) == address for team in teams)


_DESKS = Prepared(lambda: HelpDesk.objects.order_by("pk"))
_AT_WORK = Prepared(
    lambda address: anything(Agent.objects.filter(user__email=address, is_active=True)), "address"
)


def has_roster(helpdesk: HelpDesk, team: str) -> bool:
    return Shift.objects.filter(desk=helpdesk, team=team).exists()


def shifts_between(
    helpdesk: HelpDesk, from_at: datetime, until_at: datetime, *, team: str | None = None
) -> tuple[rosters.Shift, ...]:
    """Returns the filled shifts that touch `[from_at, until_at]`, as the engine reads them."""
    rows = Shift.objects.filter(desk=helpdesk, from_at__lte=until_at, until_at__gt=from_at)
    rows = rows.filter(agent__is_active=True, agent__user__is_active=True)
    if team is not None:
        rows = rows.filter(team=team)
    return tuple(as_engine(row) for row in rows.order_by("from_at", "pk") if row.agent_id)


def leave_between(
    helpdesk: HelpDesk, from_at: datetime, until_at: datetime
) -> tuple[rosters.Leave, ...]:
    """Returns the accepted leave that touches the time."""
    rows = Leave.objects.filter(
        desk=helpdesk, state=Leave.State.ACCEPTED, from_at__lt=until_at, until_at__gt=from_at
    ).values_list("agent_id", "from_at", "until_at")
    return tuple(rosters.Leave(str(agent), start, end) for agent, start, end in rows)


def gaps_between(
    helpdesk: HelpDesk,
    desk: Desk,
    from_at: datetime,
    until_at: datetime,
    *,
    team: str | None = None,
) -> tuple[rosters.Gap, ...]:
    """Returns where fewer people are on than the book asks for, of one team or of all."""
    return gaps_with(
        helpdesk, desk, shifts_between(helpdesk, from_at, until_at), from_at, until_at, team=team
    )


def gaps_with(
    helpdesk: HelpDesk,
    desk: Desk,
    shifts: Iterable[rosters.Shift],
    from_at: datetime,
    until_at: datetime,
    *,
    team: str | None = None,
) -> tuple[rosters.Gap, ...]:
    """Returns the gaps there would be with these shifts instead of the stored ones."""
    away = leave_between(helpdesk, from_at, until_at)
    found = rosters.gaps(desk, tuple(shifts), from_at=from_at, until_at=until_at, leave=away)
    return tuple(gap for gap in found if team in (None, gap.team))


def unfilled_between(helpdesk: HelpDesk, from_at: datetime, until_at: datetime) -> list[Shift]:
    """Returns the shifts nobody will work: without a person, or with one who left or is on leave
    then.
    """
    rows = Shift.objects.filter(
        desk=helpdesk, from_at__lt=until_at, until_at__gt=from_at
    ).select_related("agent__user")
    away = leave_between(helpdesk, from_at, until_at)
    return [row for row in rows.order_by("from_at", "pk") if _unworked(row, away)]


def as_engine(row: Shift) -> rosters.Shift:
    """Returns a stored shift as the engine reads it."""
    return rosters.Shift(str(row.agent_id), row.team, row.from_at, row.until_at, row.place or None)


def zone_of_team(desk: Desk, team: str) -> str:
    """Returns the IANA zone a team's times are written in: that of its calendar, else the
    desk's.
    """
    known = desk.teams.get(team)
    calendar = desk.calendars.get((known.hours if known else None) or desk.hours)
    return calendar.zone if calendar else desk.zone


def _unworked(row: Shift, away: Iterable[rosters.Leave]) -> bool:
    if row.agent is None or not (row.agent.is_active and row.agent.user.is_active):
        return True
    return any(
        absence.person == str(row.agent_id)
        and absence.from_at < row.until_at
        and absence.until_at > row.from_at
        for absence in away
    )
