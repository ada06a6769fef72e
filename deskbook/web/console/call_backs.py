"""Whom the desk calls back, the one due first at the top; and calls nobody took."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from deskbook.channels.phone.models import Call
from deskbook.channels.phone.numbers import shown
from deskbook.channels.phone.taking_in import usual_time
from deskbook.people.access import of_desk
from deskbook.people.models import Agent
from deskbook.people.moments import zone_name
from deskbook.people.refusals import in_words
from deskbook.refusals.refusal import Refused
from deskbook.tickets.call_back_models import CallBack
from deskbook.tickets.call_backs import PAGE, call_backs_of, called_back, no_more_call, try_again
from deskbook.web.console.frame import screen
from deskbook.web.console.paging import page_behind
from deskbook.web.console.rows import due_state
from deskbook.web.console.seat import for_agents
from deskbook.web.console.typed import NotUnderstood, client_key, instant_typed
from deskbook.web.jinja import local_input

MOST_MISSED = 50


@require_safe
@for_agents
def call_backs(request: HttpRequest, agent: Agent) -> HttpResponse:
    """The list, a page at a time."""
    return _page(request, agent)


@require_POST
@for_agents
def call_back(request: HttpRequest, agent: Agent, row: int) -> HttpResponse:
    """Says how it went: reached, nobody answered and when again, or no more."""
    found = of_desk(
        agent, CallBack.objects.select_related("ticket__desk", "ticket__requester"), row
    )
    try:
        said = _settle(request, agent, found, at=timezone.now())
    except NotUnderstood as problem:
        return _page(request, agent, refusal=str(problem), about=row, status=422)
    except Refused as refused:
        return _page(request, agent, refusal=in_words(refused), about=row, status=409)
    messages.success(request, said)
    return HttpResponseRedirect(reverse("console-call-backs"))


@require_POST
@for_agents
def call_put_away(request: HttpRequest, agent: Agent, call: int) -> HttpResponse:
    """Takes a call from the screens: nothing needs to be done about it."""
    found = of_desk(agent, Call.objects.all(), call)
    Call.objects.filter(pk=found.pk, settled_at=None).update(settled_at=timezone.now())
    if request.headers.get("X-Part"):
        return HttpResponse(status=204)
    messages.success(request, _("Put away."))
    return HttpResponseRedirect(reverse("console-call-backs"))


def _settle(request: HttpRequest, agent: Agent, row: CallBack, *, at: datetime) -> str:
    given, key = request.POST, client_key(request)
    match given.get("how", ""):
        case "done":
            called_back(row, at=at, by=agent, key=key)
            return _("Called back.")
        case "no answer":
            again_at = instant_typed(given.get("again_at", ""), "again_at")
            try_again(row, again_at, reason=given.get("reason", ""), at=at, by=agent, key=key)
            return _("Nobody answered; it is on the list again.")
        case "withdraw":
            no_more_call(row, reason=given.get("reason", ""), at=at, by=agent, key=key)
            return _("The call-back was withdrawn.")
    raise NotUnderstood(how=_("Choose one of the answers."))


def _page(
    request: HttpRequest,
    agent: Agent,
    *,
    refusal: str = "",
    about: int | None = None,
    status: int = 200,
) -> HttpResponse:
    after = request.GET.get("after", "")
    found, behind = page_behind(call_backs_of(agent), "due_at", after, PAGE, first=True)
    missed = Call.objects.filter(desk=agent.desk_id, state=Call.State.MISSED, settled_at=None)
    now = timezone.now()
    return screen(
        request,
        agent,
        "calls/back.html",
        current="call-backs",
        status=status,
        refusal=refusal,
        about=about,
        rows=[
            (row, shown(row.number), due_state(row.due_at, "desk", is_open=True, now=now))
            for row in found
        ],
        missed=[
            (call, shown(call.number))
            for call in missed.select_related("contact", "agent__user").order_by(
                "-started_at", "-pk"
            )[:MOST_MISSED]
        ]
        if not after
        else [],
        after=behind,
        paged=bool(after),
        usual=local_input(usual_time(agent.desk, at=now)),
        zone=zone_name(timezone.localtime()),
    )
