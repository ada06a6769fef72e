"""Articles of the tests, written by one and published by another, through the product's own
verbs.
"""

from deskbook.knowledge.models import ArticleText
from deskbook.knowledge.writing import Draft, Sorting, add_language, begin_article, propose, publish
from tests.people_factory import MONDAY


def write(
    by,
    title="Print the payroll report",
    body="Choose *Reports*.",
    keywords="",
    language="en",
    **sorting,
):
    """Begin an article, not published."""
    return begin_article(
        language, Draft(title, body, keywords), Sorting(**sorting), at=MONDAY, by=by
    )


def release(text, by, reviewer, *, slug=""):
    """Have the newest version published by another; return the text as it is then."""
    propose(text, at=MONDAY, by=by)
    publish(text, text.latest.number, slug=slug, at=MONDAY, by=reviewer)
    return ArticleText.objects.select_related("published", "latest", "article__desk").get(
        pk=text.pk
    )


def translate(text, by, reviewer, language, title, body="…"):
    """Publish an article in another language."""
    return release(
        add_language(text.article, language, Draft(title, body), at=MONDAY, by=by), by, reviewer
    )
