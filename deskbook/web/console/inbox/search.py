"""Finding a ticket by its number or by words."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_safe

from deskbook.people.models import Agent
from deskbook.tickets import queues
from deskbook.tickets.queues import Wanted
from deskbook.web.console.shared.frame import screen
from deskbook.web.console.shared.rows import rows_of, url_of
from deskbook.web.console.shared.trail import page
from deskbook.web.shared.entering import for_agents


@require_safe
@for_agents
def search(request: HttpRequest, agent: Agent) -> HttpResponse:
    """What holds every word typed, the latest activity first; SPR-12 and #12 open that ticket, 12
    shows it first.
    """
    words, after = request.GET.get("q", "").strip()[:200], request.GET.get("after", "")
    named = queues.named(agent, words)
    if named and named.is_certain:
        return HttpResponseRedirect(url_of(named.ticket.name, {}))
    wanted = _wanted(request, agent, words)
    if named:
        wanted = wanted.where("ticket.id <> %(named)s", named=named.ticket.id)
    found, older, frame = page(agent, wanted, after, current="search")
    first = [named.ticket] if named and not after else []
    return screen(
        request,
        agent,
        "search.html",
        frame=frame,
        words=words,
        rows=rows_of([*first, *found], {}),
        more=older,
        paged=bool(after),
    )


def _wanted(request: HttpRequest, agent: Agent, words: str) -> Wanted:
    """Returns the open tickets of a requester, or those that hold the words."""
    requester = request.GET.get("requester", "")
    if requester.isdecimal() and len(requester) < 18:
        return queues.of_requester(agent, int(requester))
    return queues.find(agent, words)
