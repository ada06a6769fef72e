"""The walk-in sites of a desk: which are open, who waits; their devices, the poster, the day in
numbers.
"""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from deskbook.channels.walk_in.devices import add_device, new_code, revoke
from deskbook.channels.walk_in.models import Kiosk
from deskbook.channels.walk_in.presence import code_of_the_day
from deskbook.channels.walk_in.queue import queue_at
from deskbook.channels.walk_in.report import day_by_service, out_of_order
from deskbook.channels.walk_in.sites import WalkInSite, site_of, sites_of
from deskbook.channels.walk_in.steps import present_day
from deskbook.channels.walk_in.taking import end_day
from deskbook.people.access import NoAccess, may, of_desk, only_who_may
from deskbook.people.models import Agent
from deskbook.web.console.shared.frame import screen
from deskbook.web.shared.entering import for_agents
from deskbook.web.shared.fields import Choice, Line, Tick
from deskbook.web.shared.forms import Form, sent
from deskbook.web.shared.walk_in_places import address, qr

KINDS = {
    Kiosk.Kind.KIOSK: gettext_lazy("Kiosk: gives tokens"),
    Kiosk.Kind.DISPLAY: gettext_lazy("Display: calls them"),
}


def site_for(agent: Agent, name: str) -> WalkInSite:
    """Returns a site of the agent's desk; raises NoAccess."""
    site = site_of(agent.desk, name)
    if site is None:
        raise NoAccess("no such site at this desk")
    return site


@require_safe
@for_agents
def sites(request: HttpRequest, agent: Agent) -> HttpResponse:
    """The desk's sites, with what goes on there now."""
    at = timezone.now()
    queues = [queue_at(site, at=at) for site in sites_of(agent.desk)]
    rows = [
        {
            "site": queue.site,
            "open": queue.site.is_open(at),
            "closes_at": queue.site.closes_at(at),
            "opens_at": None if queue.site.is_open(at) else queue.site.opens_at(at),
            "waiting": sum(queue.waiting.values()),
            "counters": len(queue.seats),
        }
        for queue in queues
    ]
    return screen(request, agent, "walk_in/sites.html", current="walk-in", rows=rows)


class DeviceForm(Form):
    """A device to add."""

    name = Line(
        gettext_lazy("Name"),
        gettext_lazy("Give it a name."),
        placeholder=gettext_lazy("Kiosk in the hall"),
    )
    kind = Choice(gettext_lazy("Kind"), options=tuple(KINDS.items()))
    prints = Tick(gettext_lazy("A printer for paper of 80 mm is at it: each token is printed"))


@never_cache
@for_agents
def devices(request: HttpRequest, agent: Agent, site: str) -> HttpResponse:
    """The devices of a site; a new one gets a code that is shown only now."""
    here, form, fresh = site_for(agent, site), DeviceForm(sent(request)), None
    if form.is_valid():
        at = timezone.now()
        fresh = add_device(here, form("kind"), form("name"), prints=form("prints"), at=at, by=agent)
    return _devices(request, agent, here, fresh, form)


def _devices(
    request: HttpRequest,
    agent: Agent,
    site: WalkInSite,
    fresh: tuple[Kiosk, str] | None,
    form: DeviceForm | None = None,
) -> HttpResponse:
    shown = DeviceForm() if form is None or fresh else form
    known = Kiosk.objects.filter(desk=site.helpdesk, site=site.site.key).order_by(
        "revoked_at", "number"
    )
    where = {}
    if fresh:
        name = "kiosk" if fresh[0].kind == Kiosk.Kind.KIOSK else "display-device"
        where = {
            "device": fresh[0],
            "code": f"{fresh[1][:4]} {fresh[1][4:]}",
            "address": address(name, site),
        }
    return screen(
        request,
        agent,
        "walk_in/devices.html",
        current="walk-in",
        site=site,
        devices=list(known),
        fresh=where,
        form=shown,
        status=shown.status,
    )


@never_cache
@require_POST
@for_agents
def device_code(request: HttpRequest, agent: Agent, device: int) -> HttpResponse:
    """A new code for a device that forgot who it is; what it had works no more."""
    found = of_desk(agent, Kiosk.objects.all(), device)
    return _devices(
        request, agent, site_for(agent, found.site), (found, new_code(found, at=timezone.now()))
    )


@require_POST
@for_agents
def device_revoking(request: HttpRequest, agent: Agent, device: int) -> HttpResponse:
    """Shuts a device out."""
    found = of_desk(agent, Kiosk.objects.all(), device)
    revoke(found, at=timezone.now())
    messages.success(request, _("%(device)s was shut out.") % {"device": found.name})
    return HttpResponseRedirect(
        reverse("console-walk-in-devices", args=(site_for(agent, found.site).slug,))
    )


@require_safe
@for_agents
def poster(request: HttpRequest, agent: Agent, site: str) -> HttpResponse:
    """A sheet for the door, good for today: the QR code that gives a token on a phone."""
    here, at = site_for(agent, site), timezone.now()
    code = code_of_the_day(here, at=at)
    link = f"{address('token-taking', here)}?c={code}"
    return screen(
        request,
        agent,
        "walk_in/poster.html",
        current="walk-in",
        site=here,
        qr=qr(link),
        code=code,
        on=here.day(at),
        plain=settings.DESKBOOK_SITE_URL
        + reverse("token-taking", args=(here.helpdesk.key, here.slug)),
    )


@require_safe
@for_agents
def day(request: HttpRequest, agent: Agent, site: str) -> HttpResponse:
    """The present day in numbers: waits by service, and whether anybody was passed by."""
    here, at = site_for(agent, site), timezone.now()
    found = present_day(here, at=at)
    context: dict[str, Any] = {"rows": [], "wrong": [], "ended_at": None}
    if found:
        context = {
            "rows": day_by_service(found),
            "wrong": out_of_order(found),
            "ended_at": found.ended_at,
        }
    return screen(
        request,
        agent,
        "walk_in/day.html",
        current="walk-in",
        site=here,
        on=found.on if found else here.day(at),
        leads=may(agent, "end a day"),
        **context,
    )


@require_POST
@for_agents
def day_end(request: HttpRequest, agent: Agent, site: str) -> HttpResponse:
    """Leads: sends home who still waits; their phones say so."""
    only_who_may(agent, "end a day")
    here = site_for(agent, site)
    count = end_day(here, at=timezone.now())
    messages.success(
        request, _("The day is ended. Still waiting, and told: %(count)s.") % {"count": count}
    )
    return HttpResponseRedirect(reverse("console-walk-in-day", args=(here.slug,)))
