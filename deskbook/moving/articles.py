"""Articles of another system as articles here, each language once, however often an export comes.

What people read there they read here at once: somebody decided there that they should. What was a
draft is one here.
"""

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.db import DataError, IntegrityError, transaction

from deskbook.knowledge.images import add_image
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
from deskbook.moving.models import ArticleCameFrom, Move, NotMoved
from deskbook.moving.nouns import Article
from deskbook.moving.parts import Parts
from deskbook.moving.pictures import with_pictures
from deskbook.moving.shelf import MOST_LEFT_OUT, Shelf
from deskbook.moving.values import Unread
from deskbook.people.books import usual_language
from deskbook.people.models import Agent
from deskbook.refusals.kept import kept
from deskbook.refusals.refusal import Refusal, Refused

NOT_KEPT = (DataError, IntegrityError, ValueError)
"""What one ticket or article may do that the others need not suffer for."""
_EACH = 10
"""Articles, after which it is said how far it is."""


def bring_articles(
    move: Move, export: tuple[Parts, Shelf], told: Callable[[str, int, int], None], *, at: datetime
) -> None:
    """Writes those articles of an export that have not come before, and notes why others, and files
    of them, do not come.
    """
    parts, shelf = export
    of = shelf.counts()["articles"]
    for done, (place, article) in enumerate(shelf.articles(), 1):
        try:
            with transaction.atomic():
                move.articles += _bring(move, article, (parts, place), at)
        except Refused as wrong:
            _leave_out(move, place, wrong.refusal, article.title)
        except NOT_KEPT as wrong:
            why = Refusal("moving: article not kept", why=str(wrong)[:300])
            _leave_out(move, place, why, article.title)
        if done % _EACH == 0 or done == of:
            move.save(update_fields=["articles"])
            told("articles", done, of)


def _leave_out(move: Move, place: str, why: Refusal, what: str) -> None:
    what = what[:MOST_LEFT_OUT]
    NotMoved.objects.create(move=move, place=place[:400], why=kept(why), what=what)


def _bring(move: Move, article: Article, lies: tuple[Parts, str], at: datetime) -> int:
    """Returns how many texts were written: one, or none where it came before."""
    language = _language(move, article)
    before = ArticleCameFrom.objects.filter(
        desk=move.desk, source=move.source, number=article.number[:100]
    ).select_related("article")
    came = before.first()
    if came and came.article.texts.filter(language=language).exists():
        return 0
    body, pictures = with_pictures(article, move.desk, lies[0])
    text = _written(came.article if came else None, article, body, (language, _author(move)), at)
    for picture in pictures.kept:
        add_image(text.article, picture.data, picture.name)
    for why, what in pictures.left_out:
        _leave_out(move, f"{lies[1]}, “{article.title[:80]}”", why, what)
    if came is None:
        ArticleCameFrom.objects.create(
            article=text.article, desk=move.desk, source=move.source, number=article.number[:100]
        )
    if article.is_published:
        publish_as_it_came(text, at=at, by=text.author)
    return 1


def _written(
    there: Kept | None, article: Article, body: str, of: tuple[str, Agent], at: datetime
) -> ArticleText:
    language, by = of
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
