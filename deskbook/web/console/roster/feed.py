"""A person's own shifts as a calendar other programs read, at a private, signed address."""

from datetime import timedelta
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from deskbook.people.books import desk_in_force
from deskbook.people.models import Agent
from deskbook.people.roster_models import Shift
from deskbook.web.console.shared.feeds import calendar_file, feed_address, whose_feed
from deskbook.web.shared.entering import for_agents

SHOWN_BACK = timedelta(days=60)
FEED = "roster-feed"


@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar (RFC 5545) of whoever the address was made for; 404 once they changed it or
    left.
    """
    agent, _which = whose_feed(FEED, token)
    return calendar_file(calendar_of(agent), "roster")


@require_POST
@for_agents
def new_feed(request: HttpRequest, agent: Agent) -> HttpResponse:
    """Gives the calendar a new address; the old one stops working."""
    Agent.objects.filter(pk=agent.pk).update(feed_turn=agent.feed_turn + 1)
    messages.success(request, _("Your calendar has a new address; the old one no longer works."))
    return HttpResponseRedirect(reverse("console-roster"))


def feed_url(agent: Agent) -> str:
    """Returns the whole address of a person's calendar."""
    return feed_address(FEED, agent)


def calendar_of(agent: Agent) -> bytes:
    """Returns a person's shifts, from sixty days back on, as iCalendar."""
    from icalendar import Calendar, Event

    desk, now = desk_in_force(agent.desk), timezone.now()
    calendar = Calendar()
    calendar.add("prodid", "-//Deskbook//roster//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", f"{agent.desk.title}: {agent}")
    for shift in Shift.objects.filter(agent=agent, until_at__gt=now - SHOWN_BACK).order_by(
        "from_at"
    ):
        event = Event()
        event.add(
            "uid", str(uuid5(NAMESPACE_URL, f"{settings.DESKBOOK_SITE_URL}/shift/{shift.pk}"))
        )
        event.add("dtstamp", now)
        event.add("dtstart", shift.from_at)
        event.add("dtend", shift.until_at)
        event.add(
            "summary", desk.teams[shift.team].title if shift.team in desk.teams else shift.team
        )
        if shift.place:
            event.add("location", shift.place)
        calendar.add_component(event)
    data: bytes = calendar.to_ical()
    return data
