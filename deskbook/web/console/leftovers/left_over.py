"""What is left over for a person, of every channel, in one list; beside it what waits to leave,
what work was given up, what came back for good, and what was left out.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from deskbook.channels.all import sorts_of_left_over
from deskbook.delivery.left_over import LeftOver, Place, Sort, counted, listed
from deskbook.jobs.given_up import by_kind
from deskbook.people.access import may
from deskbook.people.models import Agent
from deskbook.web.console.leftovers.rows import shown_rows
from deskbook.web.console.shared.frame import screen
from deskbook.web.shared.entering import for_agents

PAGE = 50
_LISTS_OF_BEFORE = {"held": "mail-in", "unsent": "mail-out"}


@dataclass(frozen=True, slots=True)
class Tab:
    """One list of the screen. What was left out needs nobody, and what came back is seen to at its
    ticket: they are not counted.
    """

    key: str
    title: str | Promise
    count: int | None = None


@require_safe
@for_agents
def left_overs(request: HttpRequest, agent: Agent) -> HttpResponse:
    """One list page by page: all that is left over, unless another is asked for."""
    show, words = request.GET.get("show", ""), request.GET.get("q", "").strip()[:200]
    asked, after = _asked(show, agent), _place(request.GET.get("after", ""))
    found = listed(asked, words=words, most=PAGE + 1, after=after) if asked else []
    sort = sorts_of_left_over().get(show)
    return screen(
        request,
        agent,
        "left_over.html",
        current="left-over",
        tabs=list(_tabs(agent, show)),
        show=show,
        rows=shown_rows(found[:PAGE], agent, settled=show == "came-back"),
        more=_behind(found[PAGE - 1]) if len(found) > PAGE else "",
        paged=after is not None,
        words=words,
        decides=may(agent, "settle left over"),
        all_of=sort.key if sort and sort.all_again else "",
        given_up=list(by_kind(agent)) if show == "given-up" and may(agent, "retry jobs") else [],
        discarded=request.GET.get("discarded", "").split(",") if "discarded" in request.GET else [],
    )


@require_safe
@for_agents
def moved(request: HttpRequest, agent: Agent, mail: int | None = None) -> HttpResponse:
    """Where the list of held mail, or one of them, was before: links in mails lead there."""
    if mail is not None:
        return HttpResponseRedirect(reverse("console-raw-mail", args=[mail]))
    show = request.GET.get("show", "")
    query = {"show": _LISTS_OF_BEFORE.get(show, show)} if show else {}
    return HttpResponseRedirect(reverse("console-left-over", query=query))


def _asked(show: str, agent: Agent) -> Mapping[Sort, QuerySet[Any]]:
    """What is to be listed, by its sort; nothing for a list that is no such rows."""
    sorts = sorts_of_left_over()
    if show == "waiting":
        return {sort: sort.waiting(agent) for sort in sorts.values() if sort.waiting}
    if show == "left-out":
        return {sort: sort.left_out(agent) for sort in sorts.values() if sort.left_out}
    if show == "came-back":
        return {sort: sort.came_back(agent) for sort in sorts.values() if sort.came_back}
    some = [sort for key, sort in sorts.items() if show in ("", key)]
    return {sort: sort.rows(agent) for sort in some}


def _tabs(agent: Agent, show: str) -> Iterator[Tab]:
    """All, each sort of which something is left over where that are several, and the other
    lists.
    """
    counts = counted(_asked("", agent))
    waiting = sum(counted(_asked("waiting", agent)).values())
    yield Tab("", _("All"), sum(counts.values()))
    some = [key for key, count in counts.items() if count]
    for key, sort in sorts_of_left_over().items():
        if key == show or (key in some and len(some) > 1):
            yield Tab(key, sort.title, counts[key])
    if waiting or show == "waiting":
        yield Tab("waiting", _("Waiting to leave"), waiting)
    times = sum(times for _kind, _words, times in by_kind(agent)) if may(agent, "retry jobs") else 0
    if times:
        yield Tab("given-up", _("Given up"), times)
    yield Tab("came-back", _("Came back"))
    yield Tab("left-out", _("Left out"))


def _behind(one: LeftOver) -> str:
    return f"{one.at.isoformat()} {one.sort.key} {one.row.pk}"


def _place(typed: str) -> Place | None:
    try:
        since, sort, row = typed.split(" ")
        at, number = datetime.fromisoformat(since), int(row)
    except ValueError:
        return None
    return (at, sort, number) if at.tzinfo and abs(number) < 2**63 else None
