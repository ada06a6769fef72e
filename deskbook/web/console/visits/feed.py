"""Visits as a calendar other programs read, at private, signed addresses: one's own, and the whole
desk's for those who date them.
"""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from deskbook.people.access import NoAccess, seen_by
from deskbook.people.agents import language_of
from deskbook.people.books import desk_in_force
from deskbook.people.models import Agent
from deskbook.tickets.visit_calendar import calendar_for_agent
from deskbook.tickets.visit_rows import visits_between, visits_of_person
from deskbook.web.console.shared.feeds import calendar_file, feed_address, whose_feed

SHOWN_BACK, SHOWN_AHEAD = timedelta(days=60), timedelta(days=730)
FEED = "visit-feed"


@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar (RFC 5545) of whoever the address was made for; 404 once they changed it or
    left.
    """
    agent, which = whose_feed(FEED, token)
    at, whole = timezone.now(), which == "desk"
    if whole and not _dates_visits(agent):
        raise NoAccess("no such calendar")
    rows = visits_of_person(agent).filter(until_at__gt=at - SHOWN_BACK)
    if whole:
        every = visits_between(agent.desk, at - SHOWN_BACK, at + SHOWN_AHEAD)
        rows = seen_by(agent, every, "ticket__")
    with translation.override(language_of(agent)):
        name = _("%(desk)s: visits") % {"desk": agent.desk.title}
        data = calendar_for_agent(agent, rows, name if whole else f"{name}, {agent}", whole=whole)
    return calendar_file(data, "visits")


def feed_urls(agent: Agent) -> dict[str, str]:
    """Returns the whole addresses of a person's own calendar ("own") and, for those who date
    visits, the desk's.
    """
    found = {"own": feed_address(FEED, agent, "own")}
    if _dates_visits(agent):
        found["desk"] = feed_address(FEED, agent, "desk")
    return found


def _dates_visits(agent: Agent) -> bool:
    teams = {
        team
        for rule in desk_in_force(agent.desk).site_visits
        for team in (rule.decided_by, rule.carried_out_by)
    }
    return bool(teams.intersection(agent.teams))
