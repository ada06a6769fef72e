"""A demo: the desk of the other tests, with what the demo's settings change."""

import pytest

from deskbook.demo import settings as of_the_demo

CHANGED = (
    "TEMPLATES",
    "ROOT_URLCONF",
    "EMAIL_BACKEND",
    "DESKBOOK_MAIL_BACKEND",
    "DESKBOOK_OUTWARD",
    "DESKBOOK_WHATSAPP_URL",
)


@pytest.fixture
def demo(settings):
    for name in CHANGED:
        setattr(settings, name, getattr(of_the_demo, name))
