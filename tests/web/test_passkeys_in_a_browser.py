"""Passkeys in a real browser with a device of its own, and the pages of the account on a narrow
screen.
"""

import time

import pytest
from django.conf import settings
from django.test import Client

from deskbook.people.session_models import Session
from deskbook.people.sessions import SessionStore
from deskbook.web.signing_in import PROVED_AT
from tests.conftest import web_server
from tests.people_factory import make_agent, make_desk

BACKEND = "django.contrib.auth.backends.ModelBackend"
ADDED = "/account/2fa/webauthn/add/"


@pytest.fixture
def passkey_desk(django_db_setup, transactional_db):
    """A desk that is called by a name: browsers keep no passkeys for numbers (WebAuthn, 5.1.3)."""
    with web_server("localhost", DESKBOOK_SITE_URL="http://localhost:{port}") as address:
        yield address


@pytest.fixture
def window(chromium, passkey_desk):
    """A window with a device that answers at once with a fingerprint."""
    context = chromium.new_context(base_url=passkey_desk, viewport={"width": 360, "height": 780})
    page = context.new_page()
    device = context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    device.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    yield page
    context.close()


def enter(page, user):
    """Sign in, having proved a moment ago who one is."""
    client = Client()
    client.force_login(user, BACKEND)
    store = SessionStore(Session.objects.get(user=user).session_key)
    store[PROVED_AT] = time.time()
    store.save()
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies(
        [{"name": name, "value": client.cookies[name].value, "domain": "localhost", "path": "/"}]
    )


def test_a_passkey_signs_in_instead_of_a_mailed_code_and_the_pages_fit_a_narrow_screen(window):
    asha = make_agent(make_desk("sparkrock"))
    enter(window, asha.user)
    for path in (
        "security/",
        "security/prove/",
        "2fa/totp/activate/",
        "2fa/webauthn/add/",
        "2fa/recovery-codes/new/",
    ):
        window.goto(f"/account/{path}")
        assert window.evaluate("document.documentElement.scrollWidth") <= 360, path
    window.goto(ADDED)
    window.fill("[name=name]", "Her telephone")
    window.click("#passkey")
    window.wait_for_url("**/account/2fa/recovery-codes/")
    window.goto("/account/security/")
    assert "Her telephone" in window.content()
    window.click("text=Sign out everywhere")
    window.wait_for_url("**/account/login/")
    window.click("#passkey")
    window.wait_for_url("**/console/")
    assert "Asha" in window.content()
