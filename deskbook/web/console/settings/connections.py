"""What connects the desk to others, for owners of the book: each with the screen where it is set
up.
"""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from deskbook.people.access import only_who_may
from deskbook.people.models import Agent
from deskbook.web.console.shared.frame import screen
from deskbook.web.shared.connected import on_the_web
from deskbook.web.shared.entering import for_agents


@require_safe
@for_agents
def connections(request: HttpRequest, agent: Agent) -> HttpResponse:
    """Shows what there is to connect."""
    only_who_may(agent, "connect gateways")
    offered = [one for one in on_the_web() if one.settings]
    return screen(request, agent, "connections.html", current="connections", offered=offered)
