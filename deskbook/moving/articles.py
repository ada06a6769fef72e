"""Articles of another system as articles here, each language once, however often an export comes.

What people read there they read here at once: somebody decided there that they should. What was a
draft is one here.
"""

from datetime import datetime

from django.conf import settings
from django.db import DataError, IntegrityError, transaction

from deskbook.knowledge.models import Article as Kept
from deskbook.knowledge.models import ArticleText
from deskbook.knowledge.writing import (
    LANGUAGES,
    LONGEST_KEYWORDS,
    Draft,
    Sorting,
    add_language,
    begin_article,
    publish_as_it_came,
)
from deskbook.moving.as_markdown import as_markdown
from deskbook.moving.models import ArticleCameFrom, Move, NotMoved
from deskbook.moving.nouns import Article
from deskbook.moving.shelf import MOST_LEFT_OUT, Shelf
from deskbook.moving.values import Unread
from deskbook.people.books import usual_language
from deskbook.people.models import Agent
from deskbook.refusals.kept import kept
from deskbook.refusals.refusal import Refused

NOT_KEPT = (DataError, IntegrityError, ValueError)
"""What one ticket or article may do that the others need not suffer for."""


def bring_articles(move: Move, shelf: Shelf, *, at: datetime) -> None:
    """Writes those articles of an export that have not come before, and notes why others do not
    come.
    """
    for place, article in shelf.articles():
        what = article.title[:MOST_LEFT_OUT]
        try:
            move.articles += _bring(move, article, at)
        except Refused as wrong:
            NotMoved.objects.create(
                move=move, place=place[:400], why=kept(wrong.refusal), what=what
            )
        except NOT_KEPT as wrong:
            why = kept("moving: article not kept", why=str(wrong)[:300])
            NotMoved.objects.create(move=move, place=place[:400], why=why, what=what)
    move.save(update_fields=["articles"])


@transaction.atomic
def _bring(move: Move, article: Article, at: datetime) -> int:
    """Returns how many texts were written: one, or none where it came before."""
    language = _language(move, article)
    before = ArticleCameFrom.objects.filter(
        desk=move.desk, source=move.source, number=article.number[:100]
    ).select_related("article")
    came = before.first()
    if came and came.article.texts.filter(language=language).exists():
        return 0
    text = _written(came.article if came else None, article, language, _author(move), at)
    if came is None:
        ArticleCameFrom.objects.create(
            article=text.article, desk=move.desk, source=move.source, number=article.number[:100]
        )
    if article.is_published:
        publish_as_it_came(text, at=at, by=text.author)
    return 1


def _written(
    there: Kept | None, article: Article, language: str, by: Agent, at: datetime
) -> ArticleText:
    body = article.markdown or as_markdown(article.html)
    words = ", ".join(dict.fromkeys(word.strip() for word in article.keywords if word.strip()))
    draft = Draft(article.title, body, words[:LONGEST_KEYWORDS])
    if there:
        return add_language(there, language, draft, at=at, by=by)
    return begin_article(language, draft, Sorting(article.readers), at=at, by=by)


def _language(move: Move, article: Article) -> str:
    said = article.language.replace("_", "-").partition("-")[0].lower()
    language = said or usual_language(move.desk)
    if language not in LANGUAGES:
        known = tuple(str(name) for _code, name in settings.LANGUAGES)
        raise Unread("moving: article language", language=article.language[:20], known=known)
    return language


def _author(move: Move) -> Agent:
    """Returns whom readers' reasons go to: who brings it, else an owner of the desk."""
    owners = Agent.objects.filter(desk=move.desk, role=Agent.Role.OWNER, is_active=True)
    author = move.by or owners.order_by("pk").first()
    if author is None:
        raise Unread("moving: no author")
    return author
