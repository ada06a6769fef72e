"""What stands around the answer box while somebody writes in it: who gets it, and how it reads."""

from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.views.decorators.http import require_POST, require_safe

from deskbook.people.access import may
from deskbook.people.models import Agent
from deskbook.tickets.formatting import message_html
from deskbook.tickets.messages import LONGEST_TEXT
from deskbook.tickets.models import Ticket
from deskbook.web.acts.people import Followers
from deskbook.web.acts.subject import Subject
from deskbook.web.console.shared.frame import part
from deskbook.web.console.shared.trail import trail_of
from deskbook.web.console.ticket.ticket import fresh_composer
from deskbook.web.shared.entering import for_agents, on_a_ticket
from deskbook.web.uploads import OF_AGENTS, limits


@require_safe
@on_a_ticket
def composing(request: HttpRequest, agent: Agent, ticket: Ticket) -> HttpResponse:
    """Returns whom an answer goes to, to be changed as by `Followers`, and what a text is formatted
    by. It is asked for once somebody writes: most who open a ticket read it.
    """
    subject = Subject(ticket, agent)
    return part(
        request,
        agent,
        "composing.html",
        number=str(ticket),
        compose=fresh_composer(subject),
        may_change=may(agent, "change followers") and Followers.offered(subject),
        trail=trail_of(request),
        within=OF_AGENTS,
        limits=limits(OF_AGENTS),
    )


@require_POST
@for_agents
def preview(request: HttpRequest, agent: Agent) -> HttpResponse:
    """Returns the HTML of what is being written, as its readers will see it."""
    text = request.POST.get("text", "")[:LONGEST_TEXT]
    if "formatted" not in request.POST:
        return HttpResponse(format_html('<div class="plain">{}</div>', text))
    return HttpResponse(message_html(text))
