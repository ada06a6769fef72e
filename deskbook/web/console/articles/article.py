"""One article in one language: what is published, what is new, its history, and what readers said
of it.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from deskbook.knowledge.feedback import reason_titles, tally
from deskbook.knowledge.markdown import rendered
from deskbook.knowledge.models import ArticleText, ArticleVersion, ArticleVote
from deskbook.knowledge.writing import (
    LANGUAGES,
    EditedMeanwhile,
    propose,
    publish,
    rename,
    restore,
    send_back,
    unpublish,
)
from deskbook.people.access import NoAccess, of_desk
from deskbook.people.models import Agent
from deskbook.web.console.articles.articles import audience_titles
from deskbook.web.console.shared.compared import compared
from deskbook.web.console.shared.frame import screen
from deskbook.web.shared import fields
from deskbook.web.shared.article_addresses import address_of
from deskbook.web.shared.entering import for_agents
from deskbook.web.shared.forms import Form, saved, sent
from deskbook.web.shared.languages import language_name

MOST_SAID = 50


class Asked(Form):
    """What is typed for an act with a text, and which versions were seen."""

    version, base = fields.Id(), fields.Id()
    slug, words = fields.Line(most=200), fields.Lines()


Act = Callable[[Asked, ArticleText, Agent, datetime], str]


@dataclass(frozen=True, slots=True)
class Said:
    """One vote of a reader, as its author reads it."""

    helpful: bool
    reasons: str
    words: str
    version: int
    at: datetime


@require_safe
@for_agents
def article(request: HttpRequest, agent: Agent, text: int) -> HttpResponse:
    """The text as it stands."""
    return article_page(request, agent, text_of(agent, text))


@require_safe
@for_agents
def versions(request: HttpRequest, agent: Agent, text: int) -> HttpResponse:
    """Two versions, line by line: `?from=1&to=3`; without, the published and the newest one."""
    row = text_of(agent, text)
    old = _version(row, request.GET.get("from", "")) or row.published or row.latest
    new = _version(row, request.GET.get("to", "")) or row.latest
    if old is None or new is None:
        raise NoAccess("no such version")
    return screen(
        request,
        agent,
        "article_versions.html",
        current="articles",
        text=row,
        old=old,
        new=new,
        lines=list(compared(whole(old), whole(new))),
        versions=list(row.versions.order_by("-number")[:200]),
    )


@require_POST
@for_agents
def article_act(request: HttpRequest, agent: Agent, text: int, act: str) -> HttpResponse:
    """Does one of the acts below with a text; what is refused is said on its page."""
    row, done = text_of(agent, text), _ACTS.get(act)
    if done is None:
        raise NoAccess("no such act")
    form = Asked(sent(request))
    try:
        said = saved(form, lambda: done(form, row, agent, timezone.now()))
    except EditedMeanwhile as first:
        said, form.refusal = None, meanwhile(first.theirs)
    if said is None:
        return article_page(request, agent, text_of(agent, text), form)
    messages.success(request, said)
    return HttpResponseRedirect(reverse("console-article", args=[text]))


def article_page(
    request: HttpRequest, agent: Agent, text: ArticleText, form: Asked | None = None
) -> HttpResponse:
    """Returns the page of a text; `form` says why an act was not done, and what was typed for it
    is there.
    """
    shown = text.proposed or text.latest
    form = form or Asked()
    context = {
        "text": text,
        "shown": shown,
        "html": rendered(shown.body) if shown else "",
        "refusal": form.refusal or " ".join(form.sentences()),
        "state": state_of(text),
        "spoken": language_name(text.language),
        "address": _address(text),
        "audience": audience_titles()[text.article.audience],
        "own": bool(shown and shown.written_by_id == agent.pk),
        "new": text.latest_id != text.published_id,
        "acts": list(_history(text)),
        "form": form,
        "siblings": _siblings(text),
        "missing": _missing(text),
        "tally": tally(text),
        "reasons": _reasons(text),
        "said": list(_said(text)),
        "read": text.readings.count(),
    }
    return screen(request, agent, "article.html", current="articles", status=form.status, **context)


def text_of(agent: Agent, number: int) -> ArticleText:
    """Returns a text of the agent's desk; raises NoAccess."""
    joined = (
        "article__desk",
        "latest__written_by__user",
        "published__written_by__user",
        "proposed__written_by__user",
    )
    return of_desk(
        agent, ArticleText.objects.select_related(*joined, "author__user").defer("search"), number
    )


def state_of(text: ArticleText) -> tuple[str, str]:
    """Returns what a text is, in a word, and its tone."""
    if text.proposed_id:
        return _("to review"), "amber"
    if text.published_id is None:
        return _("draft"), ""
    return (
        (_("published"), "green")
        if text.latest_id == text.published_id
        else (_("published, new draft"), "green")
    )


def whole(version: ArticleVersion) -> str:
    """Returns all that a version holds, as it is compared."""
    return f"{version.title}\n{version.keywords}\n\n{version.body}"


def meanwhile(theirs: ArticleVersion) -> str:
    """Returns the sentence for who is second."""
    return _("%(who)s saved version %(number)s in between. Look at it first.") % {
        "who": theirs.written_by,
        "number": theirs.number,
    }


def _proposing(asked: Asked, text: ArticleText, agent: Agent, at: datetime) -> str:
    propose(text, at=at, by=agent)
    return _("Another person can read and publish it now.")


def _publishing(asked: Asked, text: ArticleText, agent: Agent, at: datetime) -> str:
    publish(text, asked("version"), slug=asked("slug")[:200], at=at, by=agent)
    return _("Published.")


def _returning(asked: Asked, text: ArticleText, agent: Agent, at: datetime) -> str:
    send_back(text, asked("version"), asked("words"), at=at, by=agent)
    return _("Sent back to its author.")


def _withdrawing(asked: Asked, text: ArticleText, agent: Agent, at: datetime) -> str:
    unpublish(text, at=at, by=agent)
    return _("Taken back: nobody reads it any more.")


def _renaming(asked: Asked, text: ArticleText, agent: Agent, at: datetime) -> str:
    rename(text, asked("slug")[:200], at=at, by=agent)
    return _("The address is changed; the old one leads there.")


def _restoring(asked: Asked, text: ArticleText, agent: Agent, at: datetime) -> str:
    restore(text, asked("version"), base=asked("base"), at=at, by=agent)
    return _("The earlier version is the newest draft now.")


_ACTS: dict[str, Act] = {
    "proposal": _proposing,
    "publication": _publishing,
    "return": _returning,
    "withdrawal": _withdrawing,
    "address": _renaming,
    "restoration": _restoring,
}


def _version(text: ArticleText, number: str) -> ArticleVersion | None:
    if not number.isdecimal() or len(number) > 8:
        return None
    return text.versions.filter(number=int(number)).first()


def _address(text: ArticleText) -> str:
    return address_of(text) if text.slug and text.published_id else ""


def _history(text: ArticleText) -> Iterator[dict[str, Any]]:
    """Yields versions and acts, the newest first."""
    titles = {
        "proposed": _("proposed for review"),
        "sent back": _("sent back"),
        "published": _("published"),
        "withdrawn": _("taken back"),
        "restored": _("earlier version restored"),
        "renamed": _("address changed"),
    }
    saved: list[dict[str, Any]] = [
        {"at": v.at, "who": str(v.written_by), "what": _("saved"), "number": v.number, "words": ""}
        for v in text.versions.select_related("written_by__user").order_by("-number")[:100]
    ]
    done: list[dict[str, Any]] = [
        {
            "at": a.at,
            "who": str(a.by),
            "what": titles.get(a.kind, a.kind),
            "words": a.words,
            "number": a.version.number if a.version else 0,
        }
        for a in text.acts.select_related("by__user", "version").order_by("-pk")[:100]
    ]
    yield from sorted(done + saved, key=lambda entry: entry["at"], reverse=True)


def _siblings(text: ArticleText) -> list[tuple[str, str, tuple[str, str]]]:
    others = (
        ArticleText.objects.filter(article=text.article_id)
        .exclude(pk=text.pk)
        .select_related("latest")
    )
    return [
        (
            reverse("console-article", args=[other.pk]),
            f"{language_name(other.language)}: {other}",
            state_of(other),
        )
        for other in others.select_related("published").defer("search").order_by("language")
    ]


def _missing(text: ArticleText) -> list[tuple[str, str]]:
    there = set(
        ArticleText.objects.filter(article=text.article_id).values_list("language", flat=True)
    )
    return [(code, language_name(code)) for code in LANGUAGES if code not in there]


def _reasons(text: ArticleText) -> list[tuple[str, int]]:
    """Returns reason → how many gave it, the most given first."""
    titles = reason_titles()
    given = Counter(
        reason for reasons in text.votes.values_list("reasons", flat=True) for reason in reasons
    )
    return [(titles.get(reason, reason), count) for reason, count in given.most_common()]


def _said(text: ArticleText) -> Iterator[Said]:
    titles = reason_titles()
    votes = ArticleVote.objects.filter(text=text).select_related("version").order_by("-at", "-pk")
    for vote in votes.exclude(reasons=[], words="")[:MOST_SAID]:
        reasons = ", ".join(titles.get(reason, reason) for reason in vote.reasons)
        yield Said(vote.helpful, reasons, vote.words, vote.version.number, vote.at)
