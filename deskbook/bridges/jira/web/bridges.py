"""How far the desk's bridges are in step, and the way to their settings."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from deskbook.bridges.jira.models import JiraIssue
from deskbook.bridges.jira.settings import link_of
from deskbook.people.access import may
from deskbook.people.models import Agent
from deskbook.web.console.shared.frame import screen
from deskbook.web.shared.seat import for_agents


@require_safe
@for_agents
def bridges(request: HttpRequest, agent: Agent) -> HttpResponse:
    """The link to Jira: how many cases it mirrors, and what is wrong with it."""
    link = link_of(agent.desk)
    return screen(
        request,
        agent,
        "bridges/bridges.html",
        current="bridges",
        link=link,
        issues=JiraIssue.objects.filter(link=link).exclude(key="").count() if link else 0,
        may_connect=may(agent, "connect gateways"),
    )
