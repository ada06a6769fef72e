"""Writing articles: drafts that lose nothing, a second person who reads and publishes, a history to
go back in.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction

from deskbook.engine.quoting import short
from deskbook.knowledge.models import Article, ArticleAct, ArticleText, ArticleVersion, Gap
from deskbook.knowledge.search import index
from deskbook.knowledge.slugs import give_slug
from deskbook.people.books import desk_in_force
from deskbook.people.models import Agent
from deskbook.people.turns import take_turns
from deskbook.refusals.refusal import Refused

LONGEST_TITLE = 200
LONGEST_BODY = 30_000
"""Characters: a page stays small enough for a phone on 2G."""
LONGEST_KEYWORDS = 500
_WIDTH = ("agents", "requesters", "public")
LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)


@dataclass(frozen=True, slots=True)
class Draft:
    """What an author typed."""

    title: str
    body: str
    keywords: str = ""


@dataclass(frozen=True, slots=True)
class Sorting:
    """Who may read an article and what it is sorted as, in the book's words."""

    audience: str = Article.Audience.PUBLIC
    facets: Mapping[str, str] | None = None


class EditedMeanwhile(Exception):
    """Somebody saved the text after the writer had opened it. Theirs is `theirs`; nothing was
    written.
    """

    def __init__(self, theirs: ArticleVersion) -> None:
        super().__init__("somebody saved it in between")
        self.theirs = theirs


def begun_before(key: str, draft: Draft) -> ArticleText | None:
    """Returns the text that the form with this key began with these words; other words in it begin
    another.

    Call it first in the transaction that begins one: who sends the form again waits here for the
    first.
    """
    take_turns(key)
    begun = (
        ArticleVersion.objects.filter(text__key=key, number=1).select_related("text") if key else ()
    )
    return next((version.text for version in begun if _same(version, draft)), None)


@transaction.atomic
def begin_article(
    language: str, draft: Draft, sorting: Sorting, *, at: datetime, by: Agent, key: str = ""
) -> ArticleText:
    """Begins an article of the agent's desk and returns its text in `language`, a draft. Raises
    Refused.
    """
    _refuse_sorting(sorting, by)
    article = Article.objects.create(
        desk=by.desk, audience=sorting.audience, facets=dict(sorting.facets or {}), made_at=at
    )
    return add_language(article, language, draft, at=at, by=by, key=key)


@transaction.atomic
def add_language(
    article: Article, language: str, draft: Draft, *, at: datetime, by: Agent, key: str = ""
) -> ArticleText:
    """Begins the article in another language and returns that text, a draft. Raises Refused."""
    if language not in LANGUAGES:
        raise Refused("language")
    if article.texts.filter(language=language).exists():
        raise Refused("language there")
    text = ArticleText.objects.create(
        desk_id=article.desk_id,
        article=article,
        language=language,
        author=by,
        key=key,
        changed_at=at,
    )
    _add_version(text, draft, at=at, by=by)
    return text


@transaction.atomic
def save_draft(
    text: ArticleText, draft: Draft, *, base: int, at: datetime, by: Agent
) -> ArticleVersion:
    """Saves a new version and returns it; the same words again save nothing.

    `base` is the number of the version the writer began from. Raises EditedMeanwhile when there is
    a newer one, and Refused. What waited for review waits no longer: its author proposes the new
    one.
    """
    latest = _held(text).latest
    if latest and latest.number != base and not _same(latest, draft):
        raise EditedMeanwhile(latest)
    if latest and _same(latest, draft):
        return latest
    return _add_version(text, draft, at=at, by=by)


def restore(
    text: ArticleText, number: int, *, base: int, at: datetime, by: Agent
) -> ArticleVersion:
    """Makes an earlier version the newest again, as a draft; what came after stays in the
    history.
    """
    old = text.versions.filter(number=number).first()
    if old is None:
        raise Refused("no such version")
    with transaction.atomic():
        made = save_draft(text, Draft(old.title, old.body, old.keywords), base=base, at=at, by=by)
        _note(text, made, "restored", at=at, by=by, words=str(number))
    return made


@transaction.atomic
def sort_article(article: Article, sorting: Sorting, *, by: Agent) -> None:
    """Says who may read an article, in every language, and what it is sorted as.

    Raises Refused, also when more people than before would read what is published: nobody decides
    that alone.
    """
    _refuse_sorting(sorting, by)
    _refuse_wider(article, sorting)
    Article.objects.filter(pk=article.pk).update(
        audience=sorting.audience, facets=dict(sorting.facets or {})
    )


@transaction.atomic
def propose(text: ArticleText, *, at: datetime, by: Agent) -> None:
    """Asks another person to read the newest version. Raises Refused when it is published as
    it is.
    """
    held = _held(text)
    if held.latest_id == held.published_id:
        raise Refused("nothing new")
    if held.proposed_id != held.latest_id:
        ArticleText.objects.filter(pk=text.pk).update(proposed=held.latest, changed_at=at)
        _note(text, held.latest, "proposed", at=at, by=by)


@transaction.atomic
def send_back(text: ArticleText, number: int, words: str, *, at: datetime, by: Agent) -> None:
    """Gives a proposed version back to its author with what is missing. Raises Refused."""
    proposed = _under_review(_held(text), number)
    if not words.strip():
        raise Refused("no reason")
    ArticleText.objects.filter(pk=text.pk).update(proposed=None, changed_at=at)
    _note(text, proposed, "sent back", at=at, by=by, words=words.strip()[:1000])


@transaction.atomic
def publish(text: ArticleText, number: int, *, slug: str = "", at: datetime, by: Agent) -> str:
    """Publishes the proposed version the reviewer read and returns its address. Raises Refused.

    It is another person than its writer; of two reviewers at once the second is told what the first
    did.
    """
    held = _held(text)
    proposed = _under_review(held, number)
    if by.pk == proposed.written_by_id:
        raise Refused("own article")
    return _show(held, proposed, slug, at=at, by=by)


@transaction.atomic
def publish_as_it_came(text: ArticleText, *, at: datetime, by: Agent) -> str:
    """Publishes the newest version of a text that people read in another system, where somebody
    decided that they should; returns its address.
    """
    held = _held(text)
    assert held.latest
    return _show(held, held.latest, "", at=at, by=by)


@transaction.atomic
def rename(text: ArticleText, slug: str, *, at: datetime, by: Agent) -> str:
    """Gives a published text another address and returns it; the old one leads there. Raises
    Refused.
    """
    held = _held(text)
    if held.published is None:
        raise Refused("not published: no address")
    given = give_slug(held, held.published.title, wanted=slug)
    if given != held.slug:
        ArticleText.objects.filter(pk=text.pk).update(slug=given, changed_at=at)
        _note(text, held.published, "renamed", at=at, by=by, words=given)
    return given


@transaction.atomic
def unpublish(text: ArticleText, *, at: datetime, by: Agent) -> None:
    """Takes a text from the readers; its address is kept for it. Raises Refused when nobody reads
    it anyway.
    """
    held = _held(text)
    if held.published is None:
        raise Refused("not published")
    ArticleText.objects.filter(pk=text.pk).update(published=None, search=None, changed_at=at)
    _note(text, held.published, "withdrawn", at=at, by=by)


def _held(text: ArticleText) -> ArticleText:
    """Returns the text as it is now, locked until the transaction ends.

    Read once the lock is held: a join made while waiting for it would miss the version the other
    one wrote.
    """
    ArticleText.objects.select_for_update().filter(pk=text.pk).values_list("pk").get()
    return ArticleText.objects.select_related(
        "latest", "proposed__written_by__user", "published", "desk"
    ).get(pk=text.pk)


def _show(held: ArticleText, version: ArticleVersion, slug: str, *, at: datetime, by: Agent) -> str:
    given = give_slug(held, version.title, wanted=slug)
    renamed = bool(held.slug) and given != held.slug
    ArticleText.objects.filter(pk=held.pk).update(
        published=version, proposed=None, slug=given, changed_at=at
    )
    index(held.pk, held.language, version)
    Gap.objects.filter(text=held, settled_at=None).update(settled_at=at)
    _note(held, version, "published", at=at, by=by, words=given if renamed else "")
    return given


def _under_review(held: ArticleText, number: int) -> ArticleVersion:
    if held.proposed and held.proposed.number == number:
        return held.proposed
    last = (
        held.acts.exclude(kind__in=("renamed", "restored"))
        .select_related("by__user", "version")
        .order_by("-pk")
    )
    act = last.first()
    if (
        act
        and act.kind in ("published", "sent back")
        and act.version
        and act.version.number == number
    ):
        raise Refused(f"reviewed already: {act.kind}", who=str(act.by))
    raise Refused("not proposed")


def _add_version(text: ArticleText, draft: Draft, *, at: datetime, by: Agent) -> ArticleVersion:
    _refuse_draft(draft)
    last = text.versions.order_by("-number").values_list("number", flat=True).first() or 0
    version = ArticleVersion.objects.create(
        text=text,
        number=last + 1,
        title=_line(draft.title),
        body=_whole(draft.body),
        keywords=_line(draft.keywords),
        written_by=by,
        at=at,
    )
    ArticleText.objects.filter(pk=text.pk).update(latest=version, proposed=None, changed_at=at)
    text.latest, text.proposed = version, None
    return version


def _refuse_draft(draft: Draft) -> None:
    if not _line(draft.title):
        raise Refused("no title: article")
    if not draft.body.strip():
        raise Refused("no body")
    if len(_line(draft.title)) > LONGEST_TITLE:
        raise Refused("long title", most=LONGEST_TITLE)
    if len(_line(draft.keywords)) > LONGEST_KEYWORDS:
        raise Refused("long keywords", most=LONGEST_KEYWORDS)
    if len(draft.body) > LONGEST_BODY:
        raise Refused("long body", length=f"{len(draft.body):,}", most=f"{LONGEST_BODY:,}")


def _refuse_sorting(sorting: Sorting, by: Agent) -> None:
    if sorting.audience not in Article.Audience:
        raise Refused("audience")
    facets = desk_in_force(by.desk).facets
    for key, value in (sorting.facets or {}).items():
        if key not in facets or value not in facets[key].values:
            raise Refused("facet", facet=short(key), value=short(value))


def _refuse_wider(article: Article, sorting: Sorting) -> None:
    now = Article.objects.select_for_update(no_key=True).get(pk=article.pk).audience
    if _WIDTH.index(sorting.audience) <= _WIDTH.index(now):
        return
    if ArticleText.objects.filter(article=article, published__isnull=False).exists():
        raise Refused("wider audience")


def _same(version: ArticleVersion, draft: Draft) -> bool:
    typed = (_line(draft.title), _whole(draft.body), _line(draft.keywords))
    return (version.title, version.body, version.keywords) == typed


def _line(text: str) -> str:
    return " ".join(text.replace("\x00", "").split())


def _whole(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\x00", "").strip()


def _note(
    text: ArticleText,
    version: ArticleVersion | None,
    kind: str,
    *,
    at: datetime,
    by: Agent,
    words: str = "",
) -> None:
    ArticleAct.objects.create(text=text, version=version, kind=kind, words=words, by=by, at=at)
