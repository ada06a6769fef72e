"""Whom the desk calls back, the one due first at the top; and calls nobody took."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from deskbook.channels.phone.models import Call
from deskbook.people.access import of_desk, seen_by
from deskbook.people.models import Agent
from deskbook.people.numbers import shown
from deskbook.tickets.call_backs import PAGE, call_backs_of, what_they_are_about
from deskbook.web.acts.act import Act
from deskbook.web.acts.promises import CalledBack
from deskbook.web.acts.registry import ready
from deskbook.web.acts.subject import Subject
from deskbook.web.console.shared.frame import screen
from deskbook.web.console.shared.rows import due_state
from deskbook.web.shared.entering import for_agents
from deskbook.web.shared.paging import page_behind

MOST_MISSED = 50


@require_safe
@for_agents
def call_backs(request: HttpRequest, agent: Agent) -> HttpResponse:
    """The list, a page at a time."""
    return call_backs_page(request, agent)


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


def call_backs_page(
    request: HttpRequest, agent: Agent, *, again: Act | None = None, status: int = 200
) -> HttpResponse:
    """Returns the list; `again` is what was said of a row and not accepted, as it was typed."""
    after = request.GET.get("after", "")
    found, behind = page_behind(call_backs_of(agent), "due_at", after, PAGE, first=True)
    states = {row.pk: due_state(row.due_at, "desk", is_open=True) for row in found}
    forms = {
        row.pk: ready(CalledBack, Subject(row.ticket, agent), again, row=str(row.pk))
        for row in found
    }
    about = what_they_are_about(found)
    rows = [
        (row, shown(row.number), about.get(row.pk, ""), states[row.pk], forms[row.pk])
        for row in found
    ]
    elsewhere = again if again and again not in forms.values() else None
    return screen(
        request,
        agent,
        "calls/back.html",
        current="call-backs",
        status=status,
        refusal=elsewhere.refusal or " ".join(elsewhere.sentences()) if elsewhere else "",
        rows=rows,
        missed=[] if after else _missed(agent),
        after=behind,
        paged=bool(after),
    )


def _missed(agent: Agent) -> list[tuple[Call, str]]:
    calls = Call.objects.filter(desk=agent.desk_id, state=Call.State.MISSED, settled_at=None)
    newest = (
        seen_by(agent, calls, "ticket__")
        .select_related("contact", "agent__user")
        .order_by("-started_at", "-pk")
    )
    return [(call, shown(call.number)) for call in newest[:MOST_MISSED]]
