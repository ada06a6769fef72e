"""A new contact in a real browser: from a search that finds nobody, and who is known already."""

import pytest
from playwright.sync_api import expect

from deskbook.people.models import Contact
from tests.screens import everybody_can_use

pytestmark = pytest.mark.browser


def test_from_a_search_in_vain_to_a_contact_and_who_is_known_is_said_while_typing(
    live_desk, page, sign_in, asha, chitra
):
    sign_in(page, asha.user)
    page.goto("/console/contacts/?q=gita%40north.example")
    page.get_by_role("link", name="New contact with this address").click()
    expect(page.get_by_label("Mail address")).to_have_value("gita@north.example")
    page.get_by_label("Name", exact=True).fill("Chit")
    told = page.locator("#known")
    expect(told.get_by_role("link", name="Chitra")).to_be_visible()
    everybody_can_use(page, "a new contact, one like it known")
    page.get_by_label("Name", exact=True).fill("Gita")
    expect(told.get_by_role("link", name="Chitra")).to_have_count(0)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name="Gita", exact=True)).to_be_visible()
    assert Contact.objects.get(name="Gita").identities.get().identifier == "gita@north.example"


def test_the_palette_has_somebody_new(live_desk, page, sign_in, bala):
    sign_in(page, bala.user)
    page.goto("/console/")
    page.keyboard.press("Control+k")
    page.keyboard.type("invite")
    expect(page.locator("#palette [role=option]").first).to_contain_text("Invite someone")
    page.keyboard.press("Enter")
    page.wait_for_url("**/console/people/agents/new")
