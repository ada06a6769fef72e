"""Jira at the console: what is left over for a person, and on a ticket, its issue with a note for
the people there.
"""

from typing import TypeVar

from django.contrib import messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from deskbook.bridges.jira.incoming import take_event
from deskbook.bridges.jira.models import JiraAct, JiraEvent, JiraIssue
from deskbook.bridges.jira.outgoing import try_again
from deskbook.bridges.jira.settings import failed_acts, held_events, link_of
from deskbook.delivery import inbox
from deskbook.delivery.outbox import drop
from deskbook.delivery.states import Taken
from deskbook.people.access import NoAccess, may, only_who_may
from deskbook.people.models import Agent
from deskbook.people.refusals import in_words
from deskbook.web.console.shared.frame import screen
from deskbook.web.console.shared.left_of_jira import MOST, left_acts, left_events
from deskbook.web.shared.seat import for_agents

Row = TypeVar("Row", bound=Model)


@require_safe
@for_agents
def bridges(request: HttpRequest, agent: Agent) -> HttpResponse:
    """What could not be done at Jira, what Jira told and the book refused, and the way to the
    settings.
    """
    link = link_of(agent.desk)
    return screen(
        request,
        agent,
        "bridges/bridges.html",
        current="bridges",
        link=link,
        failed=left_acts(failed_acts(agent.desk)[:MOST]),
        held=left_events(held_events(agent.desk)[:MOST]),
        issues=JiraIssue.objects.filter(link=link).exclude(key="").count() if link else 0,
        may_connect=may(agent, "connect gateways"),
        leads=may(agent, "steer bridges"),
    )


@require_POST
@for_agents
def act_retrial(request: HttpRequest, agent: Agent, act: int) -> HttpResponse:
    if try_again(_one(failed_acts(agent.desk), act), at=timezone.now()):
        messages.success(request, _("It is tried again. If it fails, it comes back here."))
    return _back(request)


@require_POST
@for_agents
def act_dropping(request: HttpRequest, agent: Agent, act: int) -> HttpResponse:
    only_who_may(agent, "steer bridges")
    found = _one(failed_acts(agent.desk), act)
    if drop(JiraAct.objects.filter(pk=found.pk), at=timezone.now(), by=agent):
        messages.success(request, _("Discarded."))
    return _back(request)


@require_POST
@for_agents
def event_retrial(request: HttpRequest, agent: Agent, event: int) -> HttpResponse:
    row = take_event(_one(held_events(agent.desk), event).pk)
    if row.state == Taken.HELD:
        messages.error(request, in_words(row.reason))
    else:
        messages.success(request, _("Done."))
    return _back(request)


@require_POST
@for_agents
def event_dropping(request: HttpRequest, agent: Agent, event: int) -> HttpResponse:
    only_who_may(agent, "steer bridges")
    found = _one(held_events(agent.desk), event)
    if inbox.drop(JiraEvent.objects.filter(pk=found.pk), by=agent):
        messages.success(request, _("Discarded."))
    return _back(request)


def _one(rows: QuerySet[Row], number: int) -> Row:
    found = rows.filter(pk=number).first()
    if found is None:
        raise NoAccess("no such thing at this desk")
    return found


def _back(request: HttpRequest) -> HttpResponse:
    """To the ticket the button stood on, else to the list."""
    number = request.POST.get("ticket", "")
    return HttpResponseRedirect(
        reverse("console-ticket", args=[number]) if number else reverse("console-bridges")
    )
