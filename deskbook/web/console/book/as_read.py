"""How a text reads to requesters and to agents, before it is in force: for owners."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from deskbook.people.access import only_who_may
from deskbook.people.models import Agent
from deskbook.web.console.book.aside import Stopped
from deskbook.web.console.book.drawing import reader_of
from deskbook.web.console.book.editing import Shown, editor, kept
from deskbook.web.console.book.writing import (
    Typed,
    draft_for,
    findings_in,
    has_errors,
)
from deskbook.web.console.shared.frame import screen
from deskbook.web.policy.policy import manual_of, policy
from deskbook.web.shared.entering import for_agents


@require_http_methods(["GET", "HEAD", "POST"])
@for_agents
def book_as_read(request: HttpRequest, agent: Agent) -> HttpResponse:
    """The policy and the manual that the text would make; a text with errors is shown with them."""
    only_who_may(agent, "apply book")
    draft = draft_for(agent)
    if request.method == "POST":
        draft = kept(agent, Typed(request).draft())
    try:
        found = findings_in(agent, draft.text)
    except Stopped as stopped:
        return editor(request, agent, Shown(draft, refusal=str(stopped)), status=422)
    if has_errors(found):
        return editor(request, agent, Shown(draft, found), status=422)
    reader = reader_of(agent, draft.text)
    return screen(
        request,
        agent,
        "book/as_read.html",
        current="settings",
        policy_sections=policy(reader),
        manual_sections=manual_of(reader),
    )
