"""Finding a ticket by its number or by words."""

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_safe

from deskbook.people.models import Agent
from deskbook.tickets import queues
from deskbook.tickets.models import Ticket
from deskbook.web.console.shared.frame import screen
from deskbook.web.console.shared.rows import Values, rows_of, url_of
from deskbook.web.console.shared.trail import key_behind, page
from deskbook.web.shared.seat import for_agents


@require_safe
@for_agents
def search(request: HttpRequest, agent: Agent) -> HttpResponse:
    """What holds every word typed, the latest activity first; SPR-12 and #12 open that ticket, 12
    shows it first.
    """
    words, after = request.GET.get("q", "").strip()[:200], request.GET.get("after", "")
    named = queues.named(agent, words)
    if named and named.is_certain:
        return HttpResponseRedirect(url_of(str(named.ticket), {}))
    tickets, order = _found(request, agent, words)
    first: list[Values] = []
    if named:
        first = [] if after else page(Ticket.objects.filter(pk=named.ticket.pk), order, "")
        tickets = tickets.exclude(pk=named.ticket.pk)
    found = page(tickets, order, after)
    return screen(
        request,
        agent,
        "search.html",
        current="search",
        words=words,
        rows=rows_of(first + found[: queues.PAGE], {}),
        more=key_behind(found, order),
        paged=bool(after),
    )


def _found(request: HttpRequest, agent: Agent, words: str) -> tuple[QuerySet[Ticket], str]:
    """Returns the tickets and the queue in whose order they come: by activity as the closed, or by
    what is due.
    """
    requester = request.GET.get("requester", "")
    if requester.isdecimal() and len(requester) < 18:
        them = Q(requester=int(requester)) | Q(requester__merged_into=int(requester))
        return queues.queue(agent, "open").filter(them), "open"
    return (queues.find(agent, words) if words else Ticket.objects.none()), "closed"
