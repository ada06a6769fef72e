"""Where an article is read."""

from django.urls import reverse

from deskbook.knowledge.models import ArticleText


def address_of(text: ArticleText) -> str:
    """Returns the path of a published text."""
    return reverse("article", args=[text.article.desk.key, text.slug])
