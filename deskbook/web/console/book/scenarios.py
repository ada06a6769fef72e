"""Scenarios played against the text that is being written, as `deskbook play` does: for owners."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from deskbook.people.access import only_who_may
from deskbook.people.models import Agent
from deskbook.tickets.drafts import draft_at, keep_draft
from deskbook.web.console.book.aside import Stopped, asked
from deskbook.web.console.book.writing import Typed, draft_for
from deskbook.web.console.shared.frame import screen
from deskbook.web.shared.entering import for_agents


@require_http_methods(["GET", "HEAD", "POST"])
@for_agents
def book_scenarios(request: HttpRequest, agent: Agent) -> HttpResponse:
    """The scenarios somebody wrote; sent, they are played on the engine in a made-up time."""
    only_who_may(agent, "apply book")
    place, draft = f"scenarios {agent.desk.key}", draft_for(agent)
    if request.method != "POST":
        kept = draft_at(agent.user_id, place)
        text = str(kept.fields.get("text", "")) if kept else ""
        return _shown(request, agent, text, place, base=draft.base)
    text = Typed(request).draft().text
    keep_draft(agent.user, place, {"text": text.replace("\x00", "")}, in_place_of_all=True)
    book, own = f"{agent.desk.key}.yaml", f"{agent.desk.key}/own.scenario.yaml"
    try:
        played = asked("play", {book: draft.text, own: text}, own)
    except Stopped as stopped:
        why = str(stopped)
        return _shown(request, agent, text, place, base=draft.base, refusal=why, status=422)
    return _shown(request, agent, text, place, base=draft.base, played=played)


def _shown(
    request: HttpRequest,
    agent: Agent,
    text: str,
    place: str,
    *,
    status: int = 200,
    refusal: str = "",
    **more: Any,
) -> HttpResponse:
    shown = {"text": text, "place": place, "refusal": refusal, "played": None, **more}
    return screen(request, agent, "book/scenarios.html", current="settings", status=status, **shown)
