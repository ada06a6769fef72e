"""What connects the desk to others, each with the screen where it is set up: gateways for owners of
the book, tokens for every agent.
"""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from deskbook.people.access import may
from deskbook.people.models import Agent
from deskbook.web.console.shared.frame import screen
from deskbook.web.shared.connected import on_the_web
from deskbook.web.shared.entering import for_agents


@require_safe
@for_agents
def connections(request: HttpRequest, agent: Agent) -> HttpResponse:
    """Shows what there is to connect."""
    gateways = may(agent, "connect gateways")
    offered = [one for one in on_the_web() if one.settings and gateways]
    return screen(
        request,
        agent,
        "connections.html",
        current="connections",
        offered=offered,
        moves_in=may(agent, "move in"),
    )
