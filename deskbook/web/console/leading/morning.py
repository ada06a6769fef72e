"""The morning of a lead: what broke, what will, who has too much, who is missing, what is stuck."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from deskbook.channels.all import sorts_of_left_over
from deskbook.delivery.left_over import counted
from deskbook.engine.desk import Desk, Freeze
from deskbook.engine.hours import last_working_day
from deskbook.engine.rosters import Gap
from deskbook.engine.wall_time import zone_named
from deskbook.people.access import only_who_may
from deskbook.people.books import desk_in_force
from deskbook.people.duty import gaps_between, unfilled_between, zone_of_team
from deskbook.people.models import Agent
from deskbook.people.roster_models import Leave, Shift
from deskbook.people.rosters import Plan, plan_of, span_words
from deskbook.reports import morning as counts
from deskbook.tickets import queues
from deskbook.tickets.queues import PAGE
from deskbook.web.console.leading.breaches import broken
from deskbook.web.console.reporting.service_levels import lines_of
from deskbook.web.console.shared.frame import screen
from deskbook.web.console.shared.rows import rows_of
from deskbook.web.console.shared.trail import today
from deskbook.web.shared.entering import for_agents
from deskbook.web.told import team_title

SHOWN = 6
"""Of what broke and what will, so many are on the page; the number opens them all."""
AHEAD = timedelta(days=7)
OF_OWNER = {
    "held": gettext_lazy("To do"),
    "late": gettext_lazy("Late"),
    "due": gettext_lazy("By tonight"),
}
"""What is counted of each owner."""


@dataclass(frozen=True, slots=True)
class Hole:
    """A time of the next days at which somebody is missing."""

    team: str
    when: str
    why: str
    url: str


@dataclass(frozen=True, slots=True)
class Stuck:
    """What a person has to decide about, of one sort."""

    title: str | Promise
    icon: str
    count: int
    url: str


@require_safe
@for_agents
def morning(request: HttpRequest, agent: Agent) -> HttpResponse:
    """The page: each part of it is a reading others show too, and each number opens its tickets."""
    only_who_may(agent, "read reports")
    at, desk = timezone.now(), desk_in_force(agent.desk)
    since_at, tonight = _since(desk, at), today().tomorrow
    breaches = counts.breached_between(agent, since_at, at)
    due, held = (
        counts.due_between(agent, at, tonight),
        counts.held_by_each(agent, tonight),
    )
    return screen(
        request,
        agent,
        "leading/morning.html",
        current="morning",
        since_at=since_at,
        broken=broken(agent, breaches[:SHOWN]),
        breaches=len(breaches),
        due=rows_of(queues.listed(queues.these(agent, due[:SHOWN])), {}) if due else [],
        due_count=len(due),
        held=held,
        overloaded=counts.overloaded(held),
        off=_off(agent, at, tonight),
        holes=_holes(agent, desk, at),
        freezes=_freezes(desk, at),
        service_levels=lines_of(agent, desk, at=at),
        stuck=_stuck(agent, since_at),
        at=at,
    )


@require_safe
@for_agents
def tickets(request: HttpRequest, agent: Agent) -> HttpResponse:
    """The tickets of one number of the page: `of` says which, for an owner with their id."""
    only_who_may(agent, "read reports")
    ids, title = _counted(agent, request.GET.get("of", ""))
    after = request.GET.get("after", "")
    at_place = int(after) if after.isdecimal() and len(after) < 9 else 0
    shown = queues.listed(queues.these(agent, ids[at_place : at_place + PAGE]))
    return screen(
        request,
        agent,
        "reports/tickets.html",
        current="morning",
        back=(reverse("console-morning"), _("Back to the morning")),
        heading=_("Morning"),
        named=title,
        rows=rows_of(shown, {}),
        older=at_place + PAGE if len(ids) > at_place + PAGE else 0,
        paged=bool(at_place),
    )


def _counted(agent: Agent, number: str) -> tuple[list[int], str]:
    """Returns the tickets of a number, and what it is called; 404 where there is none."""
    at, tonight = timezone.now(), today().tomorrow
    of, _colon, owner = number.partition(":")
    if of == "broken":
        found = counts.breached_between(agent, _since(desk_in_force(agent.desk), at), at)
        return [*dict.fromkeys(one.ticket for one in found)], _("Out of time")
    if of == "tonight":
        return counts.due_between(agent, at, tonight), _("Late by tonight")
    if of not in OF_OWNER or not owner.isdecimal() or len(owner) > 17:
        raise Http404("no such number")
    held = counts.of_owner(agent, int(owner), tonight)
    is_so = {"late": 1, "due": 2}.get(of)
    return [one[0] for one in held if is_so is None or one[is_so]], str(OF_OWNER[of])


def _since(desk: Desk, at: datetime) -> datetime:
    return last_working_day(desk.calendars[desk.hours], at)


def _off(agent: Agent, at: datetime, tonight: datetime) -> Sequence[Leave]:
    """Who is on leave at any time of what is left of the day."""
    rows = Leave.objects.filter(desk=agent.desk_id, state=Leave.State.ACCEPTED)
    rows = rows.filter(from_at__lt=tonight, until_at__gt=at, agent__is_active=True)
    return list(rows.select_related("agent__user").order_by("until_at", "pk"))


def _holes(agent: Agent, desk: Desk, at: datetime) -> list[Hole]:
    """Where fewer are on than the book asks for, and shifts nobody works, the first first."""
    gaps = gaps_between(agent.desk, desk, at, at + AHEAD)
    found = [
        (
            gap.from_at,
            gap.team,
            Plan(gap.team, gap.from_at, gap.until_at),
            _("%(on)s of %(needed)s people, line %(line)s of the book")
            % {"on": gap.on_shift, "needed": gap.needed, "line": gap.line},
        )
        for gap in gaps
    ]
    for shift in unfilled_between(agent.desk, at, at + AHEAD):
        if any(is_why(shift, gap) for gap in gaps):
            continue
        name = str(shift.agent or "")
        why = _("%(name)s is away or has left.") % {"name": name} if name else ""
        said = why or _("It has no person yet.")
        found.append((shift.from_at, shift.team, plan_of(shift), said))
    return [
        Hole(team_title(desk, team), span_words(desk, plan), why, _roster(desk, team, from_at))
        for from_at, team, plan, why in sorted(found, key=lambda hole: hole[:2])
    ]


def is_why(shift: Shift, gap: Gap) -> bool:
    """Whether a shift that nobody works is why too few are on: then it is told already."""
    return (
        shift.team == gap.team and gap.from_at <= shift.from_at and shift.until_at <= gap.until_at
    )


def _roster(desk: Desk, team: str, at: datetime) -> str:
    week = f"{at.astimezone(zone_named(zone_of_team(desk, team))):%G-W%V}"
    return reverse("console-roster", query={"team": team, "week": week})


def _freezes(desk: Desk, at: datetime) -> list[Freeze]:
    """Those that are on, and those of the next days."""
    near = [one for one in desk.freezes if one.until_at > at and one.from_at < at + AHEAD]
    return sorted(near, key=lambda freeze: freeze.until_at)


def _stuck(agent: Agent, since_at: datetime) -> list[Stuck]:
    """What is left over for a person, and what came back for good since the last working day."""
    sorts, address = sorts_of_left_over(), reverse("console-left-over")
    found = counted({sort: sort.rows(agent) for sort in sorts.values()})
    stuck = [
        Stuck(sort.title, sort.icon, found[key], f"{address}?show={key}")
        for key, sort in sorts.items()
        if found[key]
    ]
    back = counted(
        {
            sort: sort.came_back(agent).filter(**{f"{sort.at}__gte": since_at})
            for sort in sorts.values()
            if sort.came_back
        }
    )
    if came := sum(back.values()):
        stuck.append(Stuck(_("Came back"), "mail", came, f"{address}?show=came-back"))
    return stuck
