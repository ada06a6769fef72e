"""The queues."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from deskbook.people.models import Agent
from deskbook.web.console.shared.frame import screen
from deskbook.web.console.shared.listing import listing, side_by_side
from deskbook.web.console.shared.trail import trail_of
from deskbook.web.shared.entering import for_agents


@require_safe
@for_agents
def inbox(request: HttpRequest, agent: Agent) -> HttpResponse:
    """One queue, the most urgent ticket first, page by page."""
    trail = trail_of(request)
    trail.setdefault("queue", "mine")
    beside = side_by_side(request)
    return screen(request, agent, "inbox.html", side_by_side=beside, **listing(agent, trail))
