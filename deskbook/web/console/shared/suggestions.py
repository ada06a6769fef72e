"""People and tickets found while typing; never a menu of thousands."""

from collections.abc import Iterable
from itertools import islice

from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html_join
from django.views.decorators.http import require_safe

from deskbook.people.models import Agent
from deskbook.tickets import numbered, queues
from deskbook.tickets.findings import known_findings
from deskbook.tickets.tags import known_tags
from deskbook.web.acts.whom import MOST, agents_like, contacts_like, words_of
from deskbook.web.shared.entering import for_agents


@require_safe
@for_agents
def agents(request: HttpRequest, agent: Agent) -> HttpResponse:
    found = agents_like(agent, request.GET.get("q", ""))[:MOST]
    return options((a.user.email, str(a.user), ", ".join(a.teams)) for a in found)


@require_safe
@for_agents
def contacts(request: HttpRequest, agent: Agent) -> HttpResponse:
    return options(contacts_like(agent, request.GET.get("q", "")))


@require_safe
@for_agents
def tickets(request: HttpRequest, agent: Agent) -> HttpResponse:
    words, own = request.GET.get("q", ""), request.GET.get("not", "")
    named = numbered.named(agent, words)
    found = [*named.tickets] if named else []
    if not (named and named.is_certain):
        found += queues.listed(queues.find(agent, words), most=MOST + 2)
    others = {ticket.id: ticket for ticket in found if ticket.name != own}
    return options(
        (
            ticket.name,
            f"{ticket.name} {ticket.subject}",
            ticket.requester,
        )
        for ticket in islice(others.values(), MOST)
    )


@require_safe
@for_agents
def findings(request: HttpRequest, agent: Agent) -> HttpResponse:
    rows = known_findings(agent).order_by("title")
    for word in words_of(request.GET.get("q", "")):
        rows = rows.filter(title__icontains=word)
    return options((finding.title, finding.title, finding.theme) for finding in rows[:MOST])


@require_safe
@for_agents
def tags(request: HttpRequest, agent: Agent) -> HttpResponse:
    """Tags that go on with what is typed behind the last comma; what stands before it stays."""
    before, comma, begun = request.GET.get("q", "")[:200].rpartition(",")
    stays = f"{before}{comma} " if comma else ""
    found = known_tags(agent, begun.strip(), most=MOST)
    return options((f"{stays}{tag}", tag, str(used)) for tag, used in found)


def options(found: Iterable[tuple[str, str, str]]) -> HttpResponse:
    """Returns what a field for typing shows: for each, what to fill in, what is read, and what
    tells it apart.
    """
    shown = '<span class="cut grow">{}</span><span class="small faint cut">{}</span>'
    option = f'<li role="option" data-value="{{}}">{shown}</li>'
    return HttpResponse(format_html_join("", option, found))
