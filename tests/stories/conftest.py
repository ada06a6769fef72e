"""One running desk for all stories told at screens: each begins with it empty and finds nothing of
another's.
"""

import pytest

from tests.stories.people_at_screens import told_on
from tests.stories.running_desk import desk_without_book
from tests.whatsapp_service import running_service


@pytest.fixture(scope="package")
def service():
    """WhatsApp as the running desk reaches it."""
    with running_service() as running:
        yield running


@pytest.fixture(scope="package")
def installation(service):
    """A desk as it is after `make run`, without a book; it starts once for all who tell a story on
    it.

    It ends with the stories: a desk works all the time, a twentieth of a processor, also when
    nobody looks at it.
    """
    settings = {"DESKBOOK_PRIVATE_HOSTS": "127.0.0.1", "DESKBOOK_WHATSAPP_URL": service.url}
    with desk_without_book(settings) as desk:
        yield desk


@pytest.fixture(scope="package")
def story(installation, chromium):
    """Return a function that opens a story: `with story(key, book, *invited) as (desk,
    at_window)`.
    """
    return lambda key, book, *invited: told_on(installation, chromium, key, book, *invited)
