"""A day of the desk on one page, to print and to hang up: how it went, by what, who was there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from deskbook.engine.desk import Desk
from deskbook.engine.wall_time import zone_named
from deskbook.people.access import only_who_may
from deskbook.people.books import desk_in_force
from deskbook.people.models import Agent
from deskbook.people.moments import spoken
from deskbook.people.roster_models import Shift
from deskbook.people.sight import hidden_from
from deskbook.reports.all import REPORTS
from deskbook.reports.day import Figure, asked_of, how_it_went
from deskbook.reports.morning import breached_between
from deskbook.reports.report import By, Line
from deskbook.tickets.models import Ticket
from deskbook.web.console.reporting.naming import Naming
from deskbook.web.shared.entering import for_agents
from deskbook.web.told import team_title

MOST_LINES = 6
"""Of each table, so that the page stays one."""
MOST_NAMED = 12
PARTS: Sequence[By] = ("channel", "team", "kind", "place")
CASES = REPORTS["places"]
COUNTED = [column for column in CASES.columns if column.shows == "count"]


@dataclass(frozen=True, slots=True)
class Part:
    """How the day went by one thing."""

    head: str
    lines: Sequence[tuple[str, Sequence[int]]]
    more: int
    """Lines that have no room."""


@require_safe
@for_agents
def latest(request: HttpRequest, agent: Agent) -> HttpResponse:
    """The present day."""
    only_who_may(agent, "read reports")
    return HttpResponseRedirect(reverse("console-day", args=[_today(agent).isoformat()]))


@require_safe
@for_agents
def day_sheet(request: HttpRequest, agent: Agent, on: str) -> HttpResponse:
    """The page of one day, black on white, without the frame of the console."""
    only_who_may(agent, "read reports")
    desk, day, today = desk_in_force(agent.desk), _day(on), _today(agent)
    if day > today:
        raise Http404("a day to come")
    hidden, naming = hidden_from(agent), Naming(agent.desk_id, desk)
    parts = []
    for by in PARTS:
        lines, _sum = CASES.answer(asked_of(agent.desk, desk, day, by, hidden))
        parts.append(_part(naming, by, lines))
    from_at, until_at = _bounds(desk, day)
    late = _late(agent, from_at, until_at)
    context = {
        "title": agent.desk.title,
        "day": day,
        "days": urlencode({"first": day, "last": day}),
        "numbers": [_shown(one) for one in how_it_went(agent.desk, desk, day, hidden)],
        "columns": COUNTED,
        "parts": [part for part in parts if part.lines],
        "late": late[:MOST_NAMED],
        "late_count": len(late),
        "on": _who_was_on(agent, desk, from_at, until_at),
        "freezes": [
            one for one in desk.freezes if one.from_at < until_at and one.until_at > from_at
        ],
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1) if day < today else None,
        "printed_at": timezone.now(),
        "printed_by": agent,
    }
    return render(request, "console/leading/day_sheet.html", context, using="jinja2")


def _today(agent: Agent) -> date:
    return timezone.now().astimezone(zone_named(desk_in_force(agent.desk).zone)).date()


def _day(on: str) -> date:
    try:
        day = date.fromisoformat(on)
    except ValueError:
        raise Http404("no such day") from None
    if not 2000 <= day.year < 2200:
        raise Http404("no such day")
    return day


def _bounds(desk: Desk, day: date) -> tuple[datetime, datetime]:
    zone = zone_named(desk.zone)
    return (
        datetime.combine(day, time(), zone),
        datetime.combine(day + timedelta(days=1), time(), zone),
    )


def _shown(one: Figure) -> tuple[str, str, str]:
    """A number of the day: what it is called, as people read it, and what opens its tickets."""
    if one.column.shows == "count":
        what = urlencode({"what": one.column.what})
        address = reverse("console-report-tickets", args=[one.report]) if one.number else ""
        return str(one.column.title), f"{int(one.number or 0):,}", address and f"{address}?{what}"
    titles = {"answer median": _("First answer, median"), "solution median": _("Solution, median")}
    said = "–" if one.number is None else spoken(timedelta(seconds=one.number))
    return titles[one.column.key], said, ""


def _part(naming: Naming, by: By, lines: Sequence[Line]) -> Part:
    if not any(line.key for line in lines):
        return Part("", (), 0)
    told = [
        (naming.line(by, line.key), [int(line.number(column) or 0) for column in COUNTED])
        for line in lines[:MOST_LINES]
    ]
    return Part(str(naming.head[by]), told, max(len(lines) - MOST_LINES, 0))


def _late(agent: Agent, from_at: datetime, until_at: datetime) -> list[str]:
    """Numbers of the cases that ran out of time, the first first."""
    ids = [one.ticket for one in breached_between(agent, from_at, until_at)]
    numbers = dict(Ticket.objects.filter(pk__in=ids).values_list("pk", "number"))
    return [f"{agent.desk.prefix}-{numbers[id_]}" for id_ in dict.fromkeys(reversed(ids))]


def _who_was_on(
    agent: Agent, desk: Desk, from_at: datetime, until_at: datetime
) -> dict[str, list[str]]:
    rows = Shift.objects.filter(
        desk=agent.desk_id, from_at__lt=until_at, until_at__gt=from_at, agent__isnull=False
    ).select_related("agent__user")
    found: dict[str, list[str]] = {}
    for row in rows.order_by("from_at", "pk"):
        zone = zone_named(desk.zone)
        times = f"{row.from_at.astimezone(zone):%H:%M}–{row.until_at.astimezone(zone):%H:%M}"
        found.setdefault(team_title(desk, row.team), []).append(f"{row.agent} {times}")
    return found
