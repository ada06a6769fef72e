"""The doors of DIGIT's complaints, and what its codes stand for here; for owners of the book."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from deskbook.channels.digit import mapping
from deskbook.channels.digit.doors import (
    Told,
    channels_in,
    doors_of,
    make_door,
    make_new_token,
)
from deskbook.channels.digit.models import DigitDoor
from deskbook.channels.digit.statuses import known_statuses
from deskbook.delivery.endpoints import end_connected
from deskbook.engine.desk import Desk
from deskbook.people.access import of_desk, only_who_may
from deskbook.people.books import desk_in_force
from deskbook.people.models import Agent
from deskbook.web.console.shared.frame import screen
from deskbook.web.shared.entering import for_agents
from deskbook.web.shared.fields import Choice, Line, Lines, Spelled
from deskbook.web.shared.forms import Form, sent

_FLAVOURS = [
    (DigitDoor.Flavour.CAMPAIGN, _("Health campaign (HCM)")),
    (DigitDoor.Flavour.MUNICIPAL, _("Municipal complaints")),
]
_TENANT = _("The tenant as DIGIT writes it, like mz or od.jatni.")


class DoorForm(Form):
    """A door to make."""

    name = Line(_("Name"), _("Give the door a name."), placeholder=_("Field app"), most=60)
    channel = Choice(_("Channel of the book"))
    flavour = Choice(_("Which DIGIT"), options=_FLAVOURS)
    tenant = Spelled(
        _("Tenant"), _TENANT, wrong=_TENANT, pattern=r"[A-Za-z0-9_.-]{2,64}", hint=_TENANT
    )

    def __init__(self, desk: Desk, data: QueryDict | None = None) -> None:
        super().__init__(data)
        known = [(channel.key, channel.title) for channel in channels_in(desk)]
        self.offer("channel", known, nothing_else=True)
        self.begin_with(flavour=DigitDoor.Flavour.CAMPAIGN)


class CodesForm(Form):
    """What the codes of a door stand for, a line each."""

    services = Lines(
        _("Service codes"),
        hint=_("One a line: SyncNotWorking = category: technical query, type: incident"),
        rows=8,
    )
    places = Lines(
        _("Localities"), hint=_("One a line, where a place says who helps: VFTw = team: help desk")
    )
    statuses = Lines(
        _("States of stages"),
        hint=_("Only where the usual one is not meant: redirected = CANCELLED"),
    )
    people = Lines(
        _("Who acts from there"),
        hint=_("User name or uuid in DIGIT, and who it is here: ana.silva = ana@example.org"),
    )

    def __init__(self, door: DigitDoor, desk: Desk, data: QueryDict | None = None) -> None:
        super().__init__(data)
        self.door, self.desk = door, desk
        self.begin_with(
            services=mapping.spelled(door.services),
            places=mapping.spelled(door.places),
            statuses="\n".join(f"{stage} = {said}" for stage, said in door.statuses.items()),
            people=mapping.spelled_people(door.people),
        )

    def clean(self) -> None:
        door, desk = self.door, self.desk
        self._read("services", lambda text: mapping.read_sortings(text, desk))
        self._read("places", lambda text: mapping.read_sortings(text, desk))
        self._read("statuses", lambda text: mapping.read_statuses(text, desk, door.flavour))
        self._read("people", lambda text: mapping.read_people(text, door.desk))

    @transaction.atomic
    def save(self) -> None:
        # Codes come all the time: what is unsorted is read anew, with nobody writing beside it.
        row = DigitDoor.objects.select_for_update(no_key=True).get(pk=self.door.pk)
        names = ("services", "places", "statuses", "people")
        self.put_into(row, *names)
        row.unsorted = [code for code in row.unsorted if code not in row.services]
        row.save(update_fields=[*names, "unsorted"])

    def _read(self, name: str, read: Callable[[str], Any]) -> None:
        try:
            self.cleaned_data[name] = read(self.cleaned_data.get(name, ""))
        except mapping.WrongLine as wrong:
            self.add_error(name, str(wrong))


@never_cache
@require_http_methods(["GET", "POST"])
@for_agents
def doors(request: HttpRequest, agent: Agent) -> HttpResponse:
    """The list; a door made here shows its token once."""
    only_who_may(agent, "connect gateways")
    desk = desk_in_force(agent.desk)
    form = DoorForm(desk, sent(request))
    if not form.is_valid():
        return _page(request, agent, form)
    row, token = make_door(agent, Told(**form.cleaned_data), at=timezone.now())
    return _page(request, agent, DoorForm(desk), made=row, secret=token)


@never_cache
@require_http_methods(["GET", "POST"])
@for_agents
def door(request: HttpRequest, agent: Agent, door: int) -> HttpResponse:
    """What its codes stand for, and which came that stand for nothing."""
    only_who_may(agent, "connect gateways")
    row = of_desk(agent, DigitDoor.objects.filter(ended_at=None), door)
    desk = desk_in_force(agent.desk)
    form = CodesForm(row, desk, sent(request))
    if form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return HttpResponseRedirect(reverse("console-digit-door", args=[row.pk]))
    return screen(
        request,
        agent,
        "digit/door.html",
        current="settings",
        status=form.status,
        form=form,
        row=row,
        door=_address(agent, row),
        sorted_by=mapping.sorted_by(desk),
        statuses=known_statuses(row.flavour),
    )


@never_cache
@require_POST
@for_agents
def new_token(request: HttpRequest, agent: Agent, door: int) -> HttpResponse:
    """Shows a new token once; the one before is valid for three days more."""
    only_who_may(agent, "connect gateways")
    row = of_desk(agent, DigitDoor.objects.filter(ended_at=None), door)
    token = make_new_token(row, at=timezone.now())
    return _page(request, agent, DoorForm(desk_in_force(agent.desk)), made=row, secret=token)


@require_POST
@for_agents
def ending(request: HttpRequest, agent: Agent, door: int) -> HttpResponse:
    """From now on nothing of this door is taken."""
    only_who_may(agent, "connect gateways")
    end_connected(of_desk(agent, DigitDoor.objects.all(), door), at=timezone.now())
    messages.success(request, _("It is ended: what it sends is refused."))
    return HttpResponseRedirect(reverse("console-digit"))


def _address(agent: Agent, row: DigitDoor) -> str:
    path = reverse("digit-hook", args=(agent.desk.key, row.key, "_create"))
    return settings.DESKBOOK_SITE_URL + path.removesuffix("v2/request/_create")


def _page(
    request: HttpRequest,
    agent: Agent,
    form: DoorForm,
    *,
    made: DigitDoor | None = None,
    secret: str = "",
) -> HttpResponse:
    return screen(
        request,
        agent,
        "digit/doors.html",
        current="settings",
        status=form.status,
        form=form,
        doors=[(row, _address(agent, row)) for row in doors_of(agent.desk_id)],
        made=made,
        secret=secret,
        door=_address(agent, made) if made else "",
        in_the_book=bool(channels_in(desk_in_force(agent.desk))),
    )
