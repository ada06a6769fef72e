"""The telephone systems that tell the desk of its calls; for owners of the book."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from deskbook.channels.phone.models import CallSource
from deskbook.channels.phone.sources import make_source, sources_of
from deskbook.delivery.endpoints import end_connected
from deskbook.people.access import of_desk, only_who_may
from deskbook.people.models import Agent
from deskbook.web.console.shared.frame import screen
from deskbook.web.shared.entering import for_agents
from deskbook.web.shared.fields import Choice, Line, Secret
from deskbook.web.shared.forms import Form, sent


class SourceForm(Form):
    """A telephone system to connect; the verb says what of it cannot be."""

    name = Line(_("Name"), placeholder=_("Office PBX"))
    preset = Choice(_("Speaks"), options=CallSource.Preset.choices)
    token = Secret(_("Auth token, for Twilio only"), most=200)

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data, {"preset": CallSource.Preset.STANDARD})


@never_cache
@require_http_methods(["GET", "POST"])
@for_agents
def telephone(request: HttpRequest, agent: Agent) -> HttpResponse:
    """The list; a system made here shows its secret once."""
    only_who_may(agent, "connect telephone")
    form = SourceForm(sent(request))
    if not form.is_valid():
        return _page(request, agent, form)
    try:
        row, secret = make_source(agent, **form.cleaned_data, at=timezone.now())
    except ValueError as wrong:
        form.add_error(None, str(wrong))
        return _page(request, agent, form)
    return _page(request, agent, SourceForm(), made=row, secret=secret)


@require_POST
@for_agents
def telephone_end(request: HttpRequest, agent: Agent, source: int) -> HttpResponse:
    """From now on nothing of this system is taken."""
    only_who_may(agent, "connect telephone")
    end_connected(of_desk(agent, CallSource.objects.all(), source), at=timezone.now())
    messages.success(request, _("It is ended: what it sends is refused."))
    return HttpResponseRedirect(reverse("console-telephone"))


def _page(
    request: HttpRequest,
    agent: Agent,
    form: SourceForm,
    *,
    made: CallSource | None = None,
    secret: str = "",
) -> HttpResponse:
    key = agent.desk.key
    names = {"standard": "call-hook", "twilio": "call-hook-twilio", "exotel": "call-hook-exotel"}
    address = ""
    if made:
        parts = [key, secret] if made.preset == CallSource.Preset.EXOTEL else [key]
        address = settings.DESKBOOK_SITE_URL + reverse(names[made.preset], args=parts)
    return screen(
        request,
        agent,
        "calls/telephone.html",
        current="settings",
        status=form.status,
        form=form,
        sources=list(sources_of(agent.desk_id)),
        made=made,
        secret=secret,
        address=address,
    )
