"""The link `deskbook invite` prints: it signs in once, and no server hears its code but by the
button.
"""

import re

import pytest
from playwright.sync_api import expect

from deskbook.people.account_models import SignInCode
from deskbook.people.agents import invite_agent
from deskbook.server.accounts import _link
from tests.people_factory import make_desk


@pytest.fixture
def link(page, live_desk):
    asha = invite_agent(make_desk(), "asha@customer.example", role="owner")
    said = _link(asha)
    return live_desk + re.search(r"https?://[^/]+(/first/#[0-9A-Z-]+)$", said.strip())[1]


def test_the_link_signs_in_once_and_for_its_desk_alone(page, link):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(link)
    expect(page.get_by_label("Code")).to_have_value(link.rpartition("#")[2])
    page.set_viewport_size({"width": 360, "height": 740})
    # All of it is read.
    assert page.get_by_label("Code").evaluate("field => field.scrollWidth <= field.clientWidth")
    assert page.url.endswith("/first/")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/console/**")
    assert not any(link.rpartition("#")[2] in url for url in asked)
    page.goto("/account/security/")
    # It says nothing of the mailbox.
    expect(page.get_by_role("heading", name="Is it you?")).to_be_visible()
    page.context.clear_cookies()
    page.goto(link)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("This code does not work.")).to_be_visible()


def test_a_link_that_was_only_looked_at_is_still_good_and_one_of_yesterday_is_not(page, link):
    page.goto(link)
    assert SignInCode.objects.get().used_at is None
    kept = SignInCode.objects.get()
    assert (kept.expires_at - kept.made_at).days == 1
    SignInCode.objects.update(expires_at=kept.made_at)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("This code does not work.")).to_be_visible()
