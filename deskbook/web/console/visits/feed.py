"""Visits as a calendar other programs read, at private, signed addresses: one's own, and the whole
desk's for those who date them.
"""

from datetime import timedelta

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from deskbook.people.access import NoAccess, agents_of
from deskbook.people.agents import language_of
from deskbook.people.books import desk_in_force
from deskbook.people.models import Agent
from deskbook.tickets.visit_calendar import calendar_for_agent
from deskbook.tickets.visit_rows import visits_between, visits_of_person

SHOWN_BACK, SHOWN_AHEAD = timedelta(days=60), timedelta(days=730)
_signer = Signer(salt="visit feed", sep=".")


@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar (RFC 5545) of whoever the address was made for; 404 once they changed it or
    left.
    """
    agent, whole = _asked(token)
    at = timezone.now()
    rows = visits_of_person(agent).filter(until_at__gt=at - SHOWN_BACK)
    if whole:
        rows = visits_between(agent.desk, at - SHOWN_BACK, at + SHOWN_AHEAD)
    with translation.override(language_of(agent)):
        name = _("%(desk)s: visits") % {"desk": agent.desk.title}
        data = calendar_for_agent(agent, rows, name if whole else f"{name}, {agent}", whole=whole)
    response = HttpResponse(data, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = 'inline; filename="visits.ics"'
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def feed_urls(agent: Agent) -> dict[str, str]:
    """Returns the whole addresses of a person's own calendar ("own") and, for those who date
    visits, the desk's.
    """
    found = {"own": _url(agent, "own")}
    if _dates_visits(agent):
        found["desk"] = _url(agent, "desk")
    return found


def _url(agent: Agent, which: str) -> str:
    token = _signer.sign(f"{agent.pk}-{agent.feed_turn}-{which}")
    return settings.DESKBOOK_SITE_URL + reverse("visit-feed", args=[token])


def _dates_visits(agent: Agent) -> bool:
    teams = {
        team
        for rule in desk_in_force(agent.desk).site_visits
        for team in (rule.decided_by, rule.carried_out_by)
    }
    return bool(teams.intersection(agent.teams))


def _asked(token: str) -> tuple[Agent, bool]:
    try:
        number, turn, which = _signer.unsign(token).split("-")
    except (BadSignature, ValueError):
        raise NoAccess("no such calendar") from None
    agent = (
        Agent.objects.filter(pk=int(number), feed_turn=int(turn))
        .select_related("user", "desk")
        .first()
    )
    if agent is None or not agents_of(agent.user).filter(pk=agent.pk).exists():
        raise NoAccess("no such calendar")
    if which == "desk" and not _dates_visits(agent):
        raise NoAccess("no such calendar")
    return agent, which == "desk"
