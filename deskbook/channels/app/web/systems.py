"""The systems that open and follow cases here; for owners of the book."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from deskbook.channels.app.models import AppSystem
from deskbook.channels.app.systems import (
    Told,
    channels_in,
    make_system,
    systems_of,
)
from deskbook.channels.app.telling import send_waiting
from deskbook.delivery.endpoints import end_connected, make_new_secret
from deskbook.engine.desk import Desk
from deskbook.people.access import of_desk, only_who_may
from deskbook.people.books import desk_in_force
from deskbook.people.models import Agent
from deskbook.web.console.shared.frame import screen
from deskbook.web.shared.entering import for_agents
from deskbook.web.shared.fields import Choice, Line, Service
from deskbook.web.shared.forms import Form, sent


class Address(Service):
    """It may be empty: then the system asks."""

    def validate(self, value: str) -> None:
        if value:
            super().validate(value)


class SystemForm(Form):
    """A system to connect."""

    name = Line(_("Name"), _("Give the system a name."), placeholder=_("SPARK login page"), most=60)
    channel = Choice(_("Channel of the book"))
    address = Address(
        _("Address it is told at"),
        hint=_("Answers, stages and closings are sent there. Without it the system asks."),
        placeholder="https://login.example.org/desk",
        most=500,
    )

    def __init__(self, desk: Desk, data: QueryDict | None = None) -> None:
        super().__init__(data)
        known = [(channel.key, channel.title) for channel in channels_in(desk)]
        self.offer("channel", known or [("app", "app")], nothing_else=True)


class AddressForm(Form):
    """Another address for a system."""

    address = Address(_("Address it is told at"), most=500)


@never_cache
@require_http_methods(["GET", "POST"])
@for_agents
def systems(request: HttpRequest, agent: Agent) -> HttpResponse:
    """The list; a system made here shows its secret once."""
    only_who_may(agent, "connect gateways")
    desk = desk_in_force(agent.desk)
    form = SystemForm(desk, sent(request))
    if not form.is_valid():
        return _page(request, agent, form)
    row, secret = make_system(agent, Told(**form.cleaned_data), at=timezone.now())
    return _page(request, agent, SystemForm(desk), made=row, secret=secret)


@never_cache
@require_POST
@for_agents
def new_secret(request: HttpRequest, agent: Agent, system: int) -> HttpResponse:
    """Shows a new secret once; the one before is valid for three days more."""
    only_who_may(agent, "connect gateways")
    row = of_desk(agent, AppSystem.objects.filter(ended_at=None), system)
    secret = make_new_secret(row, at=timezone.now())
    return _page(request, agent, SystemForm(desk_in_force(agent.desk)), made=row, secret=secret)


@require_POST
@for_agents
def address(request: HttpRequest, agent: Agent, system: int) -> HttpResponse:
    """From now on it is told there; what waits is tried at once."""
    only_who_may(agent, "connect gateways")
    row = of_desk(agent, AppSystem.objects.filter(ended_at=None), system)
    form = AddressForm(sent(request))
    if not form.is_valid():
        messages.error(request, " ".join(form.sentences()))
    else:
        row.address, row.trouble = form("address"), ""
        row.save(update_fields=["address", "trouble"])
        send_waiting(row, at=timezone.now())
        messages.success(request, _("Saved."))
    return HttpResponseRedirect(reverse("console-app-systems"))


@require_POST
@for_agents
def ending(request: HttpRequest, agent: Agent, system: int) -> HttpResponse:
    """From now on nothing of this system is taken, and nothing is told to it."""
    only_who_may(agent, "connect gateways")
    end_connected(of_desk(agent, AppSystem.objects.all(), system), at=timezone.now())
    messages.success(request, _("It is ended: what it sends is refused."))
    return HttpResponseRedirect(reverse("console-app-systems"))


def _page(
    request: HttpRequest,
    agent: Agent,
    form: SystemForm,
    *,
    made: AppSystem | None = None,
    secret: str = "",
) -> HttpResponse:
    def door(row: AppSystem) -> str:
        return settings.DESKBOOK_SITE_URL + reverse("app-hook", args=(agent.desk.key, row.key))

    return screen(
        request,
        agent,
        "app/systems.html",
        current="settings",
        status=form.status,
        form=form,
        systems=[(row, door(row)) for row in systems_of(agent.desk_id)],
        made=made,
        secret=secret,
        door=door(made) if made else "",
        in_the_book=bool(channels_in(desk_in_force(agent.desk))),
    )
