"""Every visit of the desk: as a list, a week or a month, of one person or one place; and as a
calendar feed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as formatted
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from deskbook.engine.desk import Desk
from deskbook.engine.wall_time import zone_named
from deskbook.people.books import desk_in_force
from deskbook.people.duty import members_of
from deskbook.people.models import Agent
from deskbook.tickets.visit_models import DatedVisit
from deskbook.tickets.visit_rows import people_of, visits_between
from deskbook.web.console.shared.frame import screen
from deskbook.web.console.visits.facts import Shown, shown
from deskbook.web.console.visits.feed import feed_urls
from deskbook.web.console.visits.waiting import waiting_for_visits
from deskbook.web.shared.entering import for_agents

View = Literal["list", "week", "month"]
AHEAD, BEHIND = timedelta(days=180), timedelta(days=60)
MOST = 300


@dataclass(frozen=True, slots=True)
class Asked:
    """What the screen was asked to show."""

    view: View
    on: date
    person: str
    place: str

    @property
    def first(self) -> date:
        """The first day shown: a Monday."""
        start = self.on.replace(day=1) if self.view == "month" else self.on
        return start - timedelta(days=start.weekday())

    @property
    def days(self) -> int:
        if self.view == "week":
            return 7
        after = (self.on.replace(day=28) + timedelta(days=4)).replace(day=1)
        return -(-(after - self.first).days // 7) * 7

    def address(self, **other: str) -> str:
        """Returns where this is shown, or something near it."""
        asked = {
            "view": self.view,
            "on": self.on.isoformat(),
            "person": self.person,
            "place": self.place,
            **other,
        }
        said = urlencode({name: text for name, text in asked.items() if text})
        return f"{reverse('console-visits')}?{said}"

    @property
    def before(self) -> str:
        return self.address(on=self._moved(-1).isoformat())

    @property
    def after(self) -> str:
        return self.address(on=self._moved(1).isoformat())

    def _moved(self, step: int) -> date:
        if self.view == "week":
            return self.on + step * timedelta(days=7)
        middle = self.on.replace(day=15) + step * timedelta(days=30)
        return middle.replace(day=1)


@dataclass(frozen=True, slots=True)
class Day:
    on: date
    visits: tuple[Shown, ...]
    out: bool = False
    """Of the month before or after."""


@dataclass(frozen=True, slots=True)
class Line:
    """One person's week."""

    person: Agent
    days: tuple[Day, ...]


@require_safe
@for_agents
def visits(request: HttpRequest, agent: Agent) -> HttpResponse:
    desk, now = desk_in_force(agent.desk), timezone.now()
    zone = zone_named(desk.zone)
    asked = _asked(request, now.astimezone(zone).date())
    rows = _rows(agent, asked, zone, now)
    context = {"list": _as_list, "week": _as_week, "month": _as_month}[asked.view](
        agent, desk, asked, rows, zone, now
    )
    return screen(
        request,
        agent,
        "visits.html",
        current="visits",
        asked=asked,
        people=_people(agent, desk, rows),
        today=now.astimezone(zone).date(),
        zone=zone.key,
        title=_title(asked),
        knows=bool(desk.site_visits or rows),
        feeds=feed_urls(agent),
        **context,
    )


def _asked(request: HttpRequest, today: date) -> Asked:
    given = request.GET
    named = given.get("view", "list")
    view: View = "week" if named == "week" else "month" if named == "month" else "list"
    try:
        on = date.fromisoformat(given.get("on", ""))
    except ValueError:
        on = today
    person = given.get("person", "")
    on = on if 2000 <= on.year <= 2200 else today
    return Asked(
        view,
        on,
        person if person.isdecimal() and len(person) < 16 else "",
        given.get("place", "")[:100].strip(),
    )


def _rows(agent: Agent, asked: Asked, zone: ZoneInfo, now: datetime) -> list[DatedVisit]:
    from_at, until_at = now - BEHIND, now + AHEAD
    if asked.view != "list":
        from_at = datetime.combine(asked.first, time(), zone)
        until_at = from_at + timedelta(days=asked.days)
    rows = visits_between(agent.desk, from_at, until_at)
    if asked.person:
        rows = rows.filter(people__contains=[int(asked.person)])
    if asked.place:
        rows = rows.filter(place__icontains=asked.place)
    return list(rows[:MOST])


def _as_list(
    agent: Agent,
    desk: Desk,
    asked: Asked,
    rows: Sequence[DatedVisit],
    zone: ZoneInfo,
    now: datetime,
) -> Mapping[str, Any]:
    told = shown(rows)
    due = [
        visit
        for visit in told
        if visit.state == "carried out" or (visit.is_dated and visit.until_at <= now)
    ]
    ahead = [visit for visit in told if visit.until_at > now and visit not in due]
    past = [visit for visit in reversed(told) if visit.until_at <= now and visit not in due]
    undecided, undated = (
        waiting_for_visits(agent, desk) if not asked.person and not asked.place else ([], [])
    )
    return {"due": due, "ahead": ahead, "past": past, "undecided": undecided, "undated": undated}


def _as_month(
    agent: Agent,
    desk: Desk,
    asked: Asked,
    rows: Sequence[DatedVisit],
    zone: ZoneInfo,
    now: datetime,
) -> Mapping[str, Any]:
    told = shown(rows)
    days = [
        _day(asked.first + timedelta(days=n), told, zone, asked.on.month) for n in range(asked.days)
    ]
    weekdays = [formatted(day.on, "D") for day in days[:7]]
    return {"weeks": [days[n : n + 7] for n in range(0, len(days), 7)], "weekdays": weekdays}


def _as_week(
    agent: Agent,
    desk: Desk,
    asked: Asked,
    rows: Sequence[DatedVisit],
    zone: ZoneInfo,
    now: datetime,
) -> Mapping[str, Any]:
    told, days = shown(rows), [asked.first + timedelta(days=n) for n in range(7)]
    lines = [
        Line(
            person, tuple(_day(day, [v for v in told if person in v.people], zone) for day in days)
        )
        for person in _people(agent, desk, rows)
        if not asked.person or str(person.pk) == asked.person
    ]
    return {"days": days, "lines": lines}


def _day(on: date, told: Sequence[Shown], zone: ZoneInfo, month: int = 0) -> Day:
    there = [v for v in told if v.from_at.astimezone(zone).date() <= on <= _last_day(v, zone)]
    return Day(on, tuple(there), bool(month) and on.month != month)


def _last_day(visit: Shown, zone: ZoneInfo) -> date:
    return (visit.until_at - timedelta(microseconds=1)).astimezone(zone).date()


def _people(agent: Agent, desk: Desk, rows: Sequence[DatedVisit]) -> list[Agent]:
    """Returns everybody who may be sent somewhere, and who goes somewhere in these visits, by
    name.
    """
    found = {
        person.pk: person
        for team in dict.fromkeys(rule.carried_out_by for rule in desk.site_visits)
        for person in members_of(agent.desk, team, at=timezone.now())
    }
    going = {pk for row in rows for pk in row.people}
    found |= {pk: person for pk, person in people_of(list(rows)).items() if pk in going}
    return sorted(found.values(), key=str)


def _title(asked: Asked) -> str:
    if asked.view == "month":
        return formatted(asked.on, "F Y")
    last = asked.first + timedelta(days=6)
    return (
        f"{formatted(asked.first, 'D j M')} – {formatted(last, 'D j M Y')}"
        if asked.view == "week"
        else ""
    )
