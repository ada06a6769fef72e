"""A desk that writes articles: Asha writes, Bala reads and publishes."""

import pytest

from tests import article_factory
from tests.people_factory import MONDAY, make_contact
from tests.sparkrock_cast import asha, bala, desk

__all__ = ["asha", "bala", "desk"]


@pytest.fixture
def chitra(desk):
    return make_contact(desk)


@pytest.fixture
def at():
    return MONDAY


@pytest.fixture
def draft(asha):
    """Begin an article by Asha, not published."""
    return lambda *given, **more: article_factory.write(asha, *given, **more)


@pytest.fixture
def release(asha, bala):
    """Have Bala publish a text of Asha's; return it as it is then."""
    return lambda text, slug="": article_factory.release(text, asha, bala, slug=slug)


@pytest.fixture
def article(draft, release):
    """Publish an article."""
    return lambda *given, **more: release(draft(*given, **more))


@pytest.fixture
def translation(asha, bala):
    """Publish an article in another language."""
    return lambda text, language, title, *more: article_factory.translate(
        text, asha, bala, language, title, *more
    )
