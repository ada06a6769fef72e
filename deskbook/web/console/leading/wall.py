"""A desk on a wall: how much waits, what is late next, who is on, how the day goes; read from four
metres by whoever has the link.
"""

from collections.abc import Mapping
from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_safe

from deskbook.channels.walk_in.glance import sites_at_a_glance
from deskbook.engine.desk import Desk
from deskbook.engine.rosters import on_duty
from deskbook.engine.wall_time import zone_named
from deskbook.people.agents import language_at
from deskbook.people.books import desk_in_force
from deskbook.people.duty import leave_between, shifts_between
from deskbook.people.models import Agent, HelpDesk
from deskbook.people.wallboard_models import Wallboard
from deskbook.people.wallboards import wallboard_of
from deskbook.reports.wallboard import shown_of
from deskbook.web.hub import AGENTS
from deskbook.web.live import Telling, stream
from deskbook.web.streams import apart
from deskbook.web.told import channel_title, team_title


@never_cache
@require_safe
def wallboard(request: HttpRequest, secret: str) -> HttpResponse:
    """The screen, in the desk's own language and zone."""
    helpdesk, at = _board(secret).desk, timezone.now()
    zone = desk_in_force(helpdesk).zone
    with translation.override(language_at(helpdesk)), timezone.override(zone_named(zone)):
        desk = desk_in_force(helpdesk)
        shown = shown_of(helpdesk, zone, at=at)
        response = render(
            request,
            "console/leading/wall.html",
            {
                "desk": desk,
                "title": helpdesk.title,
                "secret": secret,
                "at": at,
                "shown": shown,
                "channels": {one.channel: _channel(desk, one.channel) for one in shown.waiting},
                "severities": {key: one.title for key, one in desk.severities.items()},
                "teams": {one.team: team_title(desk, one.team) for one in shown.next},
                "on": _on_duty(helpdesk, desk, at),
                "sites": sites_at_a_glance(helpdesk, at=at),
            },
            using="jinja2",
        )
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@require_GET
def wallboard_stream(request: HttpRequest, secret: str) -> HttpResponseBase:
    """Tells the screen that something at its desk or one of its sites moved, and now and then that
    time did; ends once the link is revoked.
    """
    desk = _board(secret).desk_id
    about = (("desk", desk), ("sites", desk), AGENTS)
    return stream(Telling(about, lambda: apart(_may_still)(secret), beats=True))


def _board(secret: str) -> Wallboard:
    found = wallboard_of(secret)
    if found is None or not found.desk.book_version:
        raise Http404("no such wallboard")
    return found


def _may_still(secret: str) -> bool:
    return wallboard_of(secret) is not None


def _channel(desk: Desk, key: str) -> str:
    """A chat that nobody took yet is of no channel but its kind's."""
    chat = desk.channel_of("chat")
    return channel_title(chat.key if key == "live chat" and chat else key, desk)


def _on_duty(helpdesk: HelpDesk, desk: Desk, at: datetime) -> Mapping[str, list[str]]:
    """Team → who is on by the roster; teams nobody made one for are not shown."""
    shifts, away = shifts_between(helpdesk, at, at), leave_between(helpdesk, at, at)
    if not shifts:
        return {}
    people = Agent.objects.select_related("user").in_bulk({int(one.person) for one in shifts})
    teams = [team for team in desk.teams if any(shift.team == team for shift in shifts)]
    return {
        team_title(desk, team): [
            str(people[int(person)])
            for person in on_duty(shifts, team, at=at, leave=away)
            if int(person) in people
        ]
        for team in teams
    }
