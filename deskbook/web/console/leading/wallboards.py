"""The links of a desk's wallboards: made once, shut at any time."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from deskbook.people.access import of_desk, only_who_may
from deskbook.people.models import Agent
from deskbook.people.wallboard_models import Wallboard
from deskbook.people.wallboards import add_wallboard, revoke_wallboard
from deskbook.web.console.shared.frame import screen
from deskbook.web.shared.entering import for_agents
from deskbook.web.shared.fields import Line
from deskbook.web.shared.forms import Form, sent


class WallboardForm(Form):
    """A screen to add."""

    name = Line(
        gettext_lazy("Name"),
        gettext_lazy("Give it a name."),
        placeholder=gettext_lazy("Television in the office"),
    )


@never_cache
@for_agents
def wallboards(request: HttpRequest, agent: Agent) -> HttpResponse:
    """The desk's wallboards; the link of a new one is shown only now."""
    only_who_may(agent, "read reports")
    form, made = WallboardForm(sent(request)), None
    if form.is_valid():
        made = add_wallboard(agent.desk, form("name"), at=timezone.now(), by=agent)
    shown = WallboardForm() if made else form
    return screen(
        request,
        agent,
        "leading/wallboards.html",
        current="morning",
        status=shown.status,
        form=shown,
        boards=list(
            Wallboard.objects.filter(desk=agent.desk_id).order_by("-revoked_at", "-added_at")
        ),
        made=made[0] if made else None,
        address=settings.DESKBOOK_SITE_URL + reverse("wallboard", args=[made[1]]) if made else "",
    )


@require_POST
@for_agents
def revoking(request: HttpRequest, agent: Agent, board: int) -> HttpResponse:
    """Shuts a link."""
    only_who_may(agent, "read reports")
    revoke_wallboard(of_desk(agent, Wallboard.objects.all(), board), at=timezone.now())
    messages.success(request, _("The link opens nothing any more."))
    return HttpResponseRedirect(reverse("console-wallboards"))
