"""Who may read which article, in which language they get it, and the list they choose from."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from deskbook.engine.desk import Desk
from deskbook.knowledge.models import Article, ArticleImage, ArticleSlug, ArticleText
from deskbook.people.access import agents_of, contacts_of
from deskbook.people.models import Contact, HelpDesk, User

CATEGORY = "category"
"""The facet of the book that articles are listed by."""
MOST = 3_000
"""Texts looked at for one list; a reader of more searches."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody looking for an article: whose desk, which audiences they belong to, which language
    they read.
    """

    desk: HelpDesk
    audiences: tuple[str, ...]
    language: str


@dataclass(frozen=True, slots=True)
class Shelf:
    """The articles of one category, each in the reader's language or in one it is there in."""

    key: str
    title: str
    texts: tuple[ArticleText, ...]


def reader_of(user: User | None, desk: HelpDesk, language: str) -> Reader:
    """Returns what the user may read at the desk; nobody signed in reads what is public."""
    audiences = [Article.Audience.PUBLIC.value]
    if user is not None:
        works_here = agents_of(user).filter(desk=desk).exists()
        if works_here or contacts_of(user).filter(desk=desk).exists():
            audiences.append(Article.Audience.REQUESTERS.value)
        if works_here:
            audiences.append(Article.Audience.AGENTS.value)
    return Reader(desk, tuple(audiences), language)


def reader_for(contact: Contact) -> Reader:
    """Returns what a contact may read, in their language: for what is sent to them."""
    audiences = (Article.Audience.PUBLIC.value, Article.Audience.REQUESTERS.value)
    return Reader(contact.desk, audiences, contact.language)


def readable(reader: Reader) -> QuerySet[ArticleText]:
    """Returns the published texts the reader may see."""
    texts = ArticleText.objects.filter(desk=reader.desk, article__audience__in=reader.audiences)
    return texts.exclude(published=None).select_related("published", "article").defer("search")


def text_at(desk: HelpDesk, slug: str) -> ArticleText | None:
    """Returns the text that has or had the address, published or not; whether somebody may read it
    is not asked.
    """
    row = (
        ArticleSlug.objects.select_related("text__published", "text__article")
        .filter(desk=desk, slug=slug)
        .first()
    )
    return row.text if row else None


def other_languages(text: ArticleText) -> list[ArticleText]:
    """Returns the published texts of the same article in other languages."""
    texts = (
        ArticleText.objects.filter(article=text.article_id)
        .exclude(pk=text.pk)
        .exclude(published=None)
    )
    return list(texts.select_related("published").defer("search").order_by("language"))


def shelves(reader: Reader, desk: Desk, *, category: str = "") -> list[Shelf]:
    """Returns the readable articles by the book's categories, in its order; those of no category
    come last.
    """
    texts = readable(reader).defer("search", "published__body").order_by("published__title", "pk")
    if category:
        texts = texts.filter(article__facets__category=category)
    by_category: dict[str, list[ArticleText]] = {}
    for text in each_once(list(texts[:MOST]), reader.language):
        by_category.setdefault(str(text.article.facets.get(CATEGORY, "")), []).append(text)
    facet = desk.facets.get(CATEGORY)
    titles = dict(facet.values) if facet else {}
    keys = [
        *(key for key in titles if key in by_category),
        *(key for key in by_category if key not in titles),
    ]
    return [Shelf(key, titles.get(key, ""), tuple(by_category[key])) for key in keys]


def each_once(texts: Sequence[ArticleText], language: str) -> list[ArticleText]:
    """Returns one text of each article: in the language, else in English, else the first there is;
    order is kept.
    """
    best: dict[int, ArticleText] = {}
    for text in texts:
        before = best.get(text.article_id)
        if before is None or _nearness(text, language) > _nearness(before, language):
            best[text.article_id] = text
    return [text for text in texts if best[text.article_id] is text]


def image_for(reader: Reader, sha256: str) -> ArticleImage | None:
    """Returns a picture of an article the reader may see; agents see those of drafts too."""
    images = ArticleImage.objects.filter(article__desk=reader.desk, blob=sha256).select_related(
        "blob", "article"
    )
    if Article.Audience.AGENTS not in reader.audiences:
        images = images.filter(article__in=readable(reader).values("article"))
    return images.first()


def _nearness(text: ArticleText, language: str) -> int:
    return 2 if text.language == language else 1 if text.language == "en" else 0
