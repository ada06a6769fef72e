"""The desk's articles: what is published, what is being written, what waits for a reader, what no
article answered.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Count, F, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from deskbook.knowledge.deflection import deflections
from deskbook.knowledge.gaps import open_gaps, settle
from deskbook.knowledge.models import ArticleText, Gap
from deskbook.people.access import of_desk
from deskbook.people.models import Agent
from deskbook.web.acts.whom import words_of
from deskbook.web.console.shared.frame import screen
from deskbook.web.shared.entering import for_agents
from deskbook.web.shared.languages import language_name

MOST = 300
COUNTED = timedelta(days=90)
LISTS = ("published", "drafts", "review", "gaps")


@dataclass(frozen=True, slots=True)
class Row:
    """One text of the list."""

    url: str
    title: str
    language: str
    audience: str
    tone: str
    author: str
    changed_at: datetime
    helpful: int
    not_helpful: int


@dataclass(frozen=True, slots=True)
class GapRow:
    """One thing no article answered: a ticket, or words searched."""

    id: int
    words: str
    ticket: str
    times: int
    who: str
    at: datetime
    write: str
    begun: str


@require_safe
@for_agents
def articles(request: HttpRequest, agent: Agent) -> HttpResponse:
    """One of the lists, how many each has, and how it ended for those who read an article while
    writing a case.
    """
    asked = request.GET.get("list", "published")
    chosen, words = asked if asked in LISTS else "published", request.GET.get("q", "").strip()[:100]
    at = timezone.now()
    texts = [] if chosen == "gaps" else _page(_texts(agent), chosen, words)
    return screen(
        request,
        agent,
        "articles.html",
        current="articles",
        chosen=chosen,
        words=words,
        counts=_counts(agent),
        rows=list(_rows(texts)),
        gaps=list(_gaps(agent)) if chosen == "gaps" else [],
        deflected=deflections(agent.desk, at - COUNTED, at=at),
        days=COUNTED.days,
    )


@require_POST
@for_agents
def gap_settling(request: HttpRequest, agent: Agent, gap: int) -> HttpResponse:
    """Takes something from the list of what no article answered, without an article."""
    settle(of_desk(agent, Gap.objects.all(), gap), at=timezone.now())
    messages.success(request, _("Taken from the list."))
    return HttpResponseRedirect(f"{reverse('console-articles')}?list=gaps")


def audience_titles() -> dict[str, str]:
    """Returns audience → what agents read."""
    return {"public": _("everybody"), "requesters": _("requesters"), "agents": _("agents")}


def _texts(agent: Agent) -> QuerySet[ArticleText]:
    texts = ArticleText.objects.filter(desk=agent.desk_id).select_related(
        "article", "latest", "published", "author__user"
    )
    yes = Count("votes", filter=Q(votes__helpful=True))
    no = Count("votes", filter=Q(votes__helpful=False))
    return texts.defer("search", "latest__body", "published__body").annotate(yes=yes, no=no)


def _page(texts: QuerySet[ArticleText], chosen: str, words: str) -> Iterable[ArticleText]:
    for word in words_of(words):
        texts = texts.filter(latest__title__icontains=word)
    texts = texts.filter(_which(chosen))
    if chosen == "published":
        return texts.order_by(F("no").desc(), "published__title", "pk")[:MOST]
    return texts.order_by("-changed_at", "-pk")[:MOST]


def _which(chosen: str) -> Q:
    if chosen == "published":
        return ~Q(published=None)
    if chosen == "review":
        return ~Q(proposed=None)
    return Q(proposed=None) & (Q(published=None) | ~Q(latest=F("published")))


def _counts(agent: Agent) -> dict[str, int]:
    texts = ArticleText.objects.filter(desk=agent.desk_id)
    counted = texts.aggregate(
        **{f"n_{name}": Count("pk", filter=_which(name)) for name in LISTS if name != "gaps"}
    )
    found = {name.removeprefix("n_"): count for name, count in counted.items()}
    return {**found, "gaps": open_gaps(agent).order_by().count()}


def _rows(texts: Iterable[ArticleText]) -> Iterator[Row]:
    titles = audience_titles()
    for text in texts:
        counted = vars(text)
        yield Row(
            reverse("console-article", args=[text.pk]),
            text.latest.title if text.latest else "",
            language_name(text.language),
            titles[text.article.audience],
            "" if text.article.audience == "public" else "amber",
            str(text.author),
            text.changed_at,
            counted["yes"],
            counted["no"],
        )


def _gaps(agent: Agent) -> Iterator[GapRow]:
    for gap in open_gaps(agent)[:MOST]:
        begun = reverse("console-article", args=[gap.text_id]) if gap.text_id else ""
        yield GapRow(
            gap.pk,
            gap.words or (gap.ticket.subject if gap.ticket else ""),
            str(gap.ticket or ""),
            gap.times,
            str(gap.made_by or ""),
            gap.at,
            f"{reverse('console-article-new')}?{urlencode({'gap': gap.pk})}",
            begun,
        )
