"""Writing the next version of the book: for owners. What is typed is checked as `deskbook check`
does.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from deskbook.book.catalogue import chapters
from deskbook.book.reference import json_schema
from deskbook.people.access import only_who_may
from deskbook.people.models import Agent, BookVersion
from deskbook.tickets.drafts import keep_draft
from deskbook.web.console.book.aside import Stopped
from deskbook.web.console.book.drawing import drawings
from deskbook.web.console.book.writing import (
    Draft,
    Typed,
    draft_for,
    findings_in,
    has_errors,
    place_of,
    text_at,
)
from deskbook.web.console.shared.compared import Line, compared
from deskbook.web.console.shared.frame import screen
from deskbook.web.shared.entering import for_agents


@dataclass(frozen=True, slots=True)
class Shown:
    """The editor: what is in it, what was found, and why it came back."""

    draft: Draft
    found: Sequence[dict[str, Any]] | None = None
    """Nothing was asked yet: None."""
    refusal: str = ""
    theirs: BookVersion | None = None
    lines: tuple[Line, ...] = field(default=())
    """What another owner changed meanwhile."""


@require_http_methods(["GET", "HEAD", "POST"])
@for_agents
def book_edit(request: HttpRequest, agent: Agent) -> HttpResponse:
    """The editor; sent, the text is checked."""
    only_who_may(agent, "apply book")
    if request.method != "POST":
        return editor(request, agent, Shown(draft_for(agent)))
    draft = kept(agent, Typed(request).draft())
    try:
        return editor(request, agent, Shown(draft, findings_in(agent, draft.text)))
    except Stopped as stopped:
        return editor(request, agent, Shown(draft, refusal=str(stopped)), status=422)


@require_POST
@for_agents
def book_findings(request: HttpRequest, agent: Agent) -> HttpResponse:
    """What is found in the text as it is typed, and a text without errors drawn, for the script."""
    only_who_may(agent, "apply book")
    text = Typed(request).draft().text
    try:
        found = findings_in(agent, text)
    except Stopped as stopped:
        return JsonResponse({"stopped": str(stopped), "findings": [], "drawn": ""})
    drawn = "" if has_errors(found) else drawings(agent, text)
    return JsonResponse({"stopped": "", "findings": found, "drawn": drawn})


@require_safe
@for_agents
def book_schema(request: HttpRequest, agent: Agent) -> HttpResponse:
    """The JSON Schema of the book's language, from which the editor completes."""
    answer = JsonResponse(_schema(), json_dumps_params={"ensure_ascii": False})
    answer.headers["Cache-Control"] = "private, max-age=86400"
    return answer


@cache
def _schema() -> dict[str, Any]:
    return json_schema()


@require_safe
@for_agents
def book_codes(request: HttpRequest, agent: Agent) -> HttpResponse:
    """What each code of a finding means, by chapter."""
    return screen(request, agent, "book/codes.html", current="settings", chapters=chapters())


def kept(agent: Agent, draft: Draft) -> Draft:
    """Keeps a text that was sent until it is in force; returns it."""
    fields = {"text": draft.text.replace("\x00", ""), "base": str(draft.base)}
    keep_draft(agent.user, place_of(agent), fields, in_place_of_all=True)
    return draft


def editor(request: HttpRequest, agent: Agent, shown: Shown, *, status: int = 200) -> HttpResponse:
    """Returns the page of the editor."""
    newest = agent.desk.book_version
    return screen(
        request,
        agent,
        "book/edit.html",
        current="settings",
        status=status,
        shown=shown,
        newest=newest,
        is_changed=shown.draft.text != text_at(agent, newest),
        place=place_of(agent),
    )


def between(request: HttpRequest, agent: Agent, draft: Draft, theirs: BookVersion) -> HttpResponse:
    """Shows who put a version into force meanwhile and what it changed, beside the text as it was
    typed; sent once more, that follows theirs.
    """
    old = BookVersion.objects.filter(desk=agent.desk_id, number=draft.base).first()
    lines = tuple(compared(old.text if old else "", theirs.text))
    again = kept(agent, Draft(draft.text, theirs.number))
    return editor(request, agent, Shown(again, theirs=theirs, lines=lines), status=409)
