"""Texts being typed, kept on the server as well: they survive a lost machine, not only a reload."""

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.views.decorators.http import require_POST

from deskbook.people.models import Agent
from deskbook.tickets.drafts import drop_texts, keep_draft
from deskbook.web.shared.drafts import no_room
from deskbook.web.shared.entering import for_agents

LONGEST = 200_000
CHOICES = ("act", "stage", "awaited_else", "base")
"""What belongs to a text beside its words: a note that came back as an answer would be mailed to
the customer, a book that was begun from another version would take that back unseen.
"""


@require_POST
@for_agents
def drafts(request: HttpRequest, agent: Agent) -> HttpResponse:
    """Keeps the text typed at a place and what was chosen with it; an empty text ends the draft."""
    place, text = request.POST.get("key", ""), request.POST.get("text", "")
    if not place or len(place) > 120 or len(text) > LONGEST:
        return HttpResponseBadRequest(
            "A draft needs a place of at most 120 characters and at most 200,000 of text."
        )
    if not keep_typed(request, agent, place):
        return HttpResponse(no_room(), status=409, content_type="text/plain; charset=utf-8")
    return HttpResponse(status=204)


def keep_typed(request: HttpRequest, agent: Agent, place: str) -> bool:
    """Keeps the text of a form and what was chosen with it; False where there is no room for
    more.
    """
    text = request.POST.get("text", "")[:LONGEST]
    if not text.strip():
        drop_texts(agent.user, place)
        return True
    chosen = {name: request.POST[name][:200] for name in CHOICES if request.POST.get(name)}
    return keep_draft(
        agent.user, place, {"text": text.replace("\x00", ""), **chosen}, in_place_of_all=True
    )
