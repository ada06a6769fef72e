"""Calendars other programs read, at private, signed addresses that their person can change."""

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.http import HttpResponse
from django.urls import reverse

from deskbook.people.access import NoAccess, agents_of
from deskbook.people.models import Agent


def feed_address(feed: str, agent: Agent, *which: str) -> str:
    """Returns the whole address of a person's calendar; `which` where they have several."""
    token = _signer(feed).sign("-".join((str(agent.pk), str(agent.feed_turn), *which)))
    return settings.DESKBOOK_SITE_URL + reverse(feed, args=[token])


def whose_feed(feed: str, token: str) -> tuple[Agent, str]:
    """Returns for whom an address was made, and which; NoAccess once they changed it or left."""
    try:
        number, turn, *which = _signer(feed).unsign(token).split("-")
    except (BadSignature, ValueError):
        raise NoAccess("no such calendar") from None
    agents = Agent.objects.filter(pk=int(number), feed_turn=int(turn))
    agent = agents.select_related("user", "desk").first()
    if agent is None or not agents_of(agent.user).filter(pk=agent.pk).exists():
        raise NoAccess("no such calendar")
    return agent, "".join(which)


def calendar_file(data: bytes, name: str) -> HttpResponse:
    """Returns a calendar (RFC 5545) for a program that asks for it."""
    response = HttpResponse(data, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = f'inline; filename="{name}.ics"'
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _signer(feed: str) -> Signer:
    return Signer(salt=feed.replace("-", " "), sep=".")
