"""The roster: a week at a glance, who is on now, leave and swaps asked for."""

from datetime import datetime, timedelta

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from deskbook.people.access import may, only_who_may
from deskbook.people.books import desk_in_force
from deskbook.people.duty import has_roster, on_duty
from deskbook.people.lists import shifts as shift_list
from deskbook.people.lists.kinds import LISTS
from deskbook.people.models import Agent
from deskbook.people.refusals import in_words
from deskbook.people.roster_models import Leave, Swap
from deskbook.people.rosters import copy_week, plan_of, span_words
from deskbook.people.words import Words
from deskbook.refusals.refusal import Refusal, Refused
from deskbook.web.console.roster.feed import feed_url
from deskbook.web.console.roster.grid import Week, gaps_of_week, lines_of_week, week_asked
from deskbook.web.console.shared.frame import screen
from deskbook.web.shared.downloads import csv_download
from deskbook.web.shared.entering import for_agents
from deskbook.web.shared.fields import Instant, Line, Sent
from deskbook.web.shared.forms import Form, asked

LONG_AGO = timedelta(days=1)


class LeaveForm(Form):
    """Leave somebody asks for, from the week they look at."""

    from_at, until_at = Instant(_lazy("From")), Instant(_lazy("Until"))
    reason = Line(_lazy("Reason"), hint=_lazy("Leads read it."))
    team, week = Sent(), Sent()


@require_safe
@for_agents
def roster(request: HttpRequest, agent: Agent) -> HttpResponse:
    """One team's week, with its gaps before they happen."""
    return roster_page(request, agent, LeaveForm())


def roster_page(request: HttpRequest, agent: Agent, asking: LeaveForm) -> HttpResponse:
    """Returns the page, with the leave asked for as it was typed."""
    desk, at = desk_in_force(agent.desk), timezone.now()
    if not desk.teams:
        return screen(request, agent, "people/no_teams.html", current="roster")
    week = week_of(request, agent, at=at)
    gaps = gaps_of_week(agent, week, at=at)
    return screen(
        request,
        agent,
        "people/roster.html",
        status=asking.status,
        asking=asking,
        current="roster",
        week=week,
        team=desk.teams[week.team],
        teams=[(team.key, team.title) for team in desk.teams.values()],
        lines=lines_of_week(agent, week, at=at),
        gaps=gaps,
        gap_count=sum(not gap.past for marks in gaps.values() for gap in marks),
        on_now=on_duty(agent.desk, week.team, at=at),
        rostered=has_roster(agent.desk, week.team),
        may_edit=may(agent, "edit roster"),
        staffed=any(need.team == week.team for need in desk.staffing),
        leave=leave_shown(agent, at=at),
        swaps=swaps_shown(agent, at=at),
        me=agent,
        feed=feed_url(agent),
        today=at.astimezone(week.from_at.tzinfo).date(),
    )


@require_safe
@for_agents
def roster_csv(request: HttpRequest, agent: Agent) -> FileResponse:
    """The week as a file that can come back in."""
    week = week_of(request, agent, at=timezone.now())
    rows = shift_list.rows(agent.desk, team=week.team, from_at=week.from_at, until_at=week.until_at)
    return csv_download(f"roster-{week.name}.csv", LISTS["shifts"].header, rows)


@require_POST
@for_agents
def copying(request: HttpRequest, agent: Agent) -> HttpResponse:
    """Leads: the week again, seven days on; what does not fit is said and left out."""
    only_who_may(agent, "edit roster")
    week = week_of(request, agent, at=timezone.now())
    added, refused = copy_week(agent.desk, week.team, from_at=week.from_at)
    messages.success(
        request,
        ngettext("%(n)s shift was copied.", "%(n)s shifts were copied.", added) % {"n": added},
    )
    for why in refused[:3]:
        messages.error(request, in_words(why))
    return HttpResponseRedirect(week.address(1))


def week_of(request: HttpRequest, agent: Agent, *, at: datetime) -> Week:
    """Returns the team and week asked for, else the agent's first team and the present week."""
    desk = desk_in_force(agent.desk)
    given = asked(request)
    teams = [given.get("team", ""), *agent.teams, *desk.teams]
    team = next(team for team in teams if team in desk.teams)
    return week_asked(desk, team, given.get("week", ""), at=at)


def leave_shown(agent: Agent, *, at: datetime) -> list[Leave]:
    """Returns leave that is not over: everybody's for leads, one's own for others."""
    rows = Leave.objects.filter(desk=agent.desk_id, until_at__gt=at).select_related(
        "agent__user", "answered_by__user"
    )
    if not may(agent, "answer leave"):
        rows = rows.filter(agent=agent)
    return list(rows.order_by("state", "from_at")[:50])


def swaps_shown(agent: Agent, *, at: datetime) -> list[tuple[Swap, str, str]]:
    """Returns open offers, and answers of the last day, with both shifts in words: everybody's for
    leads.
    """
    rows = Swap.objects.filter(desk=agent.desk_id).select_related(
        "shift__agent__user", "other__agent__user", "by__user", "to__user"
    )
    rows = rows.filter(state=Swap.State.ASKED, shift__from_at__gt=at) | rows.filter(
        answered_at__gt=at - LONG_AGO
    )
    if not may(agent, "edit roster"):
        rows = rows.filter(by=agent) | rows.filter(to=agent)
    desk = desk_in_force(agent.desk)
    return [
        (
            swap,
            span_words(desk, plan_of(swap.shift)),
            span_words(desk, plan_of(swap.other)) if swap.other else "",
        )
        for swap in rows.order_by("-asked_at")[:50]
    ]


def back(agent: Agent, team: str = "", week: str = "") -> HttpResponseRedirect:
    """Returns the way back to the week somebody came from."""
    desk = desk_in_force(agent.desk)
    if team in desk.teams:
        return HttpResponseRedirect(week_asked(desk, team, week, at=timezone.now()).address())
    return HttpResponseRedirect(reverse("console-roster"))


def done(request: HttpRequest, text: Words) -> None:
    messages.success(request, str(text))


def not_done(request: HttpRequest, why: Refused | Refusal) -> None:
    messages.error(request, _("Not done: %(why)s") % {"why": in_words(why)})
