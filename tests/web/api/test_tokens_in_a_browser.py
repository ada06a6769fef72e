"""The screens of tokens, on a phone and on a desk, in light and dark."""

import time
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from deskbook.people.session_models import Session
from deskbook.people.sessions import SessionStore
from deskbook.people.tokens import SCOPES, Told, make_token
from deskbook.web.signing_in import PROVED_AT
from tests.people_factory import make_agent, make_desk
from tests.screens import everybody_can_use, press_once_seen

pytestmark = pytest.mark.browser
TOKENS = "/console/connections/tokens/"


@pytest.fixture
def asha(live_desk):
    return make_agent(make_desk("spark"), "Asha")


def proved(agent):
    """Have proved a moment ago that it is them, as who signs in by a code has."""
    held = SessionStore(Session.objects.get(user=agent.user).session_key)
    held[PROVED_AT] = time.time()
    held.save()


def test_an_agent_makes_a_token_and_ends_it_and_nothing_is_cut_off(page, sign_in, asha):
    told = Told("Nightly export to the data warehouse", SCOPES, timedelta(days=90))
    now = timezone.now()
    make_token(asha, told, at=now, by=asha)
    make_token(asha, Told("Old one", ["read"], timedelta(days=30)), at=now - timedelta(40), by=asha)
    sign_in(page, asha.user)
    proved(asha)
    page.goto("/console/")
    press_once_seen(page, "g", "l")
    page.get_by_role("link", name="API tokens").click()
    expect(page.get_by_text("expired")).to_be_visible()
    everybody_can_use(page, TOKENS)
    page.get_by_role("link", name="Make a token").click()
    everybody_can_use(page, f"{TOKENS}new")
    page.get_by_role("button", name="Make a token").click()
    expect(page.get_by_text("Give it a name.")).to_be_visible()
    page.get_by_label("Name").fill("Wall clock")
    page.get_by_label("Reports").check()
    page.get_by_role("button", name="Make a token").click()
    expect(page.locator("#secret")).to_contain_text("dbk_")
    everybody_can_use(page, f"{TOKENS} shown once")
    page.get_by_role("link", name="To the tokens", exact=True).click()
    page.get_by_role("button", name="End Old one").click()
    expect(page.get_by_text("The token opens nothing any more.")).to_be_visible()
    expect(page.get_by_role("heading", name="Old one")).to_have_count(0)
