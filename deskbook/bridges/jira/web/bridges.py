"""How far the desk's bridges are in step, and the way to their settings."""

from datetime import datetime
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from deskbook.bridges.jira.models import JiraAct, JiraIssue
from deskbook.bridges.jira.settings import failed_acts, held_events, link_of, waiting_acts
from deskbook.delivery.states import LEAVES_BY_ITSELF
from deskbook.people.access import may
from deskbook.people.models import Agent
from deskbook.web.console.shared.frame import screen
from deskbook.web.shared.entering import for_agents


class Waiting(NamedTuple):
    """What Jira has not taken yet and is tried again by itself."""

    acts: int
    since: datetime
    why: str


@require_safe
@for_agents
def bridges(request: HttpRequest, agent: Agent) -> HttpResponse:
    """The link to Jira: how many cases it mirrors, what is wrong with it, and what waits."""
    link = link_of(agent.desk)
    return screen(
        request,
        agent,
        "bridges/bridges.html",
        current="settings",
        link=link,
        issues=JiraIssue.objects.filter(link=link).exclude(key="").count() if link else 0,
        waiting=_waiting(agent),
        left=failed_acts(agent.desk).count() + held_events(agent.desk).count() if link else 0,
        may_connect=may(agent, "connect gateways"),
    )


def _waiting(agent: Agent) -> Waiting | None:
    """With those that have not been tried yet because they come after one that was."""
    tried = waiting_acts(agent.desk).order_by("queued_at", "pk").first()
    if tried is None:
        return None
    acts = JiraAct.objects.filter(issue__link__desk=agent.desk, state__in=LEAVES_BY_ITSELF)
    return Waiting(acts.count(), tried.queued_at, tried.reason)
