"""One search: tickets by their number or by words, and the people, organisations and articles that
are called so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from deskbook.channels.phone.callers import Caller, callers_like
from deskbook.knowledge.models import Article
from deskbook.knowledge.search import find
from deskbook.people.models import Agent, Organisation
from deskbook.tickets import numbered, queues
from deskbook.tickets.queues import Wanted
from deskbook.web.console.inbox.operators import OPERATORS, Asked, taken_apart, wanted_of
from deskbook.web.console.shared.frame import screen
from deskbook.web.console.shared.rows import rows_of, url_of
from deskbook.web.console.shared.trail import page
from deskbook.web.shared.entering import for_agents
from deskbook.web.shared.fields import NotUnderstood
from deskbook.web.shared.languages import language_name

MOST = 25
KINDS = ("people", "articles")
"""What is looked for beside tickets, each on a page of its own."""


@dataclass(frozen=True, slots=True)
class Others:
    """What is called by the words and is no ticket."""

    people: Sequence[Caller] = ()
    organisations: Sequence[Organisation] = ()
    articles: Sequence[tuple[str, str, str]] = ()
    """Address, title and language."""

    def __bool__(self) -> bool:
        return bool(self.people or self.organisations or self.articles)


@require_safe
@for_agents
def search(request: HttpRequest, agent: Agent) -> HttpResponse:
    """What holds every word typed, the latest activity first; SPR-12 and #12 open that ticket, 12
    shows it first, and what was called 12 where it came from.
    """
    asked, kind = taken_apart(request.GET.get("q", "").strip()[:200]), request.GET.get("of", "")
    if kind in KINDS and asked.typed:
        found = others_like(agent, asked.words or asked.typed, (kind,))
        return _screen(request, agent, asked, of=kind, others=found)
    named = numbered.named(agent, asked.typed)
    if named and named.is_certain:
        return HttpResponseRedirect(url_of(named.tickets[0].name, {}))
    try:
        wanted = _wanted(request, agent, asked)
    except NotUnderstood as wrong:
        return _screen(request, agent, asked, refusal=str(wrong), status=422)
    return _tickets(request, agent, asked, wanted, named)


def _tickets(
    request: HttpRequest, agent: Agent, asked: Asked, wanted: Wanted, named: numbered.Named | None
) -> HttpResponse:
    after = request.GET.get("after", "")
    if named:
        ids = [one.id for one in named.tickets]
        wanted = wanted.where("ticket.id <> all(%(named)s)", named=ids)
    found, older, frame = page(agent, wanted, after, current="search")
    first = named.tickets if named and not after else ()
    rows = rows_of([*first, *found], {})
    others = None if rows or after else others_like(agent, asked.words, KINDS)
    return _screen(
        request, agent, asked, frame=frame, rows=rows, more=older, paged=bool(after), others=others
    )


def _wanted(request: HttpRequest, agent: Agent, asked: Asked) -> Wanted:
    """Returns the open tickets of a requester, or what was asked for."""
    requester = request.GET.get("requester", "")
    if requester.isdecimal() and len(requester) < 18:
        return queues.of_requester(agent, int(requester))
    return wanted_of(agent, asked)


def others_like(agent: Agent, words: str, kinds: Sequence[str]) -> Others:
    """Returns what of the agent's desk is called so: people and organisations, articles."""
    if not words:
        return Others()
    of_people = "people" in kinds
    return Others(
        callers_like(agent, words, most=MOST) if of_people else (),
        organisations_like(agent, words) if of_people else (),
        _articles(agent, words) if "articles" in kinds else (),
    )


def organisations_like(agent: Agent, words: str) -> list[Organisation]:
    """Returns the desk's organisations in whose name every word stands, by name."""
    found = Organisation.objects.filter(desk=agent.desk_id)
    for word in words.split()[:8]:
        found = found.filter(name__icontains=word)
    return list(found.order_by("name")[:MOST])


def _articles(agent: Agent, words: str) -> list[tuple[str, str, str]]:
    everybody = Article.Audience.values
    hits = find(agent.desk_id, words, language=get_language() or "", audiences=everybody, most=MOST)
    return [
        (reverse("console-article", args=[text.pk]), str(text), language_name(text.language))
        for text in (hit.text for hit in hits)
    ]


def _screen(
    request: HttpRequest, agent: Agent, asked: Asked, *, status: int = 200, **shown: Any
) -> HttpResponse:
    usual = {"of": "", "words": asked.typed, "operators": OPERATORS, "today": timezone.localdate()}
    return screen(
        request, agent, "search.html", current="search", status=status, **{**usual, **shown}
    )
