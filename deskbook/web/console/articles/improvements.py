"""What the desk makes better: the list of findings by theme."""

from itertools import groupby

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from deskbook.knowledge.reasons import said_of
from deskbook.people.access import may, of_desk
from deskbook.people.models import Agent
from deskbook.people.refusals import in_words
from deskbook.refusals.refusal import Refused
from deskbook.tickets.findings import change_state, findings_of
from deskbook.tickets.improvement_models import Finding
from deskbook.web.console.shared.frame import screen
from deskbook.web.shared.entering import for_agents

MOST = 300
"""Findings on one screen; a desk with more has stopped reading them."""


@require_safe
@for_agents
def improvements(request: HttpRequest, agent: Agent) -> HttpResponse:
    """The findings by theme, each with its tickets and how many of their ratings are bad."""
    over = request.GET.get("state") == "over"
    found = list(findings_of(agent, current=not over)[:MOST])
    themes = [
        (theme, list(rows)) for theme, rows in groupby(found, key=lambda finding: finding.theme)
    ]
    return screen(
        request,
        agent,
        "improvements.html",
        current="improvements",
        themes=themes,
        over=over,
        readers=said_of(found),
        states=state_titles(),
        titles=dict(state_titles()),
        leads=may(agent, "steer improvements"),
    )


@require_POST
@for_agents
def finding_state(request: HttpRequest, agent: Agent, finding: int) -> HttpResponse:
    """Takes how far a finding is; for leads."""
    row = of_desk(agent, Finding.objects.all(), finding)
    try:
        change_state(row, request.POST.get("state", ""), by=agent)
    except Refused as refused:
        messages.error(request, in_words(refused))
    else:
        messages.success(request, _("Saved."))
    return HttpResponseRedirect(reverse("console-findings"))


def state_titles() -> tuple[tuple[str, str], ...]:
    return (
        ("open", _("open")),
        ("doing", _("doing")),
        ("done", _("done")),
        ("declined", _("declined")),
    )
