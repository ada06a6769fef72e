"""Finding a ticket by its number or by words."""

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_safe

from deskbook.people.models import Agent
from deskbook.tickets import queues
from deskbook.tickets.models import Ticket
from deskbook.web.console.frame import screen
from deskbook.web.console.inbox import key_behind, page
from deskbook.web.console.rows import rows_of, url_of
from deskbook.web.console.seat import for_agents


@require_safe
@for_agents
def search(request: HttpRequest, agent: Agent) -> HttpResponse:
    """What holds every word typed, the latest activity first; a whole ticket number opens that ticket."""
    words, after = request.GET.get("q", "").strip()[:200], request.GET.get("after", "")
    tickets, order = _found(request, agent, words)
    found = page(tickets, order, after)
    if len(found) == 1 and not after and _names(agent, found[0]["number"], words):
        return HttpResponseRedirect(url_of(f"{agent.desk.prefix}-{found[0]['number']}", {}))
    return screen(
        request, agent, "search.html", current="search", words=words, rows=rows_of(found[: queues.PAGE], {}),
        more=key_behind(found, order), paged=bool(after),
    )  # fmt: skip


def _found(request: HttpRequest, agent: Agent, words: str) -> tuple[QuerySet[Ticket], str]:
    """Returns the tickets and the queue in whose order they come: by activity as the closed, or by what is due."""
    requester = request.GET.get("requester", "")
    if requester.isdecimal() and len(requester) < 18:
        them = Q(requester=int(requester)) | Q(requester__merged_into=int(requester))
        return queues.queue(agent, "open").filter(them), "open"
    return (queues.find(agent, words) if words else Ticket.objects.none()), "closed"


def _names(agent: Agent, number: int, words: str) -> bool:
    return words.casefold() in (f"{agent.desk.prefix}-{number}".casefold(), str(number), f"#{number}")
