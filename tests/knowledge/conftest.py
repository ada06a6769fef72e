"""A desk that writes articles: Asha writes, Bala reads and publishes."""

from datetime import timedelta

import pytest

from deskbook.knowledge.models import ArticleText
from deskbook.knowledge.writing import Draft, Sorting, add_language, begin_article, propose, publish
from tests.people_factory import MONDAY, make_agent, make_contact, make_desk


@pytest.fixture
def desk(db):
    return make_desk("sparkrock")


@pytest.fixture
def asha(desk):
    return make_agent(desk, "Asha")


@pytest.fixture
def bala(desk):
    return make_agent(desk, "Bala", role="lead")


@pytest.fixture
def chitra(desk):
    return make_contact(desk)


@pytest.fixture
def at():
    return MONDAY


@pytest.fixture
def draft(asha, at):
    """Begin an article by Asha, not published."""

    def begun(title="Print the payroll report", body="Choose *Reports*.", keywords="", language="en", **sorting):
        return begin_article(language, Draft(title, body, keywords), Sorting(**sorting), at=at, by=asha)

    return begun


@pytest.fixture
def release(asha, bala, at):
    """Have Asha propose a text and Bala publish it; return it as it is then."""

    def released(text, slug=""):
        propose(text, at=at, by=asha)
        publish(text, text.latest.number, slug=slug, at=at + timedelta(hours=1), by=bala)
        return ArticleText.objects.select_related("published", "latest", "article").get(pk=text.pk)

    return released


@pytest.fixture
def article(draft, release):
    """Publish an article."""
    return lambda *given, **more: release(draft(*given, **more))


@pytest.fixture
def translation(asha, release, at):
    """Publish an article in another language."""

    def translated(text, language, title, body="…", keywords=""):
        return release(add_language(text.article, language, Draft(title, body, keywords), at=at, by=asha))

    return translated
