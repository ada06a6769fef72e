"""Every visit of the desk: as a list, a week or a month, of one person or one place; and as a
calendar feed.
"""

from collections.abc import Iterable, Sequence
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
from deskbook.people.access import seen_by
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


@dataclass(frozen=True, slots=True)
class Seen:
    """What is asked for, and the visits that are it."""

    asked: Asked
    visits: Sequence[Shown]
    zone: ZoneInfo
    now: datetime


@require_safe
@for_agents
def visits(request: HttpRequest, agent: Agent) -> HttpResponse:
    desk, now = desk_in_force(agent.desk), timezone.now()
    zone = zone_named(desk.zone)
    asked = _asked(request, now.astimezone(zone).date())
    rows = _rows(agent, asked, zone, now)
    seen = Seen(asked, shown(rows), zone, now)
    people = _people(agent, desk, rows)
    context = (
        _as_month(seen)
        if asked.view == "month"
        else _as_week(seen, people)
        if asked.view == "week"
        else _as_list(seen) | _waiting(agent, desk, asked)
    )
    return screen(
        request,
        agent,
        "visits.html",
        current="visits",
        asked=asked,
        people=people,
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
    rows = seen_by(agent, visits_between(agent.desk, from_at, until_at), "ticket__")
    if asked.person:
        rows = rows.filter(people__contains=[int(asked.person)])
    if asked.place:
        rows = rows.filter(place__icontains=asked.place)
    return list(rows[:MOST])


def _as_list(seen: Seen) -> dict[str, Any]:
    told, now = seen.visits, seen.now
    due = [
        visit
        for visit in told
        if visit.state == "carried out" or (visit.is_dated and visit.until_at <= now)
    ]
    ahead = [visit for visit in told if visit.until_at > now and visit not in due]
    past = [visit for visit in reversed(told) if visit.until_at <= now and visit not in due]
    return {"due": due, "ahead": ahead, "past": past}


def _waiting(agent: Agent, desk: Desk, asked: Asked) -> dict[str, Any]:
    every = not asked.person and not asked.place
    undecided, undated = waiting_for_visits(agent, desk) if every else ([], [])
    return {"undecided": undecided, "undated": undated}


def _as_month(seen: Seen) -> dict[str, Any]:
    asked = seen.asked
    days = [
        _day(asked.first + timedelta(days=n), seen.visits, seen.zone, asked.on.month)
        for n in range(asked.days)
    ]
    weekdays = [formatted(day.on, "D") for day in days[:7]]
    return {"weeks": [days[n : n + 7] for n in range(0, len(days), 7)], "weekdays": weekdays}


def _as_week(seen: Seen, people: Iterable[Agent]) -> dict[str, Any]:
    asked, days = seen.asked, [seen.asked.first + timedelta(days=n) for n in range(7)]
    lines = [
        Line(person, tuple(_day(day, theirs, seen.zone) for day in days))
        for person in people
        if not asked.person or str(person.pk) == asked.person
        for theirs in [[visit for visit in seen.visits if person in visit.people]]
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
