"""Articles: found by words, and read as they are published."""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router, Schema

from deskbook.knowledge.models import Article, ArticleText
from deskbook.knowledge.search import find
from deskbook.people.access import NoAccess
from deskbook.web.api.entering import Scope, agent_in
from deskbook.web.api.shapes import refuse_nul

router = Router(tags=["articles"])
MOST = 25


class ArticleLine(Schema):
    id: int
    """Of the text in this language."""
    title: str
    language: str
    audience: str
    """public, requesters, agents."""


class ArticleWhole(ArticleLine):
    body: str
    """Markdown."""
    keywords: str
    slug: str
    facets: dict[str, str]


@router.get("/articles", auth=Scope("read"), response=list[ArticleLine])
def find_articles(
    request: HttpRequest,
    q: Annotated[str, Query(min_length=1, max_length=200)],
    language: Annotated[str, Query(pattern="^[a-z]{0,8}$")] = "",
) -> list[ArticleLine]:
    """Up to 25 published articles that fit the words, the best first."""
    refuse_nul(q)
    agent, everybody = agent_in(request), Article.Audience.values
    hits = find(agent.desk_id, q, language=language, audiences=everybody, most=MOST)
    return [ArticleLine(**_line(hit.text)) for hit in hits]


@router.get("/articles/{int:article}", auth=Scope("read"), response=ArticleWhole)
def read_article(request: HttpRequest, article: int) -> ArticleWhole:
    """One text of an article, as it is published."""
    texts = ArticleText.objects.select_related("article", "published")
    published = texts.filter(desk=agent_in(request).desk_id, published__isnull=False)
    found = published.filter(pk=article).first() if article < 2**63 else None
    if found is None or found.published is None:
        raise NoAccess("no such article")
    return ArticleWhole(
        **_line(found),
        body=found.published.body,
        keywords=found.published.keywords,
        slug=found.slug,
        facets={str(facet): str(value) for facet, value in found.article.facets.items()},
    )


def _line(text: ArticleText) -> dict[str, Any]:
    title = text.published.title if text.published else str(text)
    return {
        "id": text.pk,
        "title": title,
        "language": text.language,
        "audience": text.article.audience,
    }
