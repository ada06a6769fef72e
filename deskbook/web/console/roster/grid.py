"""A week of one team's roster as a grid: people by days, with leave and gaps."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.urls import reverse
from django.utils.http import urlencode

from deskbook.engine.desk import Desk
from deskbook.engine.rosters import Gap
from deskbook.engine.wall_time import zone_named
from deskbook.people.books import desk_in_force
from deskbook.people.duty import gaps_between, members_of, zone_of_team
from deskbook.people.models import Agent
from deskbook.people.roster_models import Leave, Shift


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days on the clocks of a team."""

    team: str
    zone: str
    monday: date

    @property
    def days(self) -> tuple[date, ...]:
        return tuple(self.monday + timedelta(days=n) for n in range(7))

    @property
    def from_at(self) -> datetime:
        return midnight(self.monday, self.zone)

    @property
    def until_at(self) -> datetime:
        return midnight(self.monday + timedelta(days=7), self.zone)

    @property
    def name(self) -> str:
        return f"{self.monday:%G-W%V}"

    def address(self, weeks: int = 0) -> str:
        """Returns where this week is shown, or one so many weeks on."""
        other = self.monday + timedelta(weeks=weeks)
        asked = urlencode({"team": self.team, "week": f"{other:%G-W%V}"})
        return f"{reverse('console-roster')}?{asked}"


@dataclass(frozen=True, slots=True)
class Mark:
    """A shift in a cell."""

    id: int
    text: str
    place: str
    url: str
    unworked: bool
    past: bool


@dataclass(frozen=True, slots=True)
class Cell:
    day: date
    marks: tuple[Mark, ...]
    away: str
    """"", "asked" or "accepted"."""
    add_url: str


@dataclass(frozen=True, slots=True)
class Line:
    """One person's week. Without a person: the shifts that are still to be filled."""

    agent: Agent | None
    hours: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class GapMark:
    text: str
    on_shift: int
    needed: int
    line: int
    place: str
    past: bool


def week_asked(desk: Desk, team: str, name: str, *, at: datetime) -> Week:
    """Returns the week called `name` ("2026-W10"), or the one `at` lies in when there is none of
    that name.
    """
    zone = zone_of_team(desk, team)
    try:
        # A week has no zone.
        monday = datetime.strptime(f"{name}-1", "%G-W%V-%u").date()  # noqa: DTZ007
    except ValueError:
        today = at.astimezone(zone_named(zone)).date()
        monday = today - timedelta(days=today.weekday())
    return Week(team, zone, monday)


def lines_of_week(agent: Agent, week: Week, *, at: datetime) -> list[Line]:
    """Returns a line for each of the team's people, and one for what is still to be filled."""
    rows = Shift.objects.filter(
        desk=agent.desk_id, team=week.team, from_at__gte=week.from_at, from_at__lt=week.until_at
    ).select_related("agent__user")
    shifts = list(rows.order_by("from_at", "pk"))
    people = {person.pk: person for person in members_of(agent.desk, week.team, at=at)}
    people |= {row.agent.pk: row.agent for row in shifts if row.agent}
    leave = list(
        Leave.objects.filter(
            ~Q(state=Leave.State.DECLINED),
            agent__in=people,
            from_at__lt=week.until_at,
            until_at__gt=week.from_at,
        )
    )
    lines = [_line(week, person, shifts, leave, at) for person in people.values()]
    return [*lines, _line(week, None, shifts, leave, at)]


def gaps_of_week(agent: Agent, week: Week, *, at: datetime) -> dict[date, list[GapMark]]:
    """Returns the week's gaps by the day they begin."""
    found: dict[date, list[GapMark]] = {day: [] for day in week.days}
    desk, zone = desk_in_force(agent.desk), zone_named(week.zone)
    for gap in gaps_between(agent.desk, desk, week.from_at, week.until_at, team=week.team):
        day = gap.from_at.astimezone(zone).date()
        found.setdefault(day, []).append(_gap_mark(gap, zone, at))
    return found


def midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), zone_named(zone))


def times(from_at: datetime, until_at: datetime, zone: ZoneInfo) -> str:
    """Returns "06:00–14:00"; a midnight that ends a day is 24:00."""
    begins, ends = from_at.astimezone(zone), until_at.astimezone(zone)
    whole = ends.time() == time() and ends.date() == begins.date() + timedelta(days=1)
    return f"{begins:%H:%M}–{'24:00' if whole else f'{ends:%H:%M}'}"


def _line(
    week: Week, person: Agent | None, shifts: Sequence[Shift], leave: Sequence[Leave], at: datetime
) -> Line:
    own = [row for row in shifts if row.agent_id == (person.pk if person else None)]
    away = [absence for absence in leave if person and absence.agent_id == person.pk]
    seconds = sum((row.until_at - row.from_at).total_seconds() for row in own)
    return Line(
        person,
        f"{seconds / 3600:g}",
        tuple(_cell(week, day, person, own, away, at) for day in week.days),
    )


def _cell(
    week: Week,
    day: date,
    person: Agent | None,
    own: Iterable[Shift],
    away: Iterable[Leave],
    at: datetime,
) -> Cell:
    zone = zone_named(week.zone)
    begins, ends = midnight(day, week.zone), midnight(day + timedelta(days=1), week.zone)
    absences = [absence for absence in away if absence.from_at < ends and absence.until_at > begins]
    accepted = any(absence.state == Leave.State.ACCEPTED for absence in absences)
    asked = {
        "team": week.team,
        "week": week.name,
        "day": day.isoformat(),
        "agent": person.pk if person else "",
    }
    return Cell(
        day=day,
        marks=tuple(
            _mark(row, zone, absences, at)
            for row in own
            if row.from_at.astimezone(zone).date() == day
        ),
        away="accepted" if accepted else "asked" if absences else "",
        add_url=f"{reverse('console-shift-new')}?{urlencode(asked)}",
    )


def _mark(row: Shift, zone: ZoneInfo, away: Sequence[Leave], at: datetime) -> Mark:
    gone = any(
        a.state == Leave.State.ACCEPTED and a.from_at < row.until_at and a.until_at > row.from_at
        for a in away
    )
    works = row.agent is not None and row.agent.is_active and row.agent.user.is_active
    return Mark(
        row.pk,
        times(row.from_at, row.until_at, zone),
        row.place,
        reverse("console-shift", args=[row.pk]),
        gone or not works,
        row.until_at <= at,
    )


def _gap_mark(gap: Gap, zone: ZoneInfo, at: datetime) -> GapMark:
    return GapMark(
        times(gap.from_at, gap.until_at, zone),
        gap.on_shift,
        gap.needed,
        gap.line,
        gap.place or "",
        gap.until_at <= at,
    )
