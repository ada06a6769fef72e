"""Who of a team is free to be sent somewhere: by the roster, leave, the end of their account, and
where they go already.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from deskbook.engine import rosters
from deskbook.engine.decide_site_visit import calendar_of_team, closed_days
from deskbook.engine.desk import Desk
from deskbook.engine.wall_time import zone_named
from deskbook.people.duty import has_roster, leave_between, members_of, shifts_between, zone_of_team
from deskbook.people.models import Agent, HelpDesk

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Engagement:
    """Somebody is to be elsewhere, half open in time. `what` names it for a sentence: "SPK-12"."""

    person: str
    from_at: datetime
    until_at: datetime
    what: str


@dataclass(frozen=True, slots=True)
class Day:
    """One day of one person; `why` is why they cannot go on it, in a few words, "" when they
    can.
    """

    on: date
    why: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    agent: Agent
    days: tuple[Day, ...]

    @property
    def free(self) -> int:
        return sum(not day.why for day in self.days)


@dataclass(frozen=True, slots=True)
class Staff:
    """A team's people with all that may keep them from going, looked up once for a stretch of
    time.
    """

    helpdesk: HelpDesk
    desk: Desk
    team: str
    members: tuple[Agent, ...]
    leave: Sequence[rosters.Leave] = ()
    shifts: Sequence[rosters.Shift] = ()
    rostered: bool = False
    engagements: Sequence[Engagement] = ()

    def hindrance(self, agent: Agent, from_at: datetime, until_at: datetime) -> str:
        """Returns why somebody cannot go then, in a few words ("on leave"); "" when they can."""
        person = str(agent.pk)
        if agent.until is not None and agent.until < until_at:
            return _("no longer here")
        if any(
            a.person == person and a.from_at < until_at and a.until_at > from_at for a in self.leave
        ):
            return _("on leave")
        there = (
            e
            for e in self.engagements
            if e.person == person and e.from_at < until_at and e.until_at > from_at
        )
        elsewhere = next(there, None)
        if elsewhere:
            return _("visits for %(ticket)s") % {"ticket": elsewhere.what}
        return self._by_roster(person, from_at, until_at)

    def _by_roster(self, person: str, from_at: datetime, until_at: datetime) -> str:
        """A shift of another team keeps somebody; where the team has a roster, who is not on it
        that day is off.
        """
        own = [
            s
            for s in self.shifts
            if s.person == person and s.from_at < until_at and s.until_at > from_at
        ]
        other = next((shift for shift in own if shift.team != self.team), None)
        if other:
            known = self.desk.teams.get(other.team)
            return _("on shift for %(team)s") % {"team": known.title if known else other.team}
        return _("not on the roster") if self.rostered and not own else ""

    def hindered(self, from_at: datetime, until_at: datetime) -> dict[str, str]:
        """Returns id → a sentence why the person cannot go then, "" when they can: everybody of the
        team.
        """
        found = {agent: self.hindrance(agent, from_at, until_at) for agent in self.members}
        sentence = _("%(name)s cannot go then: %(why)s.")
        return {
            str(a.pk): sentence % {"name": str(a), "why": why} if why else ""
            for a, why in found.items()
        }


def staff_of(
    helpdesk: HelpDesk,
    desk: Desk,
    team: str,
    from_at: datetime,
    until_at: datetime,
    *,
    engagements: Sequence[Engagement] = (),
    at: datetime,
) -> Staff:
    """Returns everybody who works for the team at `at`, with what keeps them between two
    instants.
    """
    return Staff(
        helpdesk,
        desk,
        team,
        tuple(members_of(helpdesk, team, at=at)),
        leave_between(helpdesk, from_at, until_at),
        shifts_between(helpdesk, from_at, until_at),
        has_roster(helpdesk, team),
        engagements,
    )


def free_days(staff: Staff, first: date, days: int) -> tuple[Person, ...]:
    """Returns each person's days from `first` on, those with the most free ones first; then by
    name.
    """
    zone = zone_named(zone_of_team(staff.desk, staff.team))
    closed = days_closed(staff.desk, staff.team, first, days)
    people = [
        Person(agent, tuple(_day(staff, agent, day, zone, closed) for day in _days(first, days)))
        for agent in staff.members
    ]
    return tuple(sorted(people, key=lambda person: (-person.free, str(person.agent))))


def days_closed(desk: Desk, team: str, first: date, days: int) -> dict[date, str]:
    """Returns the days on which the team does not work, each with why."""
    zone = zone_named(zone_of_team(desk, team))
    return closed_days(
        calendar_of_team(desk, team),
        _midnight(first, zone),
        _midnight(first + days * ONE_DAY, zone),
    )


def _day(staff: Staff, agent: Agent, day: date, zone: ZoneInfo, closed: Mapping[date, str]) -> Day:
    if day in closed:
        return Day(day, closed[day])
    return Day(day, staff.hindrance(agent, _midnight(day, zone), _midnight(day + ONE_DAY, zone)))


def _days(first: date, days: int) -> list[date]:
    return [first + n * ONE_DAY for n in range(days)]


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, datetime.min.time(), zone)
